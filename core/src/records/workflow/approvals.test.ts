import { beforeAll, expect, it } from 'vitest';
import type { Problem } from '../../errors/problem.ts';
import type { AnyDocument, DocumentKind, EntityDocument } from '../../model/documents.ts';
import type { Layer } from '../../model/layer.ts';
import type { ApprovalsDocument, WorkflowDocument } from '../../model/workflow-document.ts';
import { describeEngines } from '../../testing/databases.ts';
import { label } from '../../testing/sample-documents.ts';
import { noHooks } from '../hooks.ts';
import { openRecords, type RecordsFixture } from '../test-records.ts';
import { reassign } from './reassign.ts';

const plan: EntityDocument = {
  name: 'plan',
  label: label('Plan'),
  display: 'name',
  ownership: 'user',
  reviews: false,
  properties: {
    name: { field: 'text', label: label('Name'), required: true, maxLength: 50 },
    way: { field: 'text', label: label('Way'), maxLength: 20 },
    amount: { field: 'integer', label: label('Amount') },
    lead: { field: 'reference', label: label('Lead'), entity: 'user' },
    second: { field: 'reference', label: label('Second'), entity: 'user' },
    done_by: { field: 'reference', label: label('Done by'), entity: 'user', readOnly: true },
    state: { field: 'text', label: label('State'), maxLength: 20 },
  },
};
const lead = { label: label('Lead'), who: { lead: { field: 'lead' } } };
const second = { label: label('Second'), who: { second: { field: 'second' } } };
const anyone = {
  employees: { roles: { employee: true as const } },
  boss: { roles: { administrator: true as const } },
};
const WAYS: Readonly<Record<string, ApprovalsDocument>> = {
  sequence: { parts: { lead, second } },
  parallel: { order: 'parallel', parts: { lead, second } },
  any: { parts: { board: { label: label('Board'), who: anyone } } },
  all: {
    parts: {
      both: {
        label: label('Both'),
        need: 'all',
        who: { lead: { field: 'lead' }, second: { field: 'second' } },
      },
    },
  },
  quorum: { parts: { board: { label: label('Board'), need: 2, who: anyone } } },
  dear: { parts: { lead, second: { ...second, when: 'amount > 100' } } },
  split: {
    parts: { lead: { ...lead, when: 'amount <= 100' }, second: { ...second, when: 'amount > 100' } },
  },
  start_sequence: { parts: { lead, second } },
  start_quorum: { parts: { board: { label: label('Board'), need: 2, who: anyone } } },
};
const beginsAsked = (way: string): boolean => way.startsWith('start_');
const workflows = Object.entries(WAYS).map(([way, approvals]): WorkflowDocument => ({
  name: `plan_${way}`,
  label: label('Plan'),
  entity: 'plan',
  when: `way == '${way}'`,
  regions: {
    main: {
      label: label('Main'),
      field: 'state',
      initial: beginsAsked(way) ? 'asked' : 'draft',
      states: {
        draft: { label: label('Draft'), kind: 'draft' },
        asked: {
          label: label('Asked'),
          kind: 'waiting',
          deadlines: {
            late: {
              label: label('Late'),
              after: { hours: 1 },
              roles: { administrator: true },
              actions: { mark: { action: 'set', values: { name: "'Late'" } } },
            },
          },
        },
        passed: { label: label('Passed'), kind: 'done', final: true },
      },
      transitions: {
        [`${way}_ask`]: { label: label('Ask'), from: { draft: true }, to: 'asked' },
        [`${way}_approve`]: {
          label: label('Approve'),
          from: { asked: true },
          to: 'passed',
          opinion: 'optional',
          fields: { amount: true },
          approvals,
          actions: { by: { action: 'set', values: { done_by: 'user.id' } } },
        },
        [`${way}_return`]: {
          label: label('Return'),
          from: { asked: true },
          to: 'draft',
          opinion: 'required',
          who: { approver: { approverOf: `${way}_approve` } },
        },
      },
    },
  },
}));
const document = (kind: DocumentKind, each: AnyDocument): Layer['documents'][number] => ({
  kind,
  name: each.name,
  document: each,
  file: `${each.name}.json`,
});
const layer: Layer = {
  name: 'plugin:plan',
  documents: [document('entity', plan), ...workflows.map((each) => document('workflow', each))],
};

