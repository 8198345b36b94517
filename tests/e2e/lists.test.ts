import type { Page } from 'playwright-core';
import { beforeAll, expect, it } from 'vitest';
import { browserSuite } from './harness/suite.ts';
import { soon } from './harness/window.ts';

const ROWS = 350;

browserSuite('a long list', (stage) => {
  beforeAll(async () => {
    const { id: customer } = await stage.api().create('customer', {
      name: '长单酒业',
      customer_type: ['potential'],
    });
    const made = await stage.api().send('POST', 'records/product/bulk', {
      operation: 'create',
      items: Array.from({ length: ROWS }, (_, n) => ({
        customer,
        name: `长单${String(n + 1).padStart(4, '0')}`,
      })),
    });
    if (made.status !== 200) throw new Error(JSON.stringify(made.body));
  });

  const open = async (): Promise<Page> => {
    const { page } = await stage.seat(stage.administrator, { locale: 'zh-CN' }, '/e/product');
    await page.getByRole('gridcell', { name: /长单/ }).first().waitFor();
    return page;
  };
  const scrolled = (page: Page): Promise<number> => page.getByRole('grid').evaluate((grid) => grid.scrollTop);
  const names = (page: Page): Promise<readonly string[]> =>
    page.getByRole('grid').locator('[aria-colindex="2"][role=gridcell]').allInnerTexts();

  it('UI-10 stands where it stood when one comes back to it, and after a reload, with what was asked', async () => {
    const page = await open();
    await page.getByRole('searchbox').fill('长单01');
    await soon(() => page.getByRole('grid').getAttribute('aria-rowcount')).toBe('101');
    await page.getByRole('grid').evaluate((grid) => grid.scrollTo(0, 2000));
    await page.getByRole('gridcell', { name: '长单0165', exact: true }).waitFor();
    // One in the middle of what is in sight: opening it does not scroll.
    const inSight = await names(page);
    const name = inSight[Math.floor(inSight.length / 2)] ?? '';
    await page.getByRole('gridcell', { name, exact: true }).click();
    await page.waitForURL(/\/e\/product\/[0-9a-f-]{36}/);
    await page.goBack();
    await soon(() => scrolled(page)).toBe(2000);
    await page.reload();
    await page.getByRole('gridcell', { name: /长单/ }).first().waitFor();
    await soon(() => scrolled(page)).toBe(2000);
    expect(await page.getByRole('searchbox').inputValue()).toBe('长单01');
  });

  it('UI-08 is walked from end to end by the keyboard, every row once and in order', async () => {
    const page = await open();
    const seen = new Set<string>();
    const note = async (): Promise<void> => {
      await soon(() => page.locator('[role=grid] .ghost').count()).toBe(0);
      for (const name of await names(page)) seen.add(name);
    };
    await page.getByRole('gridcell', { name: /长单/ }).first().focus();
    // From the end, whose pages are read backwards, to the beginning.
    await page.keyboard.press('Control+End');
    await soon(() => page.locator(`[role=row][aria-rowindex="${ROWS + 1}"]`).count()).toBe(1);
    for (let step = 0; step < 40 && (await scrolled(page)) > 0; step += 1) {
      await note();
      await page.keyboard.press('PageUp');
    }
    await note();
    expect(seen.size).toBe(ROWS);
  });
});
