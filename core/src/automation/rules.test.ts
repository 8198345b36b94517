import { afterEach, beforeAll, expect, it } from 'vitest';
import type { Problem } from '../errors/problem.ts';
import { describeEngines } from '../testing/databases.ts';
import { openAutomation, type AutomationFixture } from './test-automation.ts';

const problemOf = async (run: Promise<unknown>): Promise<Problem> =>
  await run.then(
    () => {
      throw new Error('it was not refused');
    },
    (error: unknown) => error as Problem,
  );

describeEngines('rules that writes start', (open) => {
  let on: AutomationFixture;

  beforeAll(async () => {
    on = await openAutomation(await open(), {
      rules: [
        {
          name: 'greet',
          trigger: { on: 'create' },
          when: "name.startsWith('Hello')",
          actions: {
            visit: {
              action: 'create',
              entity: 'visit',
              values: { subject: "'Visit ' + name", thing: 'id', minutes: 'count' },
            },
            mark: {
              action: 'set',
              values: { note: "'greeted by ' + user.id", count: 'count / 2' },
              after: 'visit',
            },
          },
        },
        {
          name: 'big',
          trigger: { on: 'change', fields: { count: true }, becomes: 'count > 100' },
          roles: { administrator: true },
          actions: { mark: { action: 'set', values: { note: "'big'", grade: "'a'" } } },
        },
        {
          name: 'reviewed',
          trigger: { on: 'transition', transitions: { first_pass: true } },
          roles: { administrator: true },
          actions: { mark: { action: 'set', values: { phone: "'10086'" } } },
        },
        {
          name: 'needs_site',
          trigger: { on: 'change', becomes: "grade == 'a' && site == null && name == 'Strict'" },
          actions: { visit: { action: 'create', entity: 'visit', values: { subject: 'note', thing: 'id' } } },
        },
        {
          name: 'lenient',
          trigger: { on: 'create' },
          when: "name == 'Lenient'",
          onError: 'log',
          actions: {
            good: { action: 'set', values: { count: '7' } },
            bad: { action: 'set', values: { count: '5000' }, after: 'good' },
          },
        },
        {
          name: 'ping',
          trigger: { on: 'change', fields: { end_on: true } },
          when: "name == 'Loop'",
          actions: { pong: { action: 'set', values: { start_on: 'end_on' } } },
        },
        {
          name: 'pong',
          trigger: { on: 'change', fields: { start_on: true } },
          when: "name == 'Loop'",
          actions: { ping: { action: 'set', values: { end_on: "date('2030-01-01')" } } },
        },
        {
          name: 'flood',
          trigger: { on: 'create' },
          when: "name == 'Flood'",
          actions: { more: { action: 'create', entity: 'thing', values: { name: "'Flood'" } } },
        },
        {
          name: 'tells',
          trigger: { on: 'change', fields: { amount: true } },
          roles: { administrator: true },
          actions: {
            tell: {
              action: 'notify',
              to: { owner: true },
              message: { 'zh-CN': '金额变了', en: 'amount changed' },
            },
          },
        },
        {
          name: 'off',
          active: false,
          trigger: { on: 'create' },
          actions: { mark: { action: 'set', values: { count: '1' } } },
        },
      ],
    });
  });
  afterEach(() => on.refuseReported());

  const runsOf = async (rule: string) => (await on.runs()).filter((run) => run.rule === rule);

  it('ENG-13 act in the transaction of the write, as its person, and the answer shows what they did', async () => {
    const made = await on.records.create(on.as('wang'), 'thing', { name: 'Hello', count: 31 });
    expect(made).toMatchObject({ note: `greeted by ${on.people.wang.id}`, count: 16, version: 2 });
    const visits = await on.records.list(on.as('boss'), 'visit', {
      filter: { thing: made['id'] },
      fields: ['subject', 'minutes', 'owner'],
    });
    expect(visits.items).toMatchObject([{ subject: 'Visit Hello', minutes: 31, owner: on.people.wang.id }]);
    const [last] = await on.records.history(on.as('boss'), 'thing', String(made['id']));
    expect(last).toMatchObject({ source: 'rule', rule: 'greet', by: on.people.wang.id });
    expect(await runsOf('greet')).toMatchObject([
      {
        state: 'done',
        record_id: made['id'],
        by: on.people.wang.id,
        actions: [{ name: 'visit' }, { name: 'mark' }],
      },
    ]);
    await on.records.create(on.as('wang'), 'thing', { name: 'Goodbye', count: 3 });
    expect(await runsOf('greet')).toHaveLength(1);
  });

  it('ENG-13 run when a record comes into a condition, not while it stays in it, with the rights of their roles', async () => {
    const { id } = await on.records.create(on.as('wang'), 'thing', { name: 'Grows', count: 1 });
    const at = String(id);
    await on.records.update(on.as('wang'), 'thing', at, 1, { note: 'other field' });
    const grown = await on.records.update(on.as('wang'), 'thing', at, 2, { count: 500 });
    expect(grown).toMatchObject({ note: 'big', grade: 'a', version: 4 });
    await on.records.update(on.as('wang'), 'thing', at, 4, { count: 600 });
    expect(await runsOf('big')).toHaveLength(1);
    const history = await on.records.history(on.as('boss'), 'thing', at);
    expect(history.find((entry) => entry.rule === 'big')).toMatchObject({ by: null, byName: 'big' });
  });

  it('ENG-13 run when a transition has been taken', async () => {
    const { id } = await on.records.create(on.as('wang'), 'thing', { name: 'Reviewed' });
    const passed = await on.records.transition(on.as('boss'), 'thing', String(id), 'first_pass');
    expect(passed).toMatchObject({ phone: '10086' });
    expect(await runsOf('reviewed')).toMatchObject([{ state: 'done', trigger: 'transition' }]);
  });

  it('ENG-13 run for each record of a batch', async () => {
    const made = await on.records.createMany(
      on.as('wang'),
      'thing',
      [1, 2, 3].map((count) => ({ name: `Hello ${count}`, count: count * 2 })),
    );
    expect(made.map((each) => each['count'])).toEqual([1, 2, 3]);
  });

  it('refuse the write with a problem that names them, and the log tells it although nothing else was kept', async () => {
    const { id } = await on.records.create(on.as('wang'), 'thing', { name: 'Strict' });
    const refusal = await problemOf(on.records.update(on.as('wang'), 'thing', String(id), 1, { grade: 'a' }));
    expect(refusal).toMatchObject({ code: 'MRT_RULE_REFUSED', status: 422 });
    expect(refusal.text.en).toContain('needs_site');
    await on.automation.settle();
    expect(
      await on.records.read(on.as('wang'), 'thing', String(id), { fields: ['grade', 'version'] }),
    ).toMatchObject({
      grade: 'b',
      version: 1,
    });
    expect(await runsOf('needs_site')).toMatchObject([{ state: 'failed', record_id: id }]);
  });

  it('that may fail leave nothing behind but a line in the log', async () => {
    const made = await on.records.create(on.as('wang'), 'thing', { name: 'Lenient', count: 1 });
    expect(made).toMatchObject({ count: 1, version: 1 });
    const [run] = await runsOf('lenient');
    expect(run).toMatchObject({ state: 'failed', actions: [] });
    expect(run?.error?.en).toContain('/count');
  });

  it('do not run within themselves, and set each other off only so deep', async () => {
    const { id } = await on.records.create(on.as('wang'), 'thing', { name: 'Loop' });
    await on.records.update(on.as('wang'), 'thing', String(id), 1, { end_on: '2026-05-05' });
    expect(await runsOf('ping')).toMatchObject([{ state: 'done' }, { state: 'loop' }]);
    const flood = await problemOf(on.records.create(on.as('wang'), 'thing', { name: 'Flood' }));
    expect(flood).toMatchObject({ code: 'MRT_RULE_REFUSED' });
    expect(flood.faults).toMatchObject([{ code: 'MRT_RULE_DEPTH' }]);
    const left = await on.records.list(on.as('boss'), 'thing', { filter: { name: 'Flood' } });
    expect(left.items).toEqual([]);
  });

  it('NTF-02 tell the people in fields of the record', async () => {
    const { id } = await on.records.create(on.as('wang'), 'thing', { name: 'Told' });
    await on.records.update(on.as('boss'), 'thing', String(id), 1, { amount: '5.00' });
    const told = await on.db.query({
      text: 'select "user", kind, text from mortise.notification where record_id = $1::uuid',
      values: [id],
    });
    expect(told).toMatchObject([{ user: on.people.wang.id, kind: 'rule', text: { en: 'amount changed' } }]);
  });

  it('pass the gate: what their person may not do, they may not do for him', async () => {
    const refusal = await problemOf(
      on.records.create(on.as('wang', ['creator']), 'thing', { name: 'Hello' }),
    );
    expect(refusal.code).toBe('MRT_ACCESS_DENIED');
  });
});
