import type { Screen } from './figures.ts';
import { openMetered } from './meter.ts';

/** A record with many children: the page, then the tab of its children. */
export const manyChildren: Screen = async ({ browser, address, seat, data }) => {
  const metered = await openMetered(browser, address, seat);
  try {
    const { page } = metered;
    await page.goto('/');
    await page.getByRole('menubar').waitFor();
    await page.waitForTimeout(500);
    await page.goto(`/e/customer/${data.parent}`);
    const tab = page.getByRole('tab', { name: '联系人', exact: true });
    await tab.waitFor();
    await page.waitForTimeout(500);
    const record = await metered.read();
    const rows = page.getByRole('row');
    await tab.click();
    await rows
      .filter({ hasText: /联系人0/ })
      .first()
      .waitFor();
    const opened = await metered.since(record);
    const screen = 'record with many children';
    return [
      { screen, figure: 'CPU of the page, from nothing', unit: 'ms', value: record.cpu },
      { screen, figure: 'CPU of the tab of children', unit: 'ms', value: opened.cpu },
      { screen, figure: 'rows of children in the page', unit: '', value: await rows.count() },
      { screen, figure: 'DOM nodes', unit: '', value: opened.nodes },
    ];
  } finally {
    await metered.close();
  }
};
