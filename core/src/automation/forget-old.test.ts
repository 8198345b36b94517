import { expect, it } from 'vitest';
import { uuid7 } from '../store/uuid7.ts';
import { describeEngines } from '../testing/databases.ts';
import { forgetOld } from './forget-old.ts';

const NOW = new Date('2026-11-22T08:00:00Z');
const ago = (days: number): string => new Date(NOW.getTime() - days * 86_400_000).toISOString();

describeEngines('what automation forgets', (open) => {
  it('ENG-13 is old runs, what was sent long ago and what was read, not what failed or waits', async () => {
    const db = await open();
    const note = async (table: string, values: Readonly<Record<string, unknown>>): Promise<void> => {
      const names = Object.keys(values);
      await db.query({
        text: `insert into mortise.${table} (id, ${names.map((name) => `"${name}"`).join()})
          values ($1::uuid, ${names.map((_, at) => `$${at + 2}`).join()})`,
        values: [uuid7(), ...Object.values(values)],
      });
    };
    for (const days of [10, 200])
      await note('rule_run', {
        rule: `r${days}`,
        label: '{}',
        trigger: 'create',
        state: 'done',
        at: ago(days),
      });
    const delivery = {
      run: uuid7(),
      action: 'a',
      kind: 'webhook',
      payload: '{}',
      due_at: ago(400),
      created_at: ago(400),
    };
    for (const [rule, state, done_at] of [
      ['new', 'done', ago(10)],
      ['old', 'done', ago(100)],
      ['failed', 'failed', ago(100)],
      ['waiting', 'waiting', null],
    ])
      await note('outbox', { ...delivery, rule, state, done_at });
    for (const [kind, read_at] of [
      ['unread', null],
      ['new', ago(100)],
      ['old', ago(200)],
    ])
      await note('notification', { user: uuid7(), at: ago(300), kind, text: '{}', read_at });
    await forgetOld(db, NOW);
    const left = async (table: string, name: string): Promise<unknown[]> =>
      (await db.query({ text: `select ${name} as it from mortise.${table} order by 1` })).map(
        ({ it: each }) => each,
      );
    expect(await left('rule_run', 'rule')).toEqual(['r10']);
    expect(await left('outbox', 'rule')).toEqual(['failed', 'new', 'waiting']);
    expect(await left('notification', 'kind')).toEqual(['new', 'unread']);
  });
});