describeEngines('approvals of several', (open) => {
  let on: RecordsFixture;
  beforeAll(async () => {
    on = await openRecords(await open(), [layer]);
  });
  type Person = 'boss' | 'wang' | 'li';
  const context = (person: Person) => ({
    ...on.as(person, ['administrator']),
    actor: { ...on.as(person).actor },
  });
  let way = '';
  async function asked(of: string, values = {}): Promise<string> {
    way = of;
    const made = await on.records.create(context('boss'), 'plan', {
      name: 'Fair',
      way: of,
      lead: on.people.wang.id,
      second: on.people.li.id,
      ...values,
    });
    if (!beginsAsked(of)) await step('boss', String(made['id']), 'ask');
    return String(made['id']);
  }
  const step = async (person: Person, id: string, name: string, opinion?: string): Promise<unknown> =>
    (
      await on.records.transition(
        context(person),
        'plan',
        id,
        `${way}_${name}`,
        opinion === undefined ? {} : { opinion },
      )
    )['state'];
  async function refused(call: Promise<unknown>): Promise<readonly string[]> {
    const problem = await call.then(
      () => null,
      (error: unknown) => error as Problem,
    );
    return problem?.faults.map(({ code }) => code) ?? ['not refused'];
  }
  const states = async (person: Person, id: string): Promise<readonly string[]> => {
    const { transitions } = await on.records.transitions(context(person), 'plan', id);
    return transitions.find(({ name }) => name === `${way}_approve`)!.approvals.map(({ state }) => state);
  };

  const waits = async (person: Person, id: string): Promise<boolean> =>
    (await on.records.list(context(person), 'plan', { filter: { $waiting: true, id }, fields: ['name'] }))
      .items.length === 1;
  const timersOf = async (id: string): Promise<readonly unknown[]> =>
    await on.db.query({
      text: 'select id, deadline, state, due_at from mortise.timer where record_id = $1::uuid',
      values: [id],
    });

  it('ENG-10 asks one after the other, and moves with the last', async () => {
    const id = await asked('sequence');
    expect(await states('wang', id)).toEqual(['asked', 'later']);
    expect(await refused(step('li', id, 'approve'))).toEqual(['MRT_TRANSITION_APPROVAL']);
    expect(await step('wang', id, 'approve', 'fine')).toBe('asked');
    expect(await states('li', id)).toEqual(['given', 'asked']);
    expect(await refused(step('wang', id, 'approve'))).toEqual(['MRT_TRANSITION_APPROVAL']);
    expect(await on.records.read(context('boss'), 'plan', id)).toMatchObject({ done_by: null });
    expect(await step('li', id, 'approve')).toBe('passed');
    expect(await on.records.read(context('boss'), 'plan', id)).toMatchObject({ done_by: on.people.li.id });
  });

  it('ENG-10 keeps each approval in the log, with who, which and what was said', async () => {
    const id = await asked('sequence');
    await step('wang', id, 'approve', 'fine');
    const [last] = await on.records.history(context('boss'), 'plan', id);
    expect(last).toMatchObject({
      action: 'transition',
      reason: 'fine',
      steps: [{ transition: 'sequence_approve', label: { en: 'Approve (Lead)' }, opinion: 'fine' }],
    });
  });

  it('ENG-10 asks side by side, in any order', async () => {
    const id = await asked('parallel');
    expect(await states('li', id)).toEqual(['asked', 'asked']);
    expect(await step('li', id, 'approve')).toBe('asked');
    expect(await step('wang', id, 'approve')).toBe('passed');
  });

  it('ENG-10 is content with any, or wants all, or so many different people', async () => {
    expect(await step('li', await asked('any'), 'approve')).toBe('passed');
    const all = await asked('all');
    expect(await step('li', all, 'approve')).toBe('asked');
    expect(await step('wang', all, 'approve')).toBe('passed');
    const quorum = await asked('quorum');
    expect(await step('li', quorum, 'approve')).toBe('asked');
    expect(await refused(step('li', quorum, 'approve'))).toEqual(['MRT_TRANSITION_APPROVAL']);
    expect(await step('boss', quorum, 'approve')).toBe('passed');
  });

  it('ENG-10 counts one person in two alternatives for both', async () => {
    const id = await asked('all', { second: on.people.wang.id });
    expect(await step('wang', id, 'approve')).toBe('passed');
  });

  it('ENG-10 asks an approval only where its condition holds', async () => {
    expect(await step('wang', await asked('dear', { amount: 5 }), 'approve')).toBe('passed');
    const dear = await asked('dear', { amount: 500 });
    expect(await step('wang', dear, 'approve')).toBe('asked');
    expect(await step('li', dear, 'approve')).toBe('passed');
  });

  it('ENG-10 lets nobody past an approval by what he fills into the form', async () => {
    const id = await asked('split', { amount: 5 });
    const approve = (person: Person, amount: number) =>
      on.records.transition(context(person), 'plan', id, 'split_approve', { input: { amount } });
    expect(await refused(approve('wang', 500))).toEqual(['MRT_TRANSITION_APPROVAL']);
    expect(await on.records.read(context('boss'), 'plan', id)).toMatchObject({ state: 'asked', amount: 5 });
    expect(await approve('wang', 50)).toMatchObject({ state: 'passed', amount: 50 });
  });

  it('ENG-10 follows who the field names when it is asked', async () => {
    const id = await asked('sequence');
    await on.records.update(context('boss'), 'plan', id, 2, { lead: on.people.boss.id });
    expect(await refused(step('wang', id, 'approve'))).toEqual(['MRT_TRANSITION_APPROVAL']);
    expect(await step('boss', id, 'approve')).toBe('asked');
  });

  const switchUser = async (person: Person, status: string) =>
    await on.db.query({
      text: `update "user" set status = $2 where id = $1::uuid`,
      values: [on.people[person].id, status],
    });
  const passOn = (
    person: Person,
    ids: string | readonly string[],
    to: Person | 'zhao',
    from?: Person,
    roles?: readonly string[],
  ) =>
    reassign(
      {
        db: on.db,
        dictionaries: { values: () => [], value: () => undefined, descendants: () => [], revision: () => 1 },
        hooks: noHooks,
        contextOf: async (_asking, user) => {
          const name = (['boss', 'wang', 'li', 'zhao'] as const).find((each) => on.people[each].id === user)!;
          const [row] = await on.db.query<{ status: string | null }>({
            text: 'select status from "user" where id = $1::uuid',
            values: [user],
          });
          return {
            context: name === 'zhao' ? on.as('zhao') : context(name),
            isActive: row?.status !== 'disabled',
          };
        },
      },
      roles ? on.as(person, roles) : context(person),
      'plan',
      {
        records: [ids].flat(),
        to: on.people[to].id,
        reason: 'away',
        ...(from ? { from: on.people[from].id } : {}),
      },
    );

  it('ENG-10 lets who is asked pass his approval on: only the other one is asked then, told, and may return it', async () => {
    const id = await asked('sequence');
    await passOn('wang', id, 'boss');
    expect([await waits('wang', id), await waits('boss', id)]).toEqual([false, true]);
    expect(await refused(step('wang', id, 'approve'))).toEqual(['MRT_TRANSITION_APPROVAL']);
    const [last] = await on.records.history(context('boss'), 'plan', id);
    expect(last).toMatchObject({
      reason: 'away',
      by: on.people.wang.id,
      steps: [
        {
          transition: 'reassign',
          label: { 'zh-CN': '转办给boss', en: 'Passed on to boss' },
          from: last!.steps[0]!.to,
        },
      ],
    });
    expect(
      await on.db.query({
        text: 'select kind, detail from mortise.notification where record_id = $1::uuid and "user" = $2::uuid',
        values: [id, on.people.boss.id],
      }),
    ).toEqual([{ kind: 'asked', detail: 'away' }]);
    expect(await step('boss', id, 'return', 'no')).toBe('draft');
    await step('boss', id, 'ask');
    expect(await waits('wang', id)).toBe(true);
  });

  it('ENG-10 counts a passed-on approval for the alternative it was passed on of, and lets it go on or back', async () => {
    const id = await asked('all');
    await passOn('wang', id, 'boss');
    await passOn('boss', id, 'li');
    expect([await waits('boss', id), await waits('li', id)]).toEqual([false, true]);
    await passOn('li', id, 'wang');
    expect(await step('wang', id, 'approve')).toBe('passed');
  });

  it('ENG-10 lets nothing wait for somebody who left: who gave it is asked again, and it is passed on from him', async () => {
    const [id, other] = [await asked('sequence'), await asked('sequence')];
    for (const each of [id, other]) await passOn('wang', each, 'li');
    await switchUser('li', 'disabled');
    try {
      expect(await waits('wang', id)).toBe(true);
      expect(await step('wang', id, 'approve')).toBe('asked');
      await expect(passOn('boss', other, 'li', 'wang')).rejects.toMatchObject({ faults: [{ path: '/to' }] });
      await passOn('boss', other, 'boss', 'li');
      expect([await waits('wang', other), await waits('boss', other)]).toEqual([false, true]);
      expect(await refused(step('wang', other, 'approve'))).toEqual(['MRT_TRANSITION_APPROVAL']);
      expect(await step('boss', other, 'approve')).toBe('asked');
    } finally {
      await switchUser('li', 'active');
    }
  });

  it('ENG-10 names the record as it was sent, and the person, whom it could not be passed on of or to', async () => {
    const [good, done] = [await asked('sequence'), await asked('any')];
    await step('wang', done, 'approve');
    await expect(passOn('wang', [good.toUpperCase(), good, done], 'boss')).rejects.toMatchObject({
      faults: [{ path: '/records/2', code: 'MRT_REASSIGN' }],
    });
    await expect(passOn('wang', [good, await asked('sequence')], 'zhao')).rejects.toMatchObject({
      faults: [{ path: '/to', code: 'MRT_REASSIGN' }],
    });
  });

  it('ENG-10 passes on what waits for others only with the right to, and to nobody who cannot act', async () => {
    const id = await asked('sequence');
    await passOn('boss', id, 'li', 'wang');
    expect(await step('li', id, 'approve')).toBe('asked');
    expect(await refused(passOn('boss', id, 'zhao', 'li'))).toEqual(['MRT_REASSIGN']);
    expect(await refused(passOn('li', id, 'li'))).toEqual(['MRT_REASSIGN']);
    const other = await asked('sequence');
    const done = await asked('any');
    await step('li', done, 'approve');
    expect(await refused(passOn('li', done, 'boss'))).toEqual(['MRT_REASSIGN']);
    await expect(passOn('li', other, 'boss', 'wang', ['employee'])).rejects.toMatchObject({
      code: 'MRT_ACCESS_FUNCTION',
    });
  });

  it('ENG-10 lets who is asked return it with an opinion; then all is asked anew', async () => {
    const id = await asked('sequence');
    await step('wang', id, 'approve');
    expect(await refused(step('wang', id, 'return', 'no'))).toEqual(['MRT_TRANSITION_WHO']);
    expect(await step('li', id, 'return', 'no')).toBe('draft');
    await step('boss', id, 'ask');
    expect(await states('wang', id)).toEqual(['asked', 'later']);
    expect(await step('wang', id, 'approve')).toBe('asked');
  });

  it('ENG-10 counts two approvals at once as two', async () => {
    const id = await asked('parallel');
    const both = await Promise.all([step('li', id, 'approve'), step('wang', id, 'approve')]);
    expect(both.toSorted()).toEqual(['asked', 'passed']);
  });

  it('ENG-10 waits for those who can approve and have not', async () => {
    const id = await asked('parallel');
    expect([await waits('li', id), await waits('wang', id), await waits('boss', id)]).toEqual([
      true,
      true,
      false,
    ]);
    await step('li', id, 'approve');
    expect([await waits('li', id), await waits('wang', id)]).toEqual([false, true]);
  });
  it('ENG-10 counts approvals of a record that has not left its initial state', async () => {
    const id = await asked('start_sequence');
    expect(await refused(step('li', id, 'approve'))).toEqual(['MRT_TRANSITION_APPROVAL']);
    expect(await step('wang', id, 'approve')).toBe('asked');
    expect(await states('li', id)).toEqual(['given', 'asked']);
    expect(await refused(step('wang', id, 'approve'))).toEqual(['MRT_TRANSITION_APPROVAL']);
    expect([await waits('wang', id), await waits('li', id)]).toEqual([false, true]);
    expect(await step('li', id, 'approve')).toBe('passed');
  });

  it('ENG-10 wants different people for a quorum from the initial state, and asks nobody twice', async () => {
    const id = await asked('start_quorum');
    expect(await waits('li', id)).toBe(true);
    expect(await step('li', id, 'approve')).toBe('asked');
    expect(await waits('li', id)).toBe(false);
    expect(await refused(step('li', id, 'approve'))).toEqual(['MRT_TRANSITION_APPROVAL']);
    expect(await step('boss', id, 'approve')).toBe('passed');
  });

  it.each(['sequence', 'start_sequence'])(
    'ENG-10 keeps the deadlines of a state that waits: %s',
    async (of) => {
      const id = await asked(of);
      const before = await timersOf(id);
      expect(before).toMatchObject([{ deadline: 'late', state: 'asked' }]);
      await step('wang', id, 'approve');
      expect(await timersOf(id)).toEqual(before);
      await step('li', id, 'approve');
      expect(await timersOf(id)).toEqual([]);
    },
  );
});
