import { beforeAll, expect, it } from 'vitest';
import type { Problem } from '../../errors/problem.ts';
import type { AnyDocument, DocumentKind, EntityDocument, FieldDocument } from '../../model/documents.ts';
import type { Layer } from '../../model/layer.ts';
import type { WorkflowDocument } from '../../model/workflow-document.ts';
import { describeEngines } from '../../testing/databases.ts';
import { label } from '../../testing/sample-documents.ts';
import { openRecords, type RecordsFixture } from '../test-records.ts';

const field = (type: string, more: Partial<FieldDocument> = {}): FieldDocument => ({
  field: type,
  label: label(type),
  ...more,
});
const options = (...codes: readonly string[]) => ({
  options: Object.fromEntries(codes.map((code) => [code, { label: label(code) }])),
});
const deal: EntityDocument = {
  name: 'deal',
  label: label('Deal'),
  display: 'name',
  ownership: 'user',
  reviews: false,
  properties: {
    name: field('text', { required: true, maxLength: 50 }),
    amount: field('integer'),
    guarantee: field('text', { maxLength: 50 }),
    secret: field('text', { sensitive: true, maxLength: 50 }),
    checked_by: field('reference', { entity: 'user', readOnly: true }),
    opinion_kept: field('text', { maxLength: 100, readOnly: true }),
    simple: field('boolean', { default: false }),
    contract: field('choice', options('draft', 'waiting', 'passed')),
    finance: field('choice', options('draft', 'waiting', 'passed')),
  },
};
const states = {
  draft: { label: label('Draft') },
  waiting: { label: label('Waiting') },
  passed: { label: label('Passed'), final: true },
};
const approval: WorkflowDocument = {
  name: 'approval',
  label: label('Approval'),
  entity: 'deal',
  when: 'simple != true',
  regions: {
    contract: {
      label: label('Contract'),
      field: 'contract',
      initial: 'draft',
      states,
      transitions: {
        submit: {
          label: label('Submit'),
          from: { draft: true },
          to: 'waiting',
          required: { amount: true },
          who: { owner: { field: 'owner' } },
        },
        approve: {
          label: label('Approve'),
          from: { waiting: true },
          to: 'passed',
          who: {
            head: { roles: { administrator: true }, unit: 'below' },
            superior: { roles: { administrator: true }, authorUnit: 'below' },
          },
          fourEyes: { author: true, transitions: { submit: true } },
          opinion: 'optional',
          actions: {
            keep: { action: 'set', values: { checked_by: 'user.id', opinion_kept: 'opinion' } },
            tell: {
              action: 'create',
              entity: 'visit',
              values: { subject: "'Approved: ' + name", thing: "''" },
              when: 'amount > 1000000',
            },
          },
        },
        refuse: {
          label: label('Refuse'),
          from: { waiting: true },
          to: 'draft',
          opinion: 'required',
          fourEyes: { transitions: { submit: true } },
          actions: { both: { action: 'set', values: { finance: "'draft'" } } },
        },
        withdraw: {
          label: label('Withdraw'),
          from: { waiting: true },
          to: 'draft',
          who: { doer: { stepBy: { submit: true } } },
        },
      },
    },
    finance: {
      label: label('Finance'),
      field: 'finance',
      initial: 'draft',
      states,
      transitions: {
        pay: {
          label: label('Pay'),
          from: { draft: true },
          to: 'passed',
          who: { small: { expr: 'amount < 100' }, boss: { roles: { administrator: true } } },
          fields: { guarantee: true, secret: true },
          guards: {
            safe: { when: "contract == 'passed' || guarantee != null", message: label('guarantee missing') },
          },
        },
      },
    },
  },
};
const layer = (...documents: readonly (readonly [DocumentKind, AnyDocument])[]): Layer => ({
  name: 'plugin:deal',
  documents: documents.map(([kind, document]) => ({
    kind,
    name: document.name,
    document,
    file: `${document.name}.json`,
  })),
});
const dealRights = {
  name: 'employee',
  extends: true,
  grants: {
    deal: {
      entity: 'deal',
      actions: { query: 'all', read: 'below', create: 'own', update: 'own', transition: 'below' },
    },
  },
} as unknown as AnyDocument;

const problemOf = async (run: Promise<unknown>): Promise<Problem> =>
  await run.then(
    () => {
      throw new Error('it was not refused');
    },
    (error: Problem) => error,
  );
const codesOf = (problem: Problem) => problem.faults.map((fault) => [fault.path, fault.code]);

