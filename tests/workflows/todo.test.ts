import { beforeAll, expect, it } from 'vitest';
import type { Application } from '../../core/src/app/application.ts';
import type { Context } from '../../core/src/context/context.ts';
import { Problem } from '../../core/src/errors/problem.ts';
import type { RecordData } from '../../core/src/records/records.ts';
import { describeEngines } from '../../core/src/testing/databases.ts';
import { readTodo } from '../../core/src/todo/read-todo.ts';
import { startBase } from '../conformance/base-application.ts';
import { makePerson, type Person } from './people.ts';

/** Steps that nobody is waited for with: of the delivered documents those to cancel, hand over and take back. */
const ASIDE = new Set([
  'cancel',
  'hand_over',
  'withdraw_first',
  'withdraw_second',
  'propose_blacklist',
  'propose_cancellation',
  'propose_key_account',
]);
const LATER = new Set(['guard', 'required']);

describeEngines('what waits for a person', (open) => {
  let app: Application;
  let system: Context;
  const people: Record<string, Person> = {};

  beforeAll(async () => {
    ({ app, system } = await startBase(open));
    const sales = await app.records.create(system, 'unit', { name: '营销中心', code: 'sales' });
    const north = await app.records.create(system, 'unit', {
      name: '北区',
      code: 'north',
      parent: sales['id'],
    });
    const news = await app.records.create(system, 'unit', { name: '新闻中心', code: 'news' });
    const add = async (username: string, role: string, unit: RecordData, more = {}): Promise<Person> =>
      (people[username] = await makePerson(app, system, { username, role, unit, ...more }));
    const manager = await add('manager', 'department_manager', sales, { units: [sales, north] });
    const seller = await add('seller', 'employee', north);
    const junior = await add('junior', 'employee', north, { supervisor: seller });
    const editor = await add('editor', 'employee', news);
    const one = await add('reviewer.one', 'reviewer', news);
    const two = await add('reviewer.two', 'reviewer', news);

    for (const [index, owner] of [seller, junior, editor].entries()) {
      const id = async (): Promise<string> =>
        String(
          (
            await app.records.create({ ...owner, source: 'demo' }, 'customer', {
              name: `酒业${index}号有限公司`,
              address: `路${index}号`,
              province: '51',
              city: '510100',
            })
          )['id'],
        );
      const step = (by: Person, customer: string, name: string, opinion?: string) =>
        app.records.transition(by, 'customer', customer, name, opinion === undefined ? {} : { opinion });
      await id();
      await step(one, await id(), 'first_pass');
      const done = await id();
      await step(one, done, 'first_pass');
      await step(two, done, 'second_pass');
      await step(two, await id(), 'first_return', '不全');
    }
    for (const [by, to, steps] of [
      [manager, seller, []],
      [manager, junior, ['accept']],
      [seller, junior, ['accept', 'finish']],
      [seller, seller, ['return']],
    ] as const) {
      const { id } = await app.records.create(by, 'task', { title: '任务', owner: to.id, result: '完成' });
      await app.records.transition(by, 'task', String(id), 'assign');
      for (const name of steps)
        await app.records.transition(to, 'task', String(id), name, name === 'return' ? { opinion: 'x' } : {});
    }
  });

  it('WF-01, WF-07 is exactly what a step waits for that he may take, for every person and record', async () => {
    let found = 0;
    for (const person of Object.values(people)) {
      for (const entity of ['customer', 'task']) {
        const all = await app.records.list(person, entity, { fields: ['id'], limit: 100 });
        const listed = await app.records.list(person, entity, {
          fields: ['id'],
          filter: { $waiting: true },
          limit: 100,
        });
        const expected: string[] = [];
        for (const { id } of all.items) {
          const offered = await app.records
            .transitions(person, entity, String(id))
            .catch((error: unknown) => {
              // He may know of it, and no more.
              if (error instanceof Problem && error.code === 'MRT_ACCESS_DENIED') return null;
              throw error;
            });
          if (offered === null) continue;
          const { states, transitions } = offered;
          const waits = states.some(({ kind }) => ['waiting', 'active', 'returned'].includes(kind ?? ''));
          const may = transitions.some(
            ({ name, reasons }) => !ASIDE.has(name) && reasons.every(({ code }) => LATER.has(code)),
          );
          if (waits && may) expected.push(String(id));
        }
        expect(listed.items.map(({ id }) => id).sort(), `${person.actor.username} ${entity}`).toEqual(
          expected.sort(),
        );
        found += expected.length;
      }
    }
    expect(found).toBeGreaterThan(10);
  });

  it('WF-01 counts it by entity and state', async () => {
    const { groups, total } = await readTodo(people['reviewer.one']!, app.records);
    const of = (state: string) =>
      groups.find((group) => group.entity === 'customer' && group.state === state);
    expect(of('unreviewed')).toMatchObject({ field: 'review_status', count: 3, workflow: 'data_review' });
    // He did the first review of those that wait for the second.
    expect(of('first_passed')).toBeUndefined();
    expect(total).toBe(groups.reduce((sum, { count }) => sum + count, 0));
    const mine = await readTodo(people['junior']!, app.records);
    expect(mine.groups.map(({ entity, state, count }) => [entity, state, count])).toContainEqual([
      'task',
      'accepted',
      1,
    ]);
  });

  it('ENG-17 refuses another operand than true', async () => {
    await expect(
      app.records.list(people['seller']!, 'task', { filter: { $waiting: 'yes' } }),
    ).rejects.toMatchObject({ code: 'MRT_QUERY_OPERATOR' });
  });
});
