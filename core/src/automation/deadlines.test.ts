import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../store/database.ts';
import { openPglite } from '../store/open-pglite.ts';
import { openPostgres } from '../store/open-postgres.ts';
import { prepareSystem } from '../store/prepare-system.ts';
import { createServerDatabase, describeEngines, serverSkipped } from '../testing/databases.ts';
import { renewSecret } from './secrets.ts';
import type { AutomationFixture } from './test-automation.ts';
import { openDeadlines } from './test-deadline.ts';

const HOUR = 3_600_000;
const inTime = (ms: number): string => new Date(Date.now() + ms).toISOString();

describeEngines('deadlines of states', (open) => {
  let db: Database;
  let on: AutomationFixture;
  beforeAll(async () => {
    db = await open();
    on = await openDeadlines(db, 'http://127.0.0.1:9/none');
    await on.turnTo(inTime(0));
  });
  afterEach(() => on.refuseReported());

  const create = async (name: string): Promise<string> =>
    String((await on.records.create(on.as('wang'), 'thing', { name }))['id']);
  const pass = async (id: string) => await on.records.transition(on.as('boss'), 'thing', id, 'first_pass');
  const visitsOf = async (id: string): Promise<readonly unknown[]> => {
    const { items } = await on.records.list(on.system, 'visit', {
      filter: { thing: id },
      fields: ['subject'],
      sort: 'subject',
    });
    return items.map(({ subject }) => subject);
  };
  const timersOf = async (id: string): Promise<readonly unknown[]> => {
    const rows = await db.query({
      text: 'select deadline from mortise.timer where record_id = $1::uuid order by due_at',
      values: [id],
    });
    return rows.map(({ deadline }) => deadline);
  };
  const stateOf = async (id: string): Promise<unknown> =>
    (await on.records.read(on.system, 'thing', id, { fields: ['review_status'] }))['review_status'];

  it('ENG-10 remind after their time and escalate after a longer one, once each', async () => {
    const id = await create('Slow');
    await pass(id);
    expect(await timersOf(id)).toEqual(['remind', 'escalate']);
    await on.turnTo(inTime(HOUR - 60_000));
    expect(await visitsOf(id)).toEqual(['Called', 'Passed']);
    await on.turnTo(inTime(HOUR + 60_000));
    await on.turnTo(inTime(HOUR + 120_000));
    expect(await visitsOf(id)).toEqual(['Called', 'Passed', 'Remind Slow']);
    expect(await stateOf(id)).toBe('first_passed');
    await on.turnTo(inTime(27 * HOUR));
    expect(await stateOf(id)).toBe('rejected');
    expect(await timersOf(id)).toEqual(['correct']);
    const [last] = await on.records.history(on.system, 'thing', id);
    expect(last).toMatchObject({
      source: 'rule',
      rule: 'data_review/review/first_passed/escalate',
      byName: 'Escalate',
      steps: [{ transition: 'send_back', opinion: 'too late' }],
    });
    const runs = (await on.runs()).filter(
      ({ record_id, trigger }) => record_id === id && trigger === 'deadline',
    );
    expect(runs.map(({ rule, state }) => [rule.split('/').at(-1), state])).toEqual([
      ['remind', 'done'],
      ['escalate', 'done'],
    ]);
  });

  it('ENG-10 count working days where they say so', async () => {
    const id = await create('Worked on');
    const friday = new Date('2026-03-06T08:00:00Z');
    const context = { ...on.as('boss'), now: friday };
    await on.records.transition(context, 'thing', id, 'send_back', { opinion: 'no' });
    const [timer] = await db.query<{ due_at: Date }>({
      text: 'select due_at from mortise.timer where record_id = $1::uuid',
      values: [id],
    });
    expect(new Date(timer!.due_at).toISOString()).toBe('2026-03-09T08:00:00.000Z');
    await db.query({ text: 'delete from mortise.timer where record_id = $1::uuid', values: [id] });
  });

  it('ENG-10 are off when the record leaves the state, and begin anew when it comes back', async () => {
    const id = await create('Quick');
    await pass(id);
    await on.records.transition(on.as('boss'), 'thing', id, 'withdraw_first');
    expect(await timersOf(id)).toEqual(['forgotten']);
    await on.turnTo(inTime(2 * HOUR));
    expect(await visitsOf(id)).toEqual(['Called', 'Passed']);
  });

  it('ENG-10 begin with a new record, also with one of many, and look at their condition when they are due', async () => {
    const id = await create('Forgotten one');
    const others = await on.records.createMany(on.as('wang'), 'thing', [
      { name: 'Forgotten two' },
      { name: 'Kept' },
    ]);
    await on.turnTo(inTime(73 * HOUR));
    const noteOf = async (record: unknown): Promise<unknown> =>
      (await on.records.read(on.system, 'thing', String(record), { fields: ['note'] }))['note'];
    expect(await noteOf(id)).toBe('nobody looks');
    expect(await noteOf(others[0]?.['id'])).toBe('nobody looks');
    expect(await noteOf(others[1]?.['id'])).toBe(null);
  });

  it('ENG-10 wait while a record is in the recycle bin or void, and are due when it is back', async () => {
    const noteOf = async (id: string) =>
      (await on.records.read(on.system, 'thing', id, { fields: ['note'] }))['note'];
    const removed = await create('Forgotten and removed');
    const voided = await create('Forgotten and void');
    const gone = await create('Forgotten and gone');
    for (const id of [removed, gone]) await on.records.remove(on.system, 'thing', id);
    await db.query({ text: 'update thing set is_void = true where id = $1::uuid', values: [voided] });
    await on.turnTo(inTime(74 * HOUR));
    for (const id of [removed, voided, gone]) expect(await timersOf(id)).toEqual(['forgotten']);
    expect(
      (await on.runs()).filter(({ record_id }) => [removed, voided].includes(String(record_id))),
    ).toEqual([]);
    await on.records.restore(on.system, 'thing', removed);
    await db.query({ text: 'update thing set is_void = false where id = $1::uuid', values: [voided] });
    await db.query({ text: 'delete from thing where id = $1::uuid', values: [gone] });
    await on.turnTo(inTime(76 * HOUR));
    for (const id of [removed, voided]) expect(await noteOf(id)).toBe('nobody looks');
    for (const id of [removed, voided, gone]) expect(await timersOf(id)).toEqual([]);
  });

  /** Lets the action of one deadline fail, as the database would. */
  async function letFail(subject: string, state: string): Promise<() => Promise<void>> {
    await db.query({
      text: `create function fail_visit() returns trigger language plpgsql as $$ begin
        if new.subject = '${subject}' then raise exception 'made to fail' using errcode = '${state}'; end if;
        return new; end $$`,
    });
    await db.query({
      text: 'create trigger fail_visit before insert on visit for each row execute function fail_visit()',
    });
    return async () => void (await db.query({ text: 'drop function fail_visit cascade' }));
  }

  it('ENG-10 one whose action always times out holds up no other', async () => {
    const [stuck, other] = [await create('Stuck'), await create('Other')];
    await pass(stuck);
    await pass(other);
    const mend = await letFail('Remind Stuck', '57014');
    await on.turnTo(inTime(2 * HOUR));
    expect(() => on.refuseReported()).toThrow('MRT_UNAVAILABLE');
    expect(await visitsOf(other)).toContain('Remind Other');
    expect(await timersOf(stuck)).toEqual(['remind', 'escalate']);
    await mend();
    await on.turnTo(inTime(2 * HOUR));
    expect(await visitsOf(stuck)).toContain('Remind Stuck');
  });

  it('ENG-10 one that failed is tried again only for a live record that stands in the state', async () => {
    const id = await create('Fails');
    await pass(id);
    const mend = await letFail('Remind Fails', 'P0001');
    await on.turnTo(inTime(2 * HOUR));
    expect(() => on.refuseReported()).toThrow('made to fail');
    await mend();
    const failed = (await on.runs()).find(({ record_id, state }) => record_id === id && state === 'failed');
    const { retryRun } = await import('./retry-run.ts');
    const retry = async () => await retryRun(on.automation.clockOptions, on.system, String(failed?.['id']));
    await on.records.transition(on.as('boss'), 'thing', id, 'withdraw_first');
    await expect(retry()).rejects.toMatchObject({ code: 'MRT_RULE_NOT_RUN' });
    await pass(id);
    const setVoid = async (isVoid: boolean) =>
      await db.query({ text: 'update thing set is_void = $2 where id = $1::uuid', values: [id, isVoid] });
    await setVoid(true);
    await expect(retry()).rejects.toMatchObject({ code: 'MRT_RULE_NOT_RUN' });
    await setVoid(false);
    expect(await visitsOf(id)).not.toContain('Remind Fails');
    await retry();
    expect(await visitsOf(id)).toContain('Remind Fails');
  });

  it('ENG-12 stay as they were when the record came into the state', async () => {
    const id = await create('Old definition');
    await pass(id);
    await db.query({
      text: `update mortise.timer set document = jsonb_set(document::jsonb, '{actions,visit,values,subject}', to_jsonb($2::text))::json
      where record_id = $1::uuid and deadline = 'remind'`,
      values: [id, `'As it was'`],
    });
    await on.turnTo(inTime(2 * HOUR));
    expect(await visitsOf(id)).toContain('As it was');
  });

  it('two nodes at once do it once', async () => {
    const id = await create('Two nodes');
    await pass(id);
    const { runDeadlines } = await import('./deadlines.ts');
    const at = new Date(Date.now() + 2 * HOUR);
    await Promise.all([1, 2, 3].map(() => runDeadlines(on.automation.clockOptions, at)));
    expect((await visitsOf(id)).filter((subject) => subject === 'Remind Two nodes')).toHaveLength(1);
  });
});

