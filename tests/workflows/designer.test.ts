import { afterAll, beforeAll, expect, it } from 'vitest';
import type {
  DocumentAnswer,
  PlanAnswer,
  ProblemBody,
  RecordData,
  TodoAnswer,
  TransitionsAnswer,
  TrialAnswer,
  WorkflowDocument,
  WorkflowFigures,
} from '@mortise/core/contract';
import { describeEngines } from '../../core/src/testing/databases.ts';
import { startTestServer, type TestClient, type TestServer } from '../../core/src/http/test-server.ts';

const AT = '/api/v1/records/customer';
const text = (zh: string, en: string) => ({ 'zh-CN': zh, en });
/** In working time: two weeks of usual days are more than twelve days of the calendar. */
const DEADLINE = {
  label: text('复查', 'Look again'),
  after: { days: 10, working: true },
  roles: { administrator: true },
  actions: { tell: { action: 'notify', to: { owner: true }, message: text('复查', 'Look again') } },
};

describeEngines('changing a workflow while records are under way', (open) => {
  let server: TestServer;
  let admin: TestClient;
  const people: Record<string, { client: TestClient; id: string }> = {};
  beforeAll(async () => {
    server = await startTestServer(open);
    admin = await server.administrator();
    for (const name of ['first', 'second', 'third']) {
      const made = await admin.post<RecordData>('/api/v1/records/user', {
        username: name,
        display_name: `${name} reviewer`,
        roles: ['reviewer'],
      });
      const id = String(made.body['id']);
      await admin.post(`/api/v1/users/${id}/password`, {
        password: 'reviewer-of-data-1',
        must_change: false,
      });
      const client = server.client();
      await client.signIn(name, 'reviewer-of-data-1');
      people[name] = { client, id };
    }
  });
  afterAll(() => server?.close());

  const create = async (name: string): Promise<string> =>
    String((await admin.post<RecordData>(AT, { name })).body['id']);
  const step = async (who: string, id: string, name: string) =>
    await people[who]!.client.post<RecordData & ProblemBody>(`${AT}/${id}/transitions/${name}`, {});
  const offered = async (who: string, id: string) =>
    (await people[who]!.client.get<TransitionsAnswer>(`${AT}/${id}/transitions`)).body.transitions
      .filter(({ allowed }) => allowed)
      .map(({ name }) => name);
  const document = async (kind: string, name: string) =>
    (await admin.get<DocumentAnswer>(`/api/v1/metadata/documents/${kind}/${name}`)).body;

  /** An assignment that only leaving the state ends. */
  const passedOn = async (id: string): Promise<void> => {
    await server.app.db.query({
      text: `insert into mortise.workflow_assignment (id, entity, record_id, workflow, region, from_user, to_user, transitions, "as")
        values (gen_random_uuid(), 'customer', $1::uuid, 'data_review', 'review', $2::uuid, $3::uuid, '{}', '{}')`,
      values: [id, people['first']!.id, people['second']!.id],
    });
  };
  /** What was passed on and still holds, and the deadlines that run. */
  const standing = async (id: string) => {
    const { db } = server.app;
    const open = await db.query({
      text: 'select id from mortise.workflow_assignment where record_id = $1::uuid and ended_at is null',
      values: [id],
    });
    const timers = await db.query<{ name: string; working: boolean }>({
      text: `select state || '/' || deadline as name, due_at > now() + interval '12 days' as working
        from mortise.timer where record_id = $1::uuid`,
      values: [id],
    });
    return {
      assigned: open.length,
      timers: timers.map(({ name }) => name),
      working: timers.every((each) => each.working),
    };
  };

  /** WF-01 with a third review behind the second one. */
  async function threeSteps() {
    const stored = await document('workflow', 'data_review');
    const workflow = structuredClone(stored.document) as unknown as {
      -readonly [K in keyof WorkflowDocument]: WorkflowDocument[K];
    } & Record<string, unknown>;
    const region = workflow.regions['review']! as unknown as {
      states: Record<string, object>;
      transitions: Record<string, object>;
    };
    const { final: _final, ...second } = region.states['second_passed'] as { final?: boolean };
    region.states['second_passed'] = { ...second, kind: 'waiting' };
    region.states['third_passed'] = {
      label: text('三审通过', 'Third review passed'),
      kind: 'done',
      final: true,
      deadlines: { look: DEADLINE },
    };
    region.transitions['third_pass'] = {
      label: text('三审通过', 'Pass third review'),
      from: { second_passed: true },
      to: 'third_passed',
      who: { reviewer: { roles: { reviewer: true } } },
      fourEyes: { author: true, transitions: { first_pass: true, second_pass: true } },
      opinion: 'optional',
    };
    const dictionary = await document('dictionary', 'review_status');
    const values = {
      ...(dictionary.document['values'] as object),
      third_passed: { label: text('三审通过', 'Third') },
    };
    return [
      {
        kind: 'dictionary',
        name: 'review_status',
        base: dictionary.base,
        document: { ...dictionary.document, values },
      },
      { kind: 'workflow', name: 'data_review', base: stored.base, document: workflow },
    ];
  }
  const plan = async (changes: unknown, data?: unknown) =>
    (
      await admin.post<PlanAnswer & ProblemBody>('/api/v1/metadata/plan', {
        changes,
        note: '',
        ...(data ? { data } : {}),
      })
    ).body;
  const rounds = ({ plan: operations }: PlanAnswer) =>
    operations.find(({ operation }) => operation === 'workflow.rounds');

  it('ENG-10, ENG-11, ENG-12, WF-01: a third step is tried and planned; running records go on by two, new ones take three', async () => {
    const running = await create('流转中酒业');
    expect((await step('first', running, 'first_pass')).status).toBe(200);
    const changes = await threeSteps();

    // Tried first: by the draft, as several people, and nothing of it stays.
    const fresh = await create('试运行酒业');
    const tried = await admin.post<TrialAnswer>('/api/v1/workflows/try', {
      changes,
      workflow: 'data_review',
      entity: 'customer',
      record: fresh,
      user: people['second']!.id,
      steps: [
        { user: people['first']!.id, transition: 'first_pass', opinion: '属实' },
        { user: people['second']!.id, transition: 'second_pass' },
        { user: people['second']!.id, transition: 'third_pass' },
      ],
    });
    expect(tried.status).toBe(200);
    const { taken, transitions, states } = tried.body;
    expect(taken.map(({ states: after, refused }) => [after[0]?.state, refused === null])).toEqual([
      ['first_passed', true],
      ['second_passed', true],
      ['second_passed', false],
    ]);
    expect(taken[0]?.effects.records[0]).toMatchObject({
      isOwn: true,
      changes: { first_reviewer: { value: 'first reviewer' }, review_opinion: { value: '属实' } },
    });
    expect(taken[1]?.effects.told).toMatchObject([{ text: { en: 'Pass second review' } }]);
    expect(taken[2]?.refused?.reasons).toHaveLength(1);
    expect(states[0]).toMatchObject({ state: 'second_passed', final: false });
    expect(transitions.find(({ name }) => name === 'third_pass')).toMatchObject({
      allowed: false,
      reasons: [{ code: 'four-eyes' }],
    });
    expect((await admin.get<RecordData>(`${AT}/${fresh}`)).body).toMatchObject({
      version: 1,
      review_status: 'unreviewed',
    });
    expect((await admin.get<{ items: unknown[] }>(`${AT}/${fresh}/history`)).body.items).toHaveLength(1);

    const planned = await plan(changes);
    expect(planned.ready).toBe(true);
    expect(rounds(planned)).toMatchObject({
      rows: 1,
      report: { blocks: false, ways: ['rounds'], rounds: { running: 1, bare: 0, states: [] } },
    });
    expect((await admin.post('/api/v1/metadata/apply', { token: planned.token })).status).toBe(200);

    // What ran goes on by two steps, and nobody is asked for a third one.
    expect((await step('second', running, 'second_pass')).body).toMatchObject({
      review_status: 'second_passed',
    });
    expect(await offered('third', running)).toEqual([]);
    const todo = async () => (await people['third']!.client.get<TodoAnswer>('/api/v1/me/todo')).body.groups;
    expect((await todo()).filter(({ state }) => state === 'second_passed')).toEqual([]);
    // What begins now takes three.
    await step('first', fresh, 'first_pass');
    await step('second', fresh, 'second_pass');
    expect((await todo()).filter(({ state }) => state === 'second_passed')).toMatchObject([{ count: 1 }]);
    expect((await step('second', fresh, 'third_pass')).status).toBe(403);
    expect((await step('third', fresh, 'third_pass')).body).toMatchObject({ review_status: 'third_passed' });
  });

  it('ENG-12 a state that goes needs another one for the records that no round carries on, and the change can be taken back', async () => {
    const rounded = await create('走完流程酒业');
    for (const [who, name] of [
      ['first', 'first_pass'],
      ['second', 'second_pass'],
      ['third', 'third_pass'],
    ] as const)
      await step(who, rounded, name);
    const bare = await create('没有流转记录酒业');
    await server.app.db.query({
      text: `update customer set review_status = 'third_passed' where id = $1::uuid`,
      values: [bare],
    });
    const stored = await document('workflow', 'data_review');
    const wish = structuredClone(stored.document) as {
      regions: { review: Record<'states' | 'transitions', Record<string, unknown>> };
    };
    delete wish.regions.review.states['third_passed'];
    delete wish.regions.review.transitions['third_pass'];
    Object.assign(wish.regions.review.states['second_passed'] as object, {
      final: true,
      deadlines: { recheck: DEADLINE },
    });
    await passedOn(rounded);
    const changes = [{ kind: 'workflow', name: 'data_review', base: stored.base, document: wish }];

    const blocked = await plan(changes);
    expect(blocked.ready).toBe(false);
    expect(rounds(blocked)?.report).toMatchObject({
      blocks: true,
      count: 1,
      rounds: { states: [{ state: 'third_passed', count: 3, stranded: 1 }] },
    });
    const move = (to: string) => [
      { type: 'rounds', workflow: 'data_review', states: { review: { third_passed: to } } },
    ];
    expect(await plan(changes, move('nowhere'))).toMatchObject({
      code: 'MRT_PLAN_REFUSED',
      errors: [{ path: '/data/0/states/review/third_passed' }],
    });
    const mended = await plan(changes, move('second_passed'));
    expect(mended).toMatchObject({ ready: true, risks: ['rewrites'] });
    const applied = await admin.post<{ version: number }>('/api/v1/metadata/apply', { token: mended.token });
    expect(applied.status).toBe(200);
    for (const id of [rounded, bare])
      expect((await admin.get<RecordData>(`${AT}/${id}`)).body).toMatchObject({
        review_status: 'second_passed',
      });
    // The round went over to the definition that has the state: it can be withdrawn by who reviewed second.
    expect(await offered('third', rounded)).toEqual([]);
    const history = await admin.get<{ items: { reason: string }[] }>(`${AT}/${rounded}/history`);
    expect(history.body.items[0]?.reason).toContain('Second review passed');
    // What a step would have ended and begun, the change has.
    expect(await standing(rounded)).toEqual({
      assigned: 0,
      timers: ['second_passed/recheck'],
      working: true,
    });
    await passedOn(rounded);

    const back = await admin.post<{ version: number }>(
      `/api/v1/metadata/versions/${applied.body.version - 1}/revert`,
      {},
    );
    expect(back.status).toBe(200);
    expect((await admin.get<RecordData>(`${AT}/${rounded}`)).body).toMatchObject({
      review_status: 'third_passed',
    });
    expect(await standing(rounded)).toEqual({ assigned: 0, timers: ['third_passed/look'], working: true });
  });

  it('ENG-12 running rounds go over to the new definition when that is asked for', async () => {
    const id = await create('改用新流程酒业');
    await step('first', id, 'first_pass');
    const stored = await document('workflow', 'data_review');
    const wish = structuredClone(stored.document) as {
      regions: { review: { transitions: Record<string, { opinion: string }> } };
    };
    wish.regions.review.transitions['second_pass']!.opinion = 'required';
    const changes = [{ kind: 'workflow', name: 'data_review', base: stored.base, document: wish }];
    const planned = await plan(changes, [{ type: 'rounds', workflow: 'data_review', move: true }]);
    expect(rounds(planned)?.text.en).toContain('go over to the new definition');
    await admin.post('/api/v1/metadata/apply', { token: planned.token });
    expect((await step('second', id, 'second_pass')).body).toMatchObject({ errors: [{ path: '/opinion' }] });
  });

  it('ENG-10 tries made-up records, names faults of a draft with their place, and shows nobody what he may not read', async () => {
    const ask = (body: object) =>
      admin.post<TrialAnswer & ProblemBody>('/api/v1/workflows/try', {
        workflow: 'data_review',
        entity: 'customer',
        ...body,
      });
    const made = await ask({ values: { name: '虚构酒业' }, user: people['first']!.id });
    expect(made.body.states).toMatchObject([{ state: 'unreviewed' }]);
    expect((await ask({})).status).toBe(400);
    expect((await ask({ record: '0198a000-0000-7000-8000-000000000000' })).status).toBe(404);
    expect((await ask({ values: { name: '甲' }, entity: 'nothing' })).status).toBe(404);
    const stored = await document('workflow', 'data_review');
    const wish = structuredClone(stored.document) as {
      regions: { review: { transitions: Record<string, { to: string }> } };
    };
    wish.regions.review.transitions['first_pass']!.to = 'ghost';
    const faulty = await ask({
      values: { name: '乙' },
      changes: [{ kind: 'workflow', name: 'data_review', document: wish }],
    });
    expect(faulty.body).toMatchObject({
      code: 'MRT_DOCUMENT_INVALID',
      errors: [{ path: 'workflow/data_review#/regions/review/transitions/first_pass/to' }],
    });
    expect((await people['first']!.client.post('/api/v1/workflows/try', {})).status).toBe(403);
  });

  it('ENG-19 refuses figures of days that no zone knows, and says from which day overdue is known', async () => {
    const figures = (from: string) =>
      admin.get<WorkflowFigures & ProblemBody>(
        `/api/v1/workflow-figures?entity=customer&workflow=data_review&from=${from}&to=2026-02-28`,
      );
    for (const from of ['0050-01-01', '1899-12-31', '2026-02-30'])
      expect((await figures(from)).body).toMatchObject({ status: 400, code: 'MRT_REQUEST_MALFORMED' });
    expect((await figures('1900-01-01')).body.overdueFrom).toMatch(/^\d{4}-\d\d-\d\d$/);
  });
});
