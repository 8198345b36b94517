import { openMenu, press } from '../e2e/harness/window.ts';
import type { Screen } from './figures.ts';
import { openMetered } from './meter.ts';

/** Budget of DESIGN §11. */
const READY_MS = 500;

/** The form of a new customer, opened from the menu of a window that stands open, twice; fields on its first tab. */
export const wideForm: Screen = async ({ browser, address, seat }) => {
  const metered = await openMetered(browser, address, seat);
  try {
    const { page } = metered;
    await page.goto('/');
    await page.getByRole('menubar').waitFor();
    await page.waitForTimeout(500);
    const costs: number[] = [];
    for (let time = 0; time < 2; time += 1) {
      const before = await metered.read();
      if (time === 0) await openMenu(page, '客户档案', '客户库', '新建企业客户');
      else await press(page, '新加');
      await page.locator('[data-field] input:focus').waitFor();
      costs.push((await metered.since(before)).cpu);
      await page.waitForTimeout(300);
    }
    const screen = 'form of a customer';
    const { nodes } = await metered.read();
    const fields = await page.locator('[data-field]').count();
    return [
      {
        screen,
        figure: 'CPU until ready, first time',
        unit: 'ms',
        value: costs[0] ?? Number.NaN,
        budget: READY_MS,
      },
      {
        screen,
        figure: 'CPU until ready, again',
        unit: 'ms',
        value: costs[1] ?? Number.NaN,
        budget: READY_MS,
      },
      { screen, figure: 'fields on its first tab', unit: '', value: fields },
      { screen, figure: 'DOM nodes', unit: '', value: nodes },
    ];
  } finally {
    await metered.close();
  }
};
