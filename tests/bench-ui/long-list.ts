import type { Page } from 'playwright-core';
import type { Figure, Screen } from './figures.ts';
import { openMetered, scrollSmoothly, type Smoothness } from './meter.ts';

/** A frame of a 60 Hz screen: who needs less CPU than this draws each one, on a machine that is not busy otherwise. */
const FRAME_MS = 16.7;

/** The first cell with a text in the last row of the result is shown. */
async function lastRowShown(page: Page): Promise<void> {
  await page.waitForFunction(() => {
    const grid = document.querySelector('[role=grid]');
    const row = grid?.querySelector(`[role=row][aria-rowindex="${grid.getAttribute('aria-rowcount')}"]`);
    return (row?.querySelector('[aria-colindex="2"]')?.textContent ?? '').trim() !== '';
  });
}

/** A list of all customers: first rows, scrolling as one reads, pulling the scroll bar, jumping, memory. */
export const longList: Screen = async ({ browser, address, seat }) => {
  const metered = await openMetered(browser, address, seat);
  try {
    const { page } = metered;
    await page.goto('/e/customer');
    await page.getByRole('gridcell', { name: /基准/ }).first().waitFor();
    const opened = await metered.read();
    await page.waitForTimeout(500);

    const read = await metered.read();
    const wheel = await scrollSmoothly(page, 120, 300);
    const wheelCost = await metered.since(read);
    const pulled = await metered.read();
    const bar = await scrollSmoothly(page, 1 / 300, 299);
    const barCost = await metered.since(pulled);

    await page.getByRole('gridcell').first().focus();
    await page.keyboard.press('Control+Home');
    await page.getByRole('gridcell', { name: /基准/ }).first().waitFor();
    const before = await metered.read();
    const from = performance.now();
    await page.keyboard.press('Control+End');
    await lastRowShown(page);
    const jump = performance.now() - from;
    const jumpCost = await metered.since(before);

    // As in a long morning: fifty stops all over the list.
    for (let stop = 0; stop < 50; stop += 1) {
      await page.getByRole('grid').evaluate((grid, at) => {
        grid.scrollTop = (grid.scrollHeight * at) / 50;
      }, stop);
      await page.waitForTimeout(150);
    }
    await rowsSettled(page);
    const screen = 'list of all rows';
    const smooth = (name: string, moved: Smoothness, cpu: number): Figure[] => [
      { screen, figure: `${name}: CPU a frame`, unit: 'ms', value: cpu / moved.frames, budget: FRAME_MS },
      { screen, figure: `${name}: frames dropped`, unit: '%', value: moved.dropped },
      { screen, figure: `${name}: tasks over 50 ms`, unit: '', value: moved.longTasks },
      { screen, figure: `${name}: longest task`, unit: 'ms', value: moved.longest },
    ];
    return [
      { screen, figure: 'CPU to the first rows, from nothing', unit: 'ms', value: opened.cpu },
      ...smooth('reading, 120 px a frame', wheel, wheelCost.cpu),
      ...smooth('scroll bar, top to bottom in 300 frames', bar, barCost.cpu),
      { screen, figure: 'jump to the end until it is shown', unit: 'ms', value: jump },
      { screen, figure: 'jump to the end: CPU', unit: 'ms', value: jumpCost.cpu },
      { screen, figure: 'DOM nodes', unit: '', value: (await metered.read()).nodes },
      { screen, figure: 'heap after fifty stops', unit: 'MB', value: await metered.heap() },
    ];
  } finally {
    await metered.close();
  }
};

/** Everything in sight has come. */
async function rowsSettled(page: Page): Promise<void> {
  await page.waitForFunction(() => document.querySelector('[role=grid] .ghost') === null);
}
