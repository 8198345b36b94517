import { afterAll, beforeAll, expect, it } from 'vitest';
import type { DocumentAnswer, ProblemBody, RecordData, TrialAnswer } from '@mortise/core/contract';
import { startTestServer, type TestClient, type TestServer } from '../../core/src/http/test-server.ts';
import { describeEngines } from '../../core/src/testing/databases.ts';

const AT = '/api/v1/records/customer';
const TRY = '/api/v1/workflows/try';
const text = (zh: string, en: string) => ({ 'zh-CN': zh, en });

describeEngines('trying a workflow', (open) => {
  let server: TestServer;
  let admin: TestClient;
  let designer: TestClient;
  let designerId: string;
  beforeAll(async () => {
    server = await startTestServer(open);
    admin = await server.administrator();
    const role = {
      name: 'designer',
      label: text('流程设计', 'Designer'),
      functions: { 'metadata.configure': true },
      grants: {
        customer: {
          entity: 'customer',
          actions: { query: 'all', read: 'all', transition: 'all' },
          fields: { '*': 'read', credit_limit: 'hidden' },
        },
      },
    };
    const applied = await admin.post<ProblemBody>('/api/v1/metadata/apply', {
      changes: [{ kind: 'role', name: 'designer', document: role }],
      note: '',
      accept: ['rewrites'],
    });
    if (applied.status !== 200) throw new Error(JSON.stringify(applied.body));
    const made = await admin.post<RecordData>('/api/v1/records/user', {
      username: 'designer',
      display_name: 'Designer',
      roles: ['designer'],
    });
    designerId = String(made.body['id']);
    await admin.post(`/api/v1/users/${designerId}/password`, {
      password: 'designer-of-flows-1',
      must_change: false,
    });
    designer = server.client();
    await designer.signIn('designer', 'designer-of-flows-1');
  });
  afterAll(() => server?.close());

  const document = async (kind: string, name: string) =>
    (await admin.get<DocumentAnswer>(`/api/v1/metadata/documents/${kind}/${name}`)).body;
  const create = async (values: object): Promise<string> =>
    String((await admin.post<RecordData>(AT, values)).body['id']);
  /** The workflow of customers with one transition that everybody may take. */
  const drawn = async (transition: object) => {
    const wish = structuredClone((await document('workflow', 'customer')).document) as unknown as {
      regions: { blacklist: { transitions: Record<string, object> } };
    };
    wish.regions.blacklist.transitions['propose_blacklist'] = {
      label: text('提交', 'Propose'),
      from: { none: true },
      to: 'proposed',
      ...transition,
    };
    return [{ kind: 'workflow', name: 'customer', document: wish }];
  };
  const ask = async (client: TestClient, body: object) =>
    await client.post<TrialAnswer & ProblemBody>(TRY, { workflow: 'customer', entity: 'customer', ...body });

  it('SEC-05 tells nothing of fields that the asker may not read, in the record or behind a reference, and is logged', async () => {
    const parent = await create({ name: '上级酒业', credit_limit: '777.00' });
    const record = await create({ name: '下级酒业', credit_limit: '555.00', parent });
    const alone = await create({ name: '独立酒业' });
    const step = { user: designerId, transition: 'propose_blacklist' };
    const set = (value: string) => ({
      actions: { leak: { action: 'set', values: { blacklist_reason: value } } },
    });
    const guard = (when: string) => ({ guards: { ask: { when, message: text('否', 'No') } } });

    const plain = await ask(designer, { record, changes: await drawn(set('name')), steps: [step] });
    expect(plain.body.taken, JSON.stringify(plain.body)).toMatchObject([
      { refused: null, effects: { records: [{ changes: { blacklist_reason: { value: '下级酒业' } } }] } },
    ]);
    for (const transition of [
      set("credit_limit > 500 ? 'rich' : 'poor'"),
      set("parent.credit_limit > 500 ? 'rich' : 'poor'"),
      guard('credit_limit > 500'),
      guard('parent.credit_limit > 500'),
      { who: { rich: { expr: 'credit_limit > 500' } } },
      { required: { credit_limit: true } },
    ])
      for (const steps of [[], [step]]) {
        const answer = await ask(designer, { record, changes: await drawn(transition), steps });
        expect([answer.status, answer.body.code], JSON.stringify(transition)).toEqual([
          403,
          'MRT_TRIAL_HIDDEN',
        ]);
        expect(JSON.stringify(answer.body)).not.toMatch(/555|777|rich|poor/);
      }
    // A form that leads to another record asks about that one.
    const led = await ask(designer, {
      record: alone,
      changes: await drawn({ ...guard('parent.credit_limit > 500'), fields: { parent: true } }),
      steps: [{ ...step, input: { parent } }],
    });
    expect(led.body.code).toBe('MRT_TRIAL_HIDDEN');
    expect(
      (await ask(admin, { record, changes: await drawn(guard('credit_limit > 500')) })).body.transitions,
    ).toContainEqual(expect.objectContaining({ name: 'propose_blacklist', allowed: true }));

    const log = await admin.get<{ items: { userName: string; record: string; detail: object }[] }>(
      '/api/v1/audit-log?action=workflow-trial&limit=50',
    );
    expect(log.body.items.filter(({ userName }) => userName === 'Designer')).toHaveLength(14);
    expect(log.body.items.at(-1)).toMatchObject({ detail: { workflow: 'customer', isDraft: true } });
  });

  it('ENG-05 sees derived fields as a commit would leave them', async () => {
    const customer = await create({ name: '报价酒业' });
    const me = (await admin.get<{ user: { id: string } }>('/api/v1/me')).body.user.id;
    const asked = async (discount: string) =>
      await ask(admin, {
        workflow: 'quote',
        entity: 'quote',
        values: {
          subject: '报价',
          customer,
          lines: [{ item: '酒', quantity: '2', unit_price: '100.00', discount }],
        },
        steps: [{ user: me, transition: 'send_quote' }],
      });
    const low = await asked('0.5');
    expect(low.body.taken, JSON.stringify(low.body)).toMatchObject([
      { refused: { reasons: [{ en: 'The discount is more than a fifth: submit it for approval.' }] } },
    ]);
    const fair = await asked('0.9');
    expect(fair.body.taken).toMatchObject([{ refused: null }]);
    // As the asker reads it in lists, and the rows of no other request.
    const shown = fair.body.taken[0]?.effects.records;
    expect(shown).toHaveLength(1);
    expect(shown?.[0]?.changes['approval']?.value).not.toBe('waived');
    expect(shown?.[0]?.changes['approval']?.value).toMatch(/\p{Script=Han}/u);
  });

  it('ENG-10 takes no other changes along than those of the workflow, dictionaries and options', async () => {
    const record = await create({ name: '改动酒业' });
    const entity = await document('entity', 'customer');
    const properties = entity.document['properties'] as Record<string, object>;
    const tried = async (change: object) => (await ask(admin, { record, changes: [change] })).body.code;
    const wished = (field: object) => ({
      kind: 'entity',
      name: 'customer',
      document: {
        ...entity.document,
        properties: { ...properties, name: { ...properties['name'], ...field } },
      },
    });
    expect(await tried(wished({ maxLength: 7 }))).toBe('MRT_TRIAL_CHANGES');
    expect(await tried(wished({}))).toBeUndefined();
    const made = { ...properties, fresh: { field: 'text', label: text('新', 'New') } };
    expect(
      await tried({ kind: 'entity', name: 'customer', document: { ...entity.document, properties: made } }),
    ).toBe('MRT_TRIAL_TABLES');
    const { document: quote } = await document('workflow', 'quote');
    expect(await tried({ kind: 'workflow', name: 'quote', document: quote })).toBe('MRT_TRIAL_CHANGES');
    const { document: role } = await document('role', 'designer');
    expect(await tried({ kind: 'role', name: 'designer', document: role })).toBe('MRT_TRIAL_CHANGES');
  });
});
