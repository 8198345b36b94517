import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';

/*
 * What a person does in the window, found as a person finds it: by role and by the text that is read out.
 */

/** Opens an entry of the main menu by its labels, e.g. `openMenu(page, '客户档案', '客户库', '新建企业客户')`. */
export async function openMenu(page: Page, ...labels: readonly string[]): Promise<void> {
  const [heading = '', ...entries] = labels;
  await page.getByRole('menubar').getByRole('menuitem', { name: heading, exact: true }).first().click();
  let above = heading;
  for (const entry of entries) {
    const menu = page.getByRole('menu', { name: above, exact: true });
    await menu.getByRole('menuitem', { name: entry, exact: true }).first().click();
    above = entry;
  }
}

/** Labels of all entries of the main menu, by opening every menu. */
export async function menuLabels(page: Page): Promise<readonly string[]> {
  const labels: string[] = [];
  const bar = page.getByRole('menubar');
  for (const label of await bar.getByRole('menuitem').allInnerTexts()) {
    const heading = bar.getByRole('menuitem', { name: label.trim(), exact: true }).first();
    labels.push(label.trim());
    await heading.click();
    await collect(page.getByRole('menu', { name: label.trim(), exact: true }).first(), labels);
    await heading.click();
  }
  return labels;
}

async function collect(menu: Locator, labels: string[]): Promise<void> {
  for (const entry of await menu.locator('> li > [role=menuitem]').all()) {
    const label = (await entry.innerText()).trim();
    labels.push(label);
    if ((await entry.getAttribute('aria-haspopup')) === null) continue;
    await entry.click();
    await collect(menu.getByRole('menu', { name: label, exact: true }), labels);
  }
}

/** A text or number field of a form or dialog, by its label. */
export function field(within: Page | Locator, label: string | RegExp): Locator {
  return within.getByRole('textbox', { name: label, exact: true });
}

/** A field with a list to choose from, by its label. */
export function choiceField(within: Page | Locator, label: string): Locator {
  return within.getByRole('combobox', { name: label, exact: true });
}

/** Types a part of an option's text into a field and takes the option. */
export async function choose(page: Page, combobox: Locator, option: string): Promise<void> {
  // The text of the chosen option lies over the input, so a plain click would wait for ever.
  await combobox.click({ force: true });
  await combobox.fill(option);
  await page.getByRole('option').filter({ hasText: option }).first().click();
  if (await page.getByRole('option').first().isVisible()) await page.keyboard.press('Escape');
}

/** Presses a button by its text. */
export async function press(within: Page | Locator, name: string): Promise<void> {
  await within.getByRole('button', { name, exact: true }).first().click();
}

/** Waits for a short message, e.g. 客户已保存. */
export async function heard(page: Page, text: string): Promise<void> {
  await page.getByRole('alert').filter({ hasText: text }).first().waitFor();
}

/** The row of the list that shows this text. */
export function listRow(page: Page, text: string): Locator {
  return page.getByRole('grid').getByRole('row').filter({ hasText: text });
}

/** What the status bar says (UI-02). */
export function statusBar(page: Page): Locator {
  return page.getByRole('contentinfo');
}

/** Expects of a value that the screen shows it before long, e.g. `await soon(() => title(page)).toBe('客户')`. */
export function soon<T>(read: () => T | Promise<T>) {
  return expect.poll(read, { timeout: 15_000 });
}
