import { beforeAll, expect, it } from 'vitest';
import type { Application } from '../../core/src/app/application.ts';
import type { Context } from '../../core/src/context/context.ts';
import type { RecordData } from '../../core/src/records/records.ts';
import { describeEngines } from '../../core/src/testing/databases.ts';
import { startBase } from '../conformance/base-application.ts';
import { makePerson, refusal, type Person } from './people.ts';

describeEngines('tasks (WF-07, TASK)', (open) => {
  let app: Application;
  let system: Context;
  let manager: Person;
  let seller: Person;
  let junior: Person;
  let editor: Person;

  beforeAll(async () => {
    ({ app, system } = await startBase(open));
    const sales = await app.records.create(system, 'unit', { name: '营销中心', code: 'sales' });
    const north = await app.records.create(system, 'unit', {
      name: '北区',
      code: 'north',
      parent: sales['id'],
    });
    const news = await app.records.create(system, 'unit', { name: '新闻中心', code: 'news' });
    const of = (username: string, role: string, unit: RecordData, more = {}) =>
      makePerson(app, system, { username, role, unit, ...more });
    manager = await of('manager', 'department_manager', sales, { units: [sales, north] });
    seller = await of('seller', 'employee', north);
    junior = await of('junior', 'employee', north, { supervisor: seller });
    editor = await of('editor', 'employee', news);
  });

  const make = async (by: Person, to: Person, more: RecordData = {}): Promise<string> =>
    String((await app.records.create(by, 'task', { title: '回访客户', owner: to.id, ...more }))['id']);
  const take = (by: Person, id: string, name: string, request = {}): Promise<RecordData> =>
    app.records.transition(by, 'task', id, name, request);
  const reasons = async (call: Promise<unknown>): Promise<readonly string[]> =>
    (await refusal(call)).faults.map(({ code }) => code);

  it('WF-07 goes from given to confirmed, each step by the one it waits for', async () => {
    const id = await make(manager, seller);
    expect(await reasons(take(seller, id, 'assign'))).toContain('MRT_TRANSITION_WHO');
    expect(await take(manager, id, 'assign')).toMatchObject({ status: 'assigned', owner: seller.id });
    expect(await reasons(take(manager, id, 'accept'))).toEqual(['MRT_TRANSITION_WHO']);
    await take(seller, id, 'accept');
    await take(seller, id, 'start');
    expect(await reasons(take(seller, id, 'finish'))).toEqual(['MRT_VALUE_REQUIRED']);
    const done = await take(seller, id, 'finish', { input: { result: '客户满意' } });
    expect(done).toMatchObject({ status: 'done', progress: 100, result: '客户满意' });
    expect(done['done_at']).not.toBeNull();
    expect(await reasons(take(seller, id, 'confirm'))).toEqual(['MRT_TRANSITION_WHO']);
    expect(await take(manager, id, 'redo', { opinion: '再补充' })).toMatchObject({
      status: 'in_progress',
      done_at: null,
    });
    await take(seller, id, 'finish', { input: { result: '已补充' } });
    expect(await take(manager, id, 'confirm')).toMatchObject({ status: 'confirmed' });
    expect(await reasons(take(manager, id, 'cancel', { opinion: 'x' }))).toEqual(['MRT_TRANSITION_STATE']);
  });

  it('TASK-01 is given to oneself, to whom one stands above, or within the own departments; to nobody else', async () => {
    await take(seller, await make(seller, seller), 'assign');
    await take(seller, await make(seller, junior), 'assign');
    await take(manager, await make(manager, junior), 'assign');
    for (const [by, to] of [
      [junior, seller],
      [seller, manager],
      [seller, editor],
      [manager, editor],
    ] as const) {
      const id = await make(by, to);
      expect(await reasons(take(by, id, 'assign'))).toEqual(['MRT_TRANSITION_GUARD']);
    }
    // What the form of the step brings is what is asked about.
    const id = await make(seller, editor);
    expect(await take(seller, id, 'assign', { input: { owner: junior.id } })).toMatchObject({
      owner: junior.id,
      unit: junior.actor.unit,
    });
  });

  it('TASK-01 stands above a person also who heads his department or one above it', async () => {
    const head = await makePerson(app, system, { username: 'head', role: 'employee' });
    const unit = await app.records.create(system, 'unit', { name: '发行部', code: 'pub', head: head.id });
    const part = await app.records.create(system, 'unit', {
      name: '邮寄组',
      code: 'mail',
      parent: unit['id'],
    });
    const clerk = await makePerson(app, system, { username: 'clerk', role: 'employee', unit: part });
    await take(head, await make(head, clerk), 'assign');
    expect(await reasons(take(clerk, await make(clerk, head), 'assign'))).toEqual(['MRT_TRANSITION_GUARD']);
  });

  it('TASK-04 is returned with a reason and given to somebody else', async () => {
    const id = await make(manager, seller);
    await take(manager, id, 'assign');
    expect(await reasons(take(seller, id, 'return'))).toEqual(['MRT_VALUE_REQUIRED']);
    await take(seller, id, 'return', { opinion: '不是我的客户' });
    const [last] = await app.records.history(manager, 'task', id);
    expect(last).toMatchObject({ reason: '不是我的客户', changes: { status: { new: 'returned' } } });
    await take(manager, id, 'assign', { input: { owner: junior.id } });
    await take(junior, id, 'accept');
    expect((await refusal(app.records.read(seller, 'task', id))).code).toBe('MRT_RECORD_NOT_FOUND');
  });

  it('WF-07 keeps the assignee of a given task from being changed past the hand-over', async () => {
    const id = await make(manager, seller);
    const given = await take(manager, id, 'assign');
    const change = app.records.update(manager, 'task', id, Number(given['version']), { owner: junior.id });
    expect((await refusal(change)).faults.map(({ path }) => path)).toEqual(['/owner']);
    expect(await reasons(take(manager, id, 'hand_over', { input: { owner: seller.id } }))).toEqual([
      'MRT_TRANSITION_GUARD',
    ]);
    expect(await take(manager, id, 'hand_over', { input: { owner: junior.id } })).toMatchObject({
      status: 'assigned',
      owner: junior.id,
    });
  });

  it('TASK-03 knows where it came from, and is found there', async () => {
    const customer = await app.records.create(seller, 'customer', {
      name: '远山酒业有限公司',
      address: '人民路1号',
      province: '51',
      city: '510100',
    });
    const of = { customer: customer['id'] };
    const activity = await app.records.create(seller, 'market_activity', { ...of, name: '新品上市' });
    const feedback = await app.records.create(seller, 'service_feedback', {
      ...of,
      subject: '包装破损',
      content: '到货破损两箱',
      service_type: 'complaint',
    });
    const origins = await Promise.all(
      [{}, { activity: activity['id'] }, { feedback: feedback['id'] }].map(async (from) => {
        const id = await make(seller, seller, { ...of, ...from });
        return (await app.records.read(seller, 'task', id))['origin'];
      }),
    );
    expect(origins).toEqual(['manual', 'market_activity', 'feedback']);
    const found = await app.records.list(seller, 'task', {
      filter: { feedback: feedback['id'] },
      fields: ['title'],
    });
    expect(found.items).toHaveLength(1);
  });

  it('TASK-04 lists what is overdue', async () => {
    await make(seller, seller, { title: '过期', due_at: '2020-01-01T00:00:00.000Z' });
    const view = system.model.views.get('task.overdue');
    const { items } = await app.records.list(seller, 'task', {
      filter: view?.filter ?? {},
      fields: ['title'],
    });
    expect(items.map(({ title }) => title)).toEqual(['过期']);
  });

  it('WF-08 answers feedback, closes it with the satisfaction, and opens it again', async () => {
    const customer = await app.records.create(seller, 'customer', {
      name: '近水酒业有限公司',
      address: '人民路2号',
      province: '51',
      city: '510100',
    });
    const { id } = await app.records.create(seller, 'service_feedback', {
      customer: customer['id'],
      subject: '发票',
      content: '发票未到',
      service_type: 'inquiry',
    });
    const step = (name: string, request = {}) =>
      app.records.transition(seller, 'service_feedback', String(id), name, request);
    await step('handle');
    expect(await step('answer_it', { input: { answer: '已寄出' } })).toMatchObject({
      status: 'answered',
      answered_by: seller.id,
    });
    expect(await reasons(step('close'))).toEqual(['MRT_VALUE_REQUIRED']);
    await step('close', { input: { satisfaction: 4 } });
    expect(await step('reopen', { opinion: '仍未收到' })).toMatchObject({
      status: 'reopened',
      resolved_at: null,
    });
  });
});