describeEngines('transitions', (open) => {
  let on: RecordsFixture;
  beforeAll(async () => {
    on = await openRecords(await open(), [
      layer(['entity', deal], ['workflow', approval], ['role', dealRights]),
    ]);
  });
  const create = async (input: Record<string, unknown> = {}, person: 'boss' | 'wang' | 'li' = 'wang') =>
    String((await on.records.create(on.as(person), 'deal', { name: 'Deal', amount: 500, ...input }))['id']);
  const move = async (
    person: 'boss' | 'wang' | 'li' | 'zhao',
    id: string,
    name: string,
    more: Parameters<RecordsFixture['records']['transition']>[4] = {},
  ) => await on.records.transition(on.as(person), 'deal', id, name, more);
  const offered = async (person: 'boss' | 'wang' | 'li', id: string) => {
    const { transitions } = await on.records.transitions(on.as(person), 'deal', id);
    return Object.fromEntries(
      transitions.map((each) => [each.name, each.allowed ? true : each.reasons.map(({ code }) => code)]),
    );
  };

  it('ENG-10 starts a record in the initial states, and takes no other from anybody', async () => {
    const id = await create();
    expect(await on.records.read(on.as('boss'), 'deal', id)).toMatchObject({
      contract: 'draft',
      finance: 'draft',
    });
    expect(codesOf(await problemOf(create({ contract: 'passed' }, 'boss')))).toEqual([
      ['/contract', 'MRT_VALUE_STATE'],
    ]);
  });

  it('ENG-10 lets only transitions change a state', async () => {
    const id = await create();
    const change = on.records.update(on.as('boss'), 'deal', id, 1, { contract: 'passed' });
    expect(codesOf(await problemOf(change))).toEqual([['/contract', 'MRT_VALUE_STATE']]);
    const same = await on.records.update(on.as('boss'), 'deal', id, 1, { contract: 'draft', amount: 7 });
    expect(same).toMatchObject({ amount: 7, contract: 'draft', version: 2 });
  });

  it('ENG-10 leaves records alone for which the machine does not hold', async () => {
    const id = await create({ simple: true, contract: 'passed' });
    expect(await on.records.update(on.as('wang'), 'deal', id, 1, { contract: 'draft' })).toMatchObject({
      contract: 'draft',
    });
    expect((await problemOf(move('wang', id, 'submit'))).code).toBe('MRT_TRANSITION_UNKNOWN');
  });

  it('ENG-10 moves, sets and writes one history row with its step', async () => {
    const id = await create();
    await move('wang', id, 'submit');
    const done = await move('boss', id, 'approve', { opinion: ' fine ' });
    expect(done).toMatchObject({
      contract: 'passed',
      version: 3,
      checked_by: on.people.boss.id,
      opinion_kept: 'fine',
    });
    const [last, before] = await on.records.history(on.as('boss'), 'deal', id);
    expect(last).toMatchObject({
      action: 'transition',
      version: 3,
      reason: 'fine',
      changes: { contract: { old: 'waiting', new: 'passed' } },
      steps: [
        {
          transition: 'approve',
          label: label('Approve'),
          from: label('Waiting'),
          to: label('Passed'),
          opinion: 'fine',
        },
      ],
    });
    expect(before?.steps.map((step) => step.transition)).toEqual(['submit']);
  });

  it('ENG-10 asks who acts: field, role with department, the author’s superior, condition', async () => {
    const id = await create();
    expect((await problemOf(move('li', id, 'submit'))).code).toBe('MRT_ACCESS_DENIED');
    expect((await problemOf(move('boss', id, 'submit'))).code).toBe('MRT_TRANSITION_DENIED');
    expect(codesOf(await problemOf(move('boss', id, 'submit')))).toEqual([['', 'MRT_TRANSITION_WHO']]);
    await move('wang', id, 'submit');
    expect((await problemOf(move('wang', id, 'approve'))).code).toBe('MRT_TRANSITION_DENIED');
    // The record went to another department; the author is still of this one.
    await on.records.update(on.as('boss'), 'deal', id, 2, { unit: on.units.press });
    await move('boss', id, 'approve');
    const small = await create({ amount: 5, guarantee: 'yes' });
    await move('wang', small, 'pay');
    expect((await problemOf(move('wang', await create(), 'pay'))).code).toBe('MRT_TRANSITION_DENIED');
  });

  it('ENG-10 asks the right to the record before the definition', async () => {
    const id = await create();
    const reader = on.as('zhao', ['reader']);
    expect((await problemOf(on.records.transition(reader, 'deal', id, 'submit'))).code).toBe(
      'MRT_RECORD_NOT_FOUND',
    );
  });

  it('ENG-10 refuses a second pair of eyes that is the first, by the log of steps', async () => {
    const id = await create({}, 'boss');
    await move('boss', id, 'submit');
    expect(codesOf(await problemOf(move('boss', id, 'approve')))).toEqual([
      ['', 'MRT_TRANSITION_AUTHOR'],
      ['', 'MRT_TRANSITION_FOUR_EYES'],
    ]);
    expect(codesOf(await problemOf(move('boss', id, 'refuse', { opinion: 'no' })))).toEqual([
      ['', 'MRT_TRANSITION_FOUR_EYES'],
    ]);
  });

  it('ENG-10 refuses from the wrong state, also the second of two at once', async () => {
    const id = await create();
    expect((await problemOf(move('boss', id, 'approve'))).status).toBe(409);
    await move('wang', id, 'submit');
    const both = await Promise.allSettled([move('boss', id, 'approve'), move('boss', id, 'approve')]);
    const failed = both.filter((each) => each.status === 'rejected');
    expect(failed.map((each) => (each.reason as Problem).code)).toEqual(['MRT_TRANSITION_STATE']);
    expect(await on.records.read(on.as('boss'), 'deal', id)).toMatchObject({ version: 3 });
  });

  it('ENG-10 asks for required fields, the opinion and the guard, each at its place', async () => {
    const id = await create({ amount: null });
    expect(codesOf(await problemOf(move('wang', id, 'submit')))).toEqual([['/amount', 'MRT_VALUE_REQUIRED']]);
    expect(codesOf(await problemOf(move('wang', id, 'submit', { opinion: 'x' })))).toEqual([
      ['/opinion', 'MRT_VALUE_UNKNOWN'],
      ['/amount', 'MRT_VALUE_REQUIRED'],
    ]);
    await on.records.update(on.as('wang'), 'deal', id, 1, { amount: 5 });
    await move('wang', id, 'submit');
    expect(codesOf(await problemOf(move('boss', id, 'refuse', { opinion: '  ' })))).toEqual([
      ['/opinion', 'MRT_VALUE_REQUIRED'],
    ]);
    expect(codesOf(await problemOf(move('boss', id, 'pay')))).toEqual([['', 'MRT_TRANSITION_GUARD']]);
    await move('boss', id, 'pay', { input: { guarantee: 'by the boss' } });
    expect(await on.records.read(on.as('boss'), 'deal', id)).toMatchObject({
      guarantee: 'by the boss',
      finance: 'passed',
    });
  });

  it('ENG-10 takes only the fields of the form, and those the actor may read', async () => {
    const id = await create({ amount: 5, guarantee: 'x' });
    for (const input of [{ name: 'other' }, { secret: 's' }, { contract: 'passed' }]) {
      expect((await problemOf(move('wang', id, 'pay', { input }))).code).toBe('MRT_ACCESS_FIELD');
    }
    expect(codesOf(await problemOf(move('wang', id, 'pay', { input: { ghost: 1 } })))).toHaveLength(1);
    expect(await on.records.read(on.as('boss'), 'deal', id)).toMatchObject({ version: 1, finance: 'draft' });
  });

  it('ENG-10 refuses a version that is no longer the stored one', async () => {
    const id = await create();
    await on.records.update(on.as('wang'), 'deal', id, 1, { amount: 9 });
    expect((await problemOf(move('wang', id, 'submit', { version: 1 }))).code).toBe('MRT_RECORD_CONFLICT');
    await move('wang', id, 'submit', { version: 2 });
  });

  it('ENG-10 lets who did a step withdraw it, until somebody goes on', async () => {
    const id = await create();
    await move('wang', id, 'submit');
    expect((await problemOf(move('boss', id, 'withdraw'))).code).toBe('MRT_TRANSITION_DENIED');
    await move('wang', id, 'withdraw');
    await move('wang', id, 'submit');
    await move('boss', id, 'approve');
    expect((await problemOf(move('wang', id, 'withdraw'))).code).toBe('MRT_TRANSITION_STATE');
  });

  it('ENG-10 runs regions beside each other, and lets one throw the other back', async () => {
    const id = await create({ guarantee: 'g' });
    await move('wang', id, 'submit');
    await move('boss', id, 'pay');
    const back = await move('boss', id, 'refuse', { opinion: 'once more' });
    expect(back).toMatchObject({ contract: 'draft', finance: 'draft' });
    const rounds = await on.db.query<{ closed: boolean; steps: number }>({
      text: `SELECT closed_at IS NOT NULL AS closed, (SELECT count(*)::integer FROM mortise.workflow_step s WHERE s.instance = i.id) AS steps
        FROM mortise.workflow_instance i WHERE record_id = $1 ORDER BY i.id`,
      values: [id],
    });
    expect(rounds).toEqual([{ closed: true, steps: 3 }]);
  });

  it('ENG-10 makes records in the same transaction, or does nothing at all', async () => {
    const id = await create({ amount: 2_000_000 });
    await move('wang', id, 'submit');
    // The visit needs a thing, which the action does not give: nothing of the transition stays.
    expect((await problemOf(move('boss', id, 'approve'))).code).toBe('MRT_RECORD_INVALID');
    expect(await on.records.read(on.as('boss'), 'deal', id)).toMatchObject({
      version: 2,
      contract: 'waiting',
    });
    expect(await on.records.history(on.as('boss'), 'deal', id)).toHaveLength(2);
  });

  it('ENG-10 offers what may be done, with the reasons against the rest', async () => {
    const id = await create({}, 'boss');
    expect(await offered('boss', id)).toEqual({
      submit: true,
      approve: ['state', 'author'],
      refuse: ['state'],
      withdraw: ['state', 'who'],
      pay: true,
    });
    await move('boss', id, 'submit');
    expect(await offered('boss', id)).toEqual({
      submit: ['state'],
      approve: ['author', 'four-eyes'],
      refuse: ['four-eyes'],
      withdraw: true,
      pay: true,
    });
    const { states: where } = await on.records.transitions(on.as('boss'), 'deal', id);
    expect(where.map(({ region, state }) => [region, state])).toEqual([
      ['contract', 'waiting'],
      ['finance', 'draft'],
    ]);
    await on.records.setVoid(on.as('boss'), 'deal', id, true, { reason: 'x' });
    expect((await offered('boss', id))['withdraw']).toEqual(['right']);
    expect((await problemOf(move('boss', id, 'withdraw'))).code).toBe('MRT_RECORD_STATE');
  });

  it('ENG-17 moves many records, all or nothing', async () => {
    const ids = [await create(), await create(), await create({ amount: null })];
    const request = (list: readonly string[]) => ({
      operation: 'transition' as const,
      transition: 'submit',
      items: list.map((id) => ({ id })),
    });
    expect(codesOf(await problemOf(on.records.bulk(on.as('wang'), 'deal', request(ids))))).toEqual([
      ['/items/2/amount', 'MRT_VALUE_REQUIRED'],
    ]);
    expect(await on.records.read(on.as('wang'), 'deal', ids[0]!)).toMatchObject({ contract: 'draft' });
    const done = await on.records.bulk(on.as('wang'), 'deal', request(ids.slice(0, 2)));
    expect(done.map((each) => each['contract'])).toEqual(['waiting', 'waiting']);
  });

  it('WF-01 reviews data twice with two people, and clears both on a change', async () => {
    const { records } = on;
    const { id } = (await records.create(on.as('wang'), 'thing', { name: 'Data' })) as { id: string };
    const pass = async (person: 'boss' | 'wang', name: string, opinion?: string) =>
      await records.transition(on.as(person), 'thing', id, name, opinion === undefined ? {} : { opinion });
    expect(codesOf(await problemOf(pass('wang', 'first_pass')))).toEqual([['', 'MRT_TRANSITION_AUTHOR']]);
    expect(await pass('boss', 'first_pass', 'good')).toMatchObject({
      review_status: 'first_passed',
      first_reviewer: on.people.boss.id,
      review_opinion: 'good',
    });
    expect(codesOf(await problemOf(pass('boss', 'second_pass')))).toEqual([['', 'MRT_TRANSITION_FOUR_EYES']]);
    const second = on.as('zhao', ['administrator']);
    await records.transition(second, 'thing', id, 'second_pass');
    const changed = await records.update(on.as('wang'), 'thing', id, 3, { note: 'new' });
    expect(changed).toMatchObject({ review_status: 'unreviewed', second_review_mark: 'pending' });
    const [last] = await records.history(on.as('boss'), 'thing', id);
    expect(last).toMatchObject({ action: 'update', steps: [{ transition: 'content_changed' }] });
    // A new round: the first reviewer of the last one may be any of the two now.
    await records.transition(second, 'thing', id, 'first_pass');
    await pass('boss', 'second_pass');
    await expect(pass('boss', 'send_back', 'too late')).rejects.toMatchObject({
      code: 'MRT_TRANSITION_STATE',
    });
  });
});
