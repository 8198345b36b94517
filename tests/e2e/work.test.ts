import type { Page } from 'playwright-core';
import { beforeAll, expect, it } from 'vitest';
import type { Person } from './harness/seat.ts';
import { browserSuite } from './harness/suite.ts';
import { field, press, soon } from './harness/window.ts';

browserSuite('Work in its steps and on its days', (stage) => {
  let seller: Person;
  let manager: Person;
  let treasurer: Person;
  let customer: string;

  beforeAll(async () => {
    seller = await stage.person('张三', 'employee');
    manager = await stage.person('李经理', 'department_manager');
    treasurer = await stage.person('王会计', 'finance');
    customer = String((await stage.api().create('customer', { name: '青山酒业', owner: seller.id }))['id']);
  });

  const dialog = (page: Page) => page.getByRole('dialog');
  /** Presses a step of the workflow and the button of its dialog. */
  async function take(page: Page, step: string, fill?: (page: Page) => Promise<void>): Promise<void> {
    await press(page.getByRole('group', { name: /^(流程|Workflow)/ }), step);
    await fill?.(page);
    await press(dialog(page), step);
    await dialog(page).waitFor({ state: 'hidden' });
  }

  it('WF-02 in the browser: returned with an opinion, then effective with a guarantee record', async () => {
    const posting = await stage.api().create('supply_demand', {
      customer,
      intent: 'supply',
      subject: '供应高粱',
      fee: '800.00',
      owner: seller.id,
    });
    const id = String(posting['id']);
    const path = `/e/supply_demand/${id}`;
    const state = async () => (await stage.api().read('supply_demand', id))['order_status'];
    const { page: sales } = await stage.seat(seller, { locale: 'zh-CN' }, path);
    await take(sales, '提交审核');
    const { page: boss } = await stage.seat(manager, { locale: 'en' }, path);
    await take(boss, 'Return at contract review', (page) =>
      dialog(page).getByLabel('Opinion (needed)').fill('Price is wrong'),
    );
    await soon(state).toBe('draft');
    await sales.reload();
    await take(sales, '提交审核');
    await boss.reload();
    await take(boss, 'Pass contract review');
    const money = await stage.seat(treasurer, { locale: 'zh-CN' }, path);
    // Nothing was paid: without a guarantee it is refused, and says why.
    money.expectStatus(422);
    await press(money.page.getByRole('group', { name: /^流程/ }), '财务审核通过');
    await press(dialog(money.page), '财务审核通过');
    await dialog(money.page).getByRole('alert').filter({ hasText: '财务担保记录' }).first().waitFor();
    await field(dialog(money.page), '财务担保记录').fill('李经理担保,月底付清');
    await press(dialog(money.page), '财务审核通过');
    await soon(state).toBe('effective');
    expect(await stage.api().read('supply_demand', id)).toMatchObject({
      guarantee_record: '李经理担保,月底付清',
      finance_reviewer: treasurer.id,
    });
  });

  it('WF-07 in the browser: a task made from feedback is given, accepted and finished', async () => {
    const feedback = await stage.api().create('service_feedback', {
      customer,
      subject: '包装破损',
      content: '到货破损两箱',
      service_type: 'complaint',
      owner: seller.id,
    });
    const { page } = await stage.seat(
      seller,
      { locale: 'zh-CN' },
      `/e/service_feedback/${String(feedback['id'])}`,
    );
    await press(page, '生成');
    await page.getByRole('menuitem', { name: '转任务', exact: true }).click();
    await soon(() => field(page, '任务').first().inputValue()).toBe('包装破损');
    await press(page, '保存');
    await soon(async () => (await stage.api().find('task', { feedback: feedback['id'] })).length).toBe(1);
    await take(page, '分配任务');
    await take(page, '接收');
    await take(page, '完成', (shown) => field(dialog(shown), '完成结果').fill('已补发两箱'));
    const [task] = await stage.api().find('task', { feedback: feedback['id'] }, 'status,origin,owner,result');
    expect(task).toMatchObject({
      status: 'done',
      origin: 'feedback',
      owner: seller.id,
      result: '已补发两箱',
    });
  });

  it.each(['zh-CN', 'en'] as const)(
    'CAL-01 in %s: an entry of the calendar moves by keys and by drag',
    async (locale) => {
      const today = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10);
      const middle = `${today.slice(0, 8)}15`;
      const title = `周会 ${locale}`;
      const made = await stage.api().create('appointment', {
        title,
        start_at: `${middle}T02:00:00.000Z`,
        end_at: `${middle}T03:00:00.000Z`,
        owner: seller.id,
      });
      const start = async () => (await stage.api().read('appointment', String(made['id'])))['start_at'];
      const { page, say } = await stage.seat(seller, { locale }, '/calendar');
      const entry = () => page.getByRole('button', { name: title });
      // It can be moved once the rights to its dates are known.
      await page.locator('[draggable="true"]').filter({ hasText: title }).focus();
      await page.keyboard.press('Alt+ArrowRight');
      await soon(start).toBe(`${today.slice(0, 8)}16T02:00:00.000Z`);
      // The focus goes with it.
      const inDay = (day: number) => page.locator(`[data-day="${today.slice(0, 8)}${day}"]`).getByText(title);
      await inDay(16).waitFor();
      await page.keyboard.press('Alt+ArrowRight');
      await soon(start).toBe(`${today.slice(0, 8)}17T02:00:00.000Z`);
      await inDay(17).waitFor();
      await entry().dragTo(page.locator(`[data-day="${today.slice(0, 8)}18"]`));
      await soon(start).toBe(`${today.slice(0, 8)}18T02:00:00.000Z`);
      await page.getByRole('radio', { name: say('周', 'Week') }).check({ force: true });
      await soon(() => page.locator('[data-day]').count()).toBe(7);
      expect(await page.locator('[data-day]').first().innerText()).not.toBe('');
    },
  );
});
