import axe from 'axe-core';
import type { Locator, Page } from 'playwright-core';
import { beforeAll, expect, it } from 'vitest';
import { signIn, type Api } from './harness/api.ts';
import type { Person } from './harness/seat.ts';
import { browserSuite } from './harness/suite.ts';
import { choiceField, choose, field, heard, press, soon } from './harness/window.ts';

const AT = '/settings/workflows/data_review';

browserSuite('an administrator changes a workflow in the designer', (stage) => {
  const reviewers: { person: Person; api: Api }[] = [];
  beforeAll(async () => {
    for (const name of ['甲审核', '乙审核', '丙审核']) {
      const person = await stage.person(name, 'reviewer');
      reviewers.push({ person, api: await signIn(stage.address(), person.username, person.password) });
    }
  });
  const step = async (by: number, customer: string, name: string) =>
    (await reviewers[by]!.api.send('POST', `records/customer/${customer}/transitions/${name}`, {})).status;
  const customer = async (name: string): Promise<string> =>
    String((await stage.api().create('customer', { name }))['id']);
  /** From a list that cannot be typed into. */
  const pick = async (page: Page, combobox: Locator, option: string): Promise<void> => {
    await combobox.focus();
    await page.keyboard.press('Enter');
    const wanted = page.getByRole('option', { name: option, exact: true });
    await wanted.waitFor();
    await wanted.dispatchEvent('click');
  };
  const outline = (page: Page, name: string) => page.getByRole('navigation', { name });

  it('UI-08, ENG-10 is worked by keyboard alone in English, tells faults in place, and has no serious finding', async () => {
    const { page, expectStatus } = await stage.seat(
      stage.administrator,
      { locale: 'en', bypassCSP: true },
      AT,
    );
    const list = outline(page, 'List of states and transitions');
    await list.getByRole('button', { name: /^Second review passed/ }).waitFor();
    await page.evaluate(axe.source);
    const serious = async (): Promise<readonly string[]> =>
      await page.evaluate(async () => {
        const { violations } = await (
          globalThis as unknown as {
            axe: {
              run(): Promise<{ violations: { id: string; impact: string; nodes: { html: string }[] }[] }>;
            };
          }
        ).axe.run();
        return violations
          .filter(({ impact }) => impact === 'serious' || impact === 'critical')
          .flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id} ${html}`));
      });
    expect(await serious(), 'the workflow').toEqual([]);

    // Down to the state, `+` adds a transition from it, which is taken back and brought again.
    await list.getByRole('button', { name: 'The whole workflow' }).focus();
    for (let count = 0; count < 2; count += 1) await page.keyboard.press('ArrowDown');
    await page.keyboard.press('+');
    const properties = page.getByRole('region', { name: 'Properties' });
    await field(properties, 'Name (English)').waitFor();
    expect(await serious(), 'a transition').toEqual([]);
    await list.getByRole('button', { name: 'The whole workflow' }).focus();
    await page.keyboard.press('Control+z');
    await soon(() => page.getByRole('button', { name: 'Review and save' }).isDisabled()).toBe(true);
    await page.keyboard.press('Control+y');

    await list.getByRole('button', { name: /^Pass second review/ }).focus();
    await page.keyboard.press('Enter');
    await press(properties, 'Add a condition');
    await field(properties, 'Must hold').fill('nonsense >');
    await field(properties, 'Said where it does not (English)').fill('No');
    await field(properties, 'Said where it does not (Chinese)').fill('不行');
    await properties.getByText(/character \d+/).waitFor();
    expectStatus(422);
    await press(page, 'Review and save');
    await page.getByRole('alert').getByRole('button', { name: 'Pass second review' }).waitFor();
    expect(await serious(), 'with faults').toEqual([]);
    await press(page, 'Undo');
  });

  it('ENG-10…12, WF-01: a third review step is drawn while records are in review; they go on by two steps, new ones take three', async () => {
    const running = await customer('流转中酒业');
    expect(await step(0, running, 'first_pass')).toBe(200);

    const { page } = await stage.seat(stage.administrator, { locale: 'zh-CN' }, AT);
    const list = outline(page, '状态与操作清单');
    await press(list, '在“资料审核”中添加状态');
    const properties = page.getByRole('region', { name: '属性' });
    await field(properties, '名称（中文）').fill('三审通过');
    await field(properties, '名称（英文）').fill('Third review passed');
    await properties.getByText('结束状态：不再需要办理').click();
    await list.getByRole('button', { name: /^复审通过 结束/ }).click();
    await properties.getByText('结束状态：不再需要办理').click();
    await pick(page, choiceField(properties, '含义'), '待办理');

    // With the mouse: from the handle of the one state to the other.
    const state = (code: string) => page.locator(`[data-at="state:review/${code}"]`);
    await state('second_passed').hover();
    const handle = (await state('second_passed').locator('.handle').boundingBox())!;
    const target = (await state('third_review_passed').boundingBox())!;
    await page.mouse.move(handle.x + handle.width / 2, handle.y + handle.height / 2);
    await page.mouse.down();
    await page.mouse.move(target.x + target.width / 2, target.y + target.height / 2, { steps: 4 });
    await page.mouse.up();
    await soon(() => field(properties, '内部名称').inputValue()).toBe('third_review_passed');
    await field(properties, '名称（中文）').fill('通过三审');
    await properties.getByRole('button', { name: '添加一项' }).first().click();
    await choose(page, choiceField(properties, '角色'), '审核');
    await choose(page, choiceField(properties, '办理过这些操作的人不得办理'), '复审通过');

    // Tried before it is applied.
    await page.getByText('试运行', { exact: true }).click();
    const trial = page.getByRole('region', { name: '试运行' });
    await choose(page, choiceField(trial, '实体'), '客户');
    await choose(page, choiceField(trial, '记录'), '流转中酒业');
    await pick(page, choiceField(trial, '从哪里开始'), '从头开始');
    await choose(page, choiceField(trial, '以谁的身份'), '甲审核');
    await press(trial, '开始试运行');
    const next = trial.getByRole('list', { name: '接下来' });
    await next.getByRole('button', { name: '初审通过' }).click();
    await press(trial, '办理');
    await trial.getByRole('list', { name: '已走的步骤' }).getByText('甲审核').waitFor();
    await next.getByText('前一步由您办理,这一步须由另一人办理。').first().waitFor();
    await page.getByText('设计', { exact: true }).click();

    await press(page, '预览并保存');
    const review = page
      .getByRole('dialog')
      .filter({ has: page.getByRole('button', { name: '应用', exact: true }) });
    await review.getByText(/1 条流转中的记录仍按原流程办完/).waitFor();
    await press(review, '应用');
    await heard(page, '已生效');

    expect(await step(1, running, 'second_pass')).toBe(200);
    expect(await step(2, running, 'third_review_passed')).toBe(404);
    const fresh = await customer('新来酒业');
    for (const [by, name] of [
      [0, 'first_pass'],
      [1, 'second_pass'],
    ] as const)
      expect(await step(by, fresh, name)).toBe(200);
    expect(await step(1, fresh, 'third_review_passed')).toBe(403);
    expect(await step(2, fresh, 'third_review_passed')).toBe(200);
    expect((await stage.api().find('customer', { id: fresh }, 'review_status'))[0]).toMatchObject({
      review_status: 'third_review_passed',
    });
  });
});
