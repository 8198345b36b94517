import { beforeAll, expect, it } from 'vitest';
import type { EntityDocument } from '../model/documents.ts';
import type { WorkflowDocument } from '../model/workflow-document.ts';
import { openRecords, type RecordsFixture } from '../records/test-records.ts';
import { describeEngines } from '../testing/databases.ts';
import { label } from '../testing/sample-documents.ts';
import { readTodo } from './read-todo.ts';

const order: EntityDocument = {
  name: 'order',
  label: label('Order'),
  display: 'name',
  ownership: 'user',
  reviews: false,
  properties: {
    name: { field: 'text', label: label('Name'), required: true, maxLength: 50 },
    kind: { field: 'text', label: label('Kind'), maxLength: 10 },
    state: { field: 'text', label: label('State'), maxLength: 20 },
  },
};
/** One kind of order: it waits in `shared`, then in a state that only this workflow has. */
const workflow = (kind: string, own: string): WorkflowDocument => ({
  name: `order_${kind}`,
  label: label(`Order ${kind}`),
  entity: 'order',
  when: `kind == '${kind}'`,
  regions: {
    main: {
      label: label('Main'),
      field: 'state',
      initial: 'shared',
      states: {
        shared: { label: label(`Shared ${kind}`), kind: 'waiting' },
        [own]: { label: label(`Own ${kind}`), kind: 'active' },
        done: { label: label('Done'), kind: 'done', final: true },
      },
      transitions: {
        [`${kind}_begin`]: { label: label('Begin'), from: { shared: true }, to: own },
        [`${kind}_finish`]: { label: label('Finish'), from: { [own]: true }, to: 'done' },
      },
    },
  },
});
const documents = [
  { kind: 'entity' as const, document: order },
  { kind: 'workflow' as const, document: workflow('paper', 'printing') },
  { kind: 'workflow' as const, document: workflow('online', 'uploading') },
];

describeEngines('what waits under several workflows over one field', (open) => {
  let on: RecordsFixture;
  beforeAll(async () => {
    on = await openRecords(await open(), [
      {
        name: 'plugin:order',
        documents: documents.map((each) => ({
          ...each,
          name: each.document.name,
          file: `${each.document.name}.json`,
        })),
      },
    ]);
    const boss = on.as('boss', ['administrator']);
    const create = async (kind: string): Promise<string> =>
      String((await on.records.create(boss, 'order', { name: kind, kind }))['id']);
    for (const kind of ['paper', 'online', 'online']) {
      await create(kind);
      await on.records.transition(boss, 'order', await create(kind), `${kind}_begin`, {});
    }
  });

  it('WF-01 counts the states of each of them, one that they share once', async () => {
    const { groups, total } = await readTodo(on.as('boss', ['administrator']), on.records);
    const own = groups.filter(({ entity }) => entity === 'order');
    expect(
      own.map(({ state, workflow: of, stateLabel, count }) => [state, of, stateLabel.en, count]).sort(),
    ).toEqual([
      ['printing', 'order_paper', 'Own paper', 1],
      ['shared', 'order_paper', 'Shared paper', 3],
      ['uploading', 'order_online', 'Own online', 2],
    ]);
    expect(total).toBe(groups.reduce((sum, { count }) => sum + count, 0));
  });
});
