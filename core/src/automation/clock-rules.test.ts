import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../store/database.ts';
import { describeEngines } from '../testing/databases.ts';
import { addDays, momentOf } from '../workflow/business-time.ts';
import { dueAt } from './date-rule.ts';
import { openAutomation, type AutomationFixture } from './test-automation.ts';

const roles = { administrator: true } as const;

describeEngines('rules that the clock starts', (open) => {
  let db: Database;
  let on: AutomationFixture;

  beforeAll(async () => {
    db = await open();
    on = await openAutomation(db, {
      rules: [
        {
          name: 'expires',
          trigger: { on: 'date', field: 'end_on', days: -30, at: '09:00' },
          when: "grade == 'a'",
          roles,
          actions: {
            visit: { action: 'create', entity: 'visit', values: { subject: "'Renew ' + name", thing: 'id' } },
          },
        },
        {
          name: 'after_visit',
          trigger: { on: 'date', field: 'seen_at', hours: 2 },
          roles,
          actions: { mark: { action: 'set', values: { note: "'two hours later'" } } },
        },
        {
          name: 'weekdays',
          trigger: { on: 'schedule', cron: '0 9 * * 1-5' },
          when: "name == 'Daily'",
          roles,
          actions: { count: { action: 'set', values: { count: 'count + 1' } } },
        },
        {
          name: 'once',
          entity: undefined as never,
          trigger: { on: 'schedule', cron: '30 8 * * *' },
          roles,
          actions: {
            more: { action: 'create', entity: 'unit', values: { name: "'Unit of ' + string(today())" } },
          },
        },
        {
          name: 'nightly',
          entity: 'visit',
          trigger: { on: 'schedule', cron: '0 11 * * *' },
          roles: { employee: true },
          actions: { mark: { action: 'set', values: { subject: "'seen'" } } },
        },
        {
          name: 'listed_only',
          trigger: { on: 'date', field: 'end_on', at: '11:00' },
          roles: { employee: true },
          actions: { mark: { action: 'set', values: { note: "'seen'" } } },
        },
        {
          name: 'breaks',
          trigger: { on: 'date', field: 'start_on', at: '10:00' },
          roles,
          actions: { bad: { action: 'set', values: { count: '5000' } } },
        },
      ],
    });
    await on.turnTo('2026-03-02T00:00:00Z');
  });
  afterEach(() => on.refuseReported());

  const make = async (values: object): Promise<string> =>
    String((await on.records.create(on.system, 'thing', { grade: 'a', ...values }))['id']);
  const runsOf = async (rule: string) => (await on.runs()).filter((run) => run.rule === rule);
  const countOf = async (id: string) =>
    (await on.records.read(on.system, 'thing', id, { fields: ['count'] }))['count'];

  it('ENG-13 run once so many days before a date, at their time of the business zone', async () => {
    const due = await make({ name: 'Due', end_on: '2026-04-01' });
    await make({ name: 'Other grade', grade: 'b', end_on: '2026-04-01' });
    await make({ name: 'Later', end_on: '2026-04-02' });
    await on.turnTo('2026-03-02T00:59:00Z');
    expect(await runsOf('expires')).toEqual([]);
    await on.turnTo('2026-03-02T01:00:00Z');
    await on.turnTo('2026-03-02T01:00:20Z');
    await on.turnTo('2026-03-02T01:03:00Z');
    expect(await runsOf('expires')).toMatchObject([{ state: 'done', record_id: due, by: null }]);
    const visits = await on.records.list(on.system, 'visit', { fields: ['subject', 'created_by'] });
    expect(visits.items).toMatchObject([{ subject: 'Renew Due', created_by: null }]);
  });

  it('ENG-13 run hours after a moment, and catch up with what came while nobody looked', async () => {
    const id = await make({ name: 'Seen', seen_at: '2026-03-02T02:00:00.000Z' });
    await on.turnTo('2026-03-05T00:00:00Z');
    expect(await runsOf('after_visit')).toMatchObject([{ record_id: id }]);
    expect((await runsOf('expires')).length).toBe(2);
  });

  it('ENG-13 run by a time table for each record that fulfils the condition, once for a time, missed ones once', async () => {
    const id = await make({ name: 'Daily', count: 0 });
    await make({ name: 'Not daily', count: 0 });
    // Thursday to Saturday noon in Shanghai: Thursday and Friday at nine have come, the last of them counts.
    await on.turnTo('2026-03-07T04:00:00Z');
    expect(await countOf(id)).toBe(1);
    await on.turnTo('2026-03-08T23:00:00Z');
    expect(await countOf(id)).toBe(1);
    await on.turnTo('2026-03-09T01:00:00Z');
    await on.turnTo('2026-03-09T01:00:20Z');
    expect(await countOf(id)).toBe(2);
  });

  it('that concern no record run once for a time', async () => {
    await on.turnTo('2026-03-10T01:30:00Z');
    await on.turnTo('2026-03-10T01:31:00Z');
    const units = await on.records.list(on.system, 'unit', { filter: { name: 'Unit of 2026-03-10' } });
    expect(units.items).toHaveLength(1);
  });

  it('that fail say so in the log, and are not tried for ever', async () => {
    await make({ name: 'Breaks', start_on: '2026-03-12' });
    await on.turnTo('2026-03-12T02:00:00Z');
    await on.turnTo('2026-03-12T02:01:00Z');
    expect(await runsOf('breaks')).toMatchObject([{ state: 'failed' }]);
  });

  it('SEC-04 with a role bounded by its person concern nothing, and fail over nothing', async () => {
    // The role lists every thing, but opens those of its person or department only; of visits it has its own.
    await make({ name: 'Listed', end_on: '2026-03-12' });
    await on.turnTo('2026-03-12T03:00:00Z');
    await on.turnTo('2026-03-12T03:00:20Z');
    expect([...(await runsOf('listed_only')), ...(await runsOf('nightly'))]).toEqual([]);
  });

  it('two nodes at the same moment do it once', async () => {
    const id = await make({ name: 'Daily', count: 10 });
    const { runClockRules } = await import('./clock-rules.ts');
    const at = new Date('2026-03-13T01:00:00Z');
    await Promise.all([1, 2, 3].map(() => runClockRules(on.automation.clockOptions, at)));
    expect(await countOf(id)).toBe(11);
  });

  it('run also when the deadlines cannot be looked at', async () => {
    await db.query({ text: 'alter table mortise.timer rename to timer_away' });
    await on.turnTo('2026-03-14T00:31:00Z');
    await db.query({ text: 'alter table mortise.timer_away rename to timer' });
    expect(() => on.refuseReported()).toThrow('mortise.timer');
    const units = await on.records.list(on.system, 'unit', { filter: { name: 'Unit of 2026-03-14' } });
    expect(units.items).toHaveLength(1);
  });

  it('ENG-13 catch up with nothing that came while they were switched off', async () => {
    const missed = await make({ name: 'Missed', end_on: '2026-04-19' });
    const next = await make({ name: 'Next', end_on: '2026-04-21' });
    const { runClockRules } = await import('./clock-rules.ts');
    const rules = new Map(on.model.rules);
    rules.set('expires', { ...rules.get('expires')!, active: false });
    const off = Object.assign(Object.create(Object.getPrototypeOf(on.model) as object), on.model, {
      rules,
    }) as typeof on.model;
    const options = { ...on.automation.clockOptions, model: () => off };
    await runClockRules(options, new Date('2026-03-19T02:00:00Z'));
    await runClockRules(options, new Date('2026-03-20T02:00:00Z'));
    await on.turnTo('2026-03-21T02:00:00Z');
    await on.turnTo('2026-03-22T02:00:00Z');
    const ran = (await runsOf('expires')).map(({ record_id }) => record_id);
    expect([ran.includes(missed), ran.includes(next)]).toEqual([false, true]);
  });
});

