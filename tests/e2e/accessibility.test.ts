import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Person } from './harness/seat.ts';
import { browserSuite } from './harness/suite.ts';
import { field, soon } from './harness/window.ts';

interface Finding {
  readonly id: string;
  readonly impact: string | null;
  readonly nodes: readonly { readonly target: readonly unknown[]; readonly failureSummary?: string }[];
}

/** What axe calls serious or critical on the page as it is shown, one line a place. */
async function findings(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source);
  // Fading dialogs and menus have contrasts of their own for a moment.
  await page.evaluate(() =>
    Promise.all(document.getAnimations().map((each) => each.finished.catch(() => null))),
  );
  const violations = await page.evaluate(async () => {
    const loaded = globalThis as unknown as { axe: { run(): Promise<{ violations: readonly Finding[] }> } };
    return (await loaded.axe.run()).violations;
  });
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id} ${JSON.stringify(target)} ${failureSummary ?? ''}`),
    );
}

browserSuite('accessibility', (stage) => {
  let clerk: Person;
  let customer: string;

  beforeAll(async () => {
    clerk = await stage.person('张三', 'employee');
    const made = await stage.api().create('customer', { name: '成都某某酒业有限公司', owner: clerk.id });
    customer = String(made['id']);
  });

  describe.each(['light', 'dark'] as const)('in the %s theme', (theme) => {
    const options = { locale: 'zh-CN', theme, bypassCSP: true } as const;

    it('UI-08 finds nothing serious on the sign-in screen', async () => {
      const { page } = await stage.openSeat(options);
      await page.goto('/');
      await field(page, '用户名').waitFor();
      expect(await page.evaluate(() => document.documentElement.classList.contains('dark'))).toBe(
        theme === 'dark',
      );
      expect(await findings(page)).toEqual([]);
    });

    it('UI-08 finds nothing serious on my information, in a list, in a form, and in its dialogs', async () => {
      const { page } = await stage.seat(clerk, options);
      await page.getByRole('link', { name: '成都某某酒业有限公司' }).waitFor();
      expect(await findings(page), 'my information').toEqual([]);

      await page.goto('/e/customer');
      await page.getByRole('gridcell', { name: '成都某某酒业有限公司' }).waitFor();
      expect(await findings(page), 'list').toEqual([]);
      await page.getByRole('button', { name: '查询与报告' }).click();
      await page.getByRole('dialog', { name: /查询与报告/ }).waitFor();
      expect(await findings(page), 'query dialog').toEqual([]);

      await page.goto(`/e/customer/${customer}`);
      await field(page, '企业名称').waitFor();
      expect(await findings(page), 'form').toEqual([]);
      await page.getByRole('tab', { name: '修改历史' }).click();
      await page.getByRole('tabpanel').getByRole('listitem').first().waitFor();
      expect(await findings(page), 'history').toEqual([]);

      await page.goto('/e/customer/new');
      await field(page, '企业名称').fill('');
      await page.keyboard.press('Control+s');
      await soon(() => field(page, '企业名称').getAttribute('aria-invalid')).toBe('true');
      expect(await findings(page), 'form with faults').toEqual([]);
    });
  });
});