/** Between the transition and the last of what follows from it. */
const POINTS = [
  'records.after-write',
  'records.after-step',
  'rule.acted',
  'rule.acted:3',
  'store.after-commit',
  'deadline.found',
  'rule.noted',
  'rule.acted:6',
  'deadline.done',
  'outbox.claimed',
  'outbox.called',
  'outbox.sent',
  'outbox.marked',
];
const CHILD = fileURLToPath(new URL('test-deadline-child.ts', import.meta.url));

describe('a process that dies between a transition and what follows', { timeout: 120_000 }, () => {
  let server: Server;
  let url: string;
  let received: string[] = [];
  beforeAll(async () => {
    server = createServer((request, answer) => {
      received.push(String(request.headers['idempotency-key']));
      answer.statusCode = 204;
      answer.end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/in`;
  });
  afterAll(() => server.close());

  async function prepare(db: Database): Promise<string> {
    const on = await openDeadlines(db, url);
    await renewSecret(db, 'partner', '');
    return String((await on.records.create(on.as('wang'), 'thing', { name: 'Crash' }))['id']);
  }

  async function dieAt(point: string, target: string, id: string): Promise<string | null> {
    received = [];
    const child = spawn(process.execPath, [CHILD, target, url, id], {
      env: { ...process.env, MORTISE_FAILPOINT: point },
      stdio: 'inherit',
    });
    const [, signal] = (await once(child, 'exit')) as [number | null, string | null];
    return signal;
  }

  /** What a node that starts later finds and does; who asked for the transition asks again when it was lost. */
  async function after(db: Database, id: string): Promise<object> {
    const on = await openDeadlines(db, url);
    const { review_status: state } = await on.records.read(on.system, 'thing', id, {
      fields: ['review_status'],
    });
    if (state === 'unreviewed') await on.records.transition(on.as('boss'), 'thing', id, 'first_pass');
    for (const hours of [1.2, 1.5, 2]) await on.turnTo(inTime(hours * HOUR));
    const visits = await on.records.list(on.system, 'visit', {
      filter: { thing: id },
      fields: ['subject'],
      sort: 'subject',
    });
    const runs = await on.runs();
    const told = await db.query<{ text: { en: string } }>({
      text: 'select text from mortise.notification where record_id = $1::uuid order by at, id',
      values: [id],
    });
    return {
      told: told.map(({ text }) => text.en).sort(),
      visits: visits.items.map(({ subject }) => subject),
      runs: runs.map((run) => `${run.rule} ${run.state}`).sort(),
      received: new Set(received).size,
      open: (await on.deliveries()).filter(({ state: of }) => of !== 'done').length,
    };
  }

  const EXPECTED = {
    told: ['Passed', 'Remind'],
    visits: ['Called', 'Passed', 'Remind Crash'],
    runs: ['data_review/review/first_passed/remind done', 'passed done'],
    received: 2,
    open: 0,
  };

  it.each(['rule.acted', 'outbox.sent'])('on PGlite at %s: everything has happened once', async (point) => {
    const folder = mkdtempSync(join(tmpdir(), 'mortise-deadline-'));
    const first = await openPglite({ dataDir: folder });
    await prepareSystem(first);
    const id = await prepare(first);
    await first.close();
    const copy = `${folder}-copy`;
    cpSync(folder, copy, { recursive: true });
    expect(await dieAt(point, copy, id)).toBe('SIGKILL');
    const db = await openPglite({ dataDir: copy });
    expect(await after(db, id)).toEqual(EXPECTED);
    await db.close();
    for (const each of [folder, copy]) rmSync(each, { recursive: true, force: true });
  });

  describe.skipIf(serverSkipped !== null)('on PostgreSQL', () => {
    let template: Awaited<ReturnType<typeof createServerDatabase>>;
    let id: string;
    beforeAll(async () => {
      template = await createServerDatabase();
      const db = await openPostgres(template.url, { max: 4 });
      await prepareSystem(db);
      id = await prepare(db);
      await db.close();
    }, 60_000);
    afterAll(async () => await template.drop());

    it.each(POINTS)('at %s everything has happened once', async (point) => {
      const { url: target, drop } = await createServerDatabase(template.name);
      expect(await dieAt(point, target, id)).toBe('SIGKILL');
      const db = await openPostgres(target, { max: 4 });
      expect(await after(db, id)).toEqual(EXPECTED);
      await db.close();
      await drop();
    });
  });
});