describe('the time of the business zone', () => {
  it('is found for a day and a time, also around a change of the clocks', () => {
    expect(momentOf('2026-03-02', '09:00', 'Asia/Shanghai').toISOString()).toBe('2026-03-02T01:00:00.000Z');
    expect(momentOf('2026-07-01', '09:00', 'Europe/Berlin').toISOString()).toBe('2026-07-01T07:00:00.000Z');
    // 02:30 does not exist on this day; 02:30 exists twice on the other, and the first counts.
    expect(momentOf('2026-03-29', '02:30', 'Europe/Berlin').toISOString()).toBe('2026-03-29T01:30:00.000Z');
    expect(momentOf('2026-10-25', '02:30', 'Europe/Berlin').toISOString()).toBe('2026-10-25T00:30:00.000Z');
    expect(momentOf('2026-03-08', '12:00', 'America/New_York').toISOString()).toBe(
      '2026-03-08T16:00:00.000Z',
    );
    expect(addDays('2024-02-28', 2)).toBe('2024-03-01');
  });

  it('makes a date due', () => {
    const trigger = { on: 'date', field: 'x', days: -1, at: '08:30' } as const;
    expect(dueAt(trigger, '2026-01-01', 'Asia/Shanghai')?.toISOString()).toBe('2025-12-31T00:30:00.000Z');
    expect(dueAt(trigger, null, 'Asia/Shanghai')).toBe(null);
    expect(dueAt({ on: 'date', hours: 3 }, '2026-01-01T00:00:00.000Z', 'UTC')?.toISOString()).toBe(
      '2026-01-01T03:00:00.000Z',
    );
  });
});
