import { afterAll, beforeAll, expect, it } from 'vitest';
import type { AuditAnswer } from '../../audit/audit.ts';
import type {
  ApplyAnswer,
  HistoryEntry,
  PlanAnswer,
  ProblemBody,
  ProvenanceAnswer,
  RecordData,
  SearchAnswer,
} from '../../http/contract.ts';
import { startTestServer, type TestClient, type TestServer } from '../../http/test-server.ts';
import { clockMark } from '../../model/clock-mark.ts';
import type { Database } from '../../store/database.ts';
import { uuid7 } from '../../store/uuid7.ts';
import { describeEngines } from '../../testing/databases.ts';
import type { MetadataPackage } from '../transport/metadata-package.ts';

const META = '/api/v1/metadata';
const RECORDS = '/api/v1/records';
const label = (text: string) => ({ 'zh-CN': `${text}中`, en: text });
const text = { field: 'text', label: label('Name'), maxLength: 40 };

/** An entity of the site, with all that may speak of it. */
const PROJECT = [
  {
    kind: 'entity',
    name: 'project',
    document: {
      name: 'project',
      label: label('Project'),
      display: 'name',
      ownership: 'user',
      departmentFilter: true,
      properties: {
        name: { ...text, search: true },
        code: { field: 'autonumber', label: label('Code'), pattern: 'P{seq:3}', maxLength: 10 },
        customer: { field: 'reference', label: label('Customer'), entity: 'customer' },
        above: { field: 'reference', label: label('Above'), entity: 'project', tree: true },
        parts: { field: 'lines', label: label('Parts'), entity: 'project_part', by: 'project' },
      },
    },
  },
  {
    kind: 'entity',
    name: 'project_part',
    document: {
      name: 'project_part',
      label: label('Part'),
      display: 'item',
      ownership: 'parent',
      parent: 'project',
      properties: {
        project: { field: 'reference', label: label('Project'), entity: 'project', required: true },
        item: text,
      },
    },
  },
  {
    kind: 'form',
    name: 'project.default',
    document: {
      name: 'project.default',
      entity: 'project',
      label: label('Form'),
      actions: { next: { label: label('Next'), create: 'project', values: { above: 'id' } } },
      tabs: {
        main: { label: label('Main'), sections: { one: { label: label('One'), fields: { name: {} } } } },
        below: { label: label('Below'), related: { entity: 'project', by: 'above', view: 'project.all' } },
      },
    },
  },
  {
    kind: 'view',
    name: 'project.all',
    document: {
      name: 'project.all',
      entity: 'project',
      kind: 'list',
      label: label('All'),
      columns: { name: {} },
    },
  },
  {
    kind: 'menu',
    name: 'projects',
    document: {
      name: 'projects',
      label: label('Projects'),
      items: {
        all: { label: label('All'), view: 'project.all' },
        one: { label: label('New'), create: 'project' },
      },
    },
  },
  {
    kind: 'role',
    name: 'builder',
    document: {
      name: 'builder',
      label: label('Builder'),
      grants: { project: { entity: 'project', actions: { query: 'all', read: 'all', create: 'all' } } },
    },
  },
  {
    kind: 'template',
    name: 'project_list',
    document: {
      name: 'project_list',
      label: label('Print'),
      entity: 'project',
      kind: 'letter',
      paper: { width: 210, height: 297 },
      body: '<p>{{name}}</p>',
      fields: { name: {} },
    },
  },
  {
    kind: 'rule',
    name: 'follow_up',
    document: {
      name: 'follow_up',
      label: label('Follow up'),
      entity: 'project',
      trigger: { on: 'create' },
      when: "name == 'First'",
      actions: { more: { action: 'create', entity: 'project', values: { name: "'project'", above: 'id' } } },
    },
  },
  {
    kind: 'rule',
    name: 'nightly',
    document: {
      name: 'nightly',
      label: label('Nightly'),
      entity: 'project',
      trigger: { on: 'schedule', cron: '0 3 * * *' },
      roles: { administrator: true },
      actions: { mark: { action: 'set', values: { name: 'name' } } },
    },
  },
];

describeEngines('the rename of an entity of the site', (open) => {
  let db: Database;
  let server: TestServer;
  let admin: TestClient;
  let first: string;
  beforeAll(async () => {
    db = await open();
    server = await startTestServer(async () => db);
    admin = await server.administrator();
    const { document } = (await admin.get<{ document: object }>(`${META}/documents/entity/customer`))
      .body as { document: { properties: object } };
    const projects = {
      field: 'integer',
      label: label('Projects'),
      rollup: { entity: 'project', by: 'customer', function: 'count' },
    };
    const customer = { ...document, properties: { ...document.properties, projects } };
    await apply([...PROJECT, { kind: 'entity', name: 'customer', document: customer }]);
    const record = await admin.post<RecordData>(`${RECORDS}/customer`, { name: '更名酒业有限公司' });
    first = await make('project', { name: 'First', customer: record.body['id'], parts: [{ item: 'Bolt' }] });
    const settings = {
      views: { 'project.all': { sort: 'name' } },
      shortcuts: [{ label: 'P', path: '/e/project?view=project.all' }],
    };
    await db.query({
      text: `insert into mortise.rule_clock (rule, mark, until) values ('nightly', $1, now()) on conflict (rule) do nothing`,
      values: [clockMark(server.app.changes.current().rules.get('nightly')!)],
    });
    await admin.request('PATCH', '/api/v1/me', { body: { settings } });
  });
  afterAll(() => server?.close());

  async function apply(changes: readonly object[]): Promise<number> {
    const { status, body } = await admin.post<ApplyAnswer>(`${META}/apply`, { changes, note: '' });
    expect(body).toMatchObject({ version: expect.any(Number) });
    expect(status).toBe(200);
    return body.version;
  }
  async function make(entity: string, values: object): Promise<string> {
    const { status, body } = await admin.post<RecordData>(`${RECORDS}/${entity}`, values);
    expect([status, JSON.stringify(body)]).toEqual([201, expect.any(String)]);
    return String(body['id']);
  }
  const document = async (entity: string) =>
    (await admin.get<{ document: object; base: string }>(`${META}/documents/entity/${entity}`)).body;
  async function renaming(from: string, to: string, more: object = {}): Promise<object> {
    const { document: wished, base } = await document(from);
    return {
      kind: 'entity',
      name: to,
      base,
      document: { ...wished, name: to, renamedFrom: from, ...more },
    };
  }
  const stored = async () => (await admin.get<MetadataPackage>(`${META}/package`)).body.documents;
  const titles = async (entity: string) =>
    (
      await admin.get<{ items: RecordData[] }>(`${RECORDS}/${entity}?sort=name&fields=name,code`)
    ).body.items.map((item) => `${String(item['name'])} ${String(item['code'])}`);
  /** Every trace of a name in what the platform keeps of records and people. */
  async function traces(name: string): Promise<unknown> {
    const [row] = await db.query<Record<string, unknown>>({
      text: `select (select count(*)::int from mortise.history where entity = $1) as history,
          (select count(*)::int from mortise.workflow_instance where entity = $1) as rounds,
          (select count(*)::int from mortise.rule_run where entity = $1) as runs,
          (select count(*)::int from mortise.sequence where key like $1 || '.%') as numbers,
          (select count(*)::int from mortise.user_setting where settings::text like '%' || $1 || '.all%') as settings`,
      values: [name],
    });
    return row;
  }

  it('ENG-07 leads to one, with its data and everything that speaks of it, and back again', async () => {
    const before = await stored();
    const kept = await traces('project');
    expect(kept).toMatchObject({ history: 2, runs: 1, numbers: 1, settings: 1 });
    const { version } = (await admin.get<{ items: { version: number }[] }>(`${META}/versions`)).body
      .items[0]!;

    const change = await renaming('project', 'undertaking');
    const plan = await admin.post<PlanAnswer>(`${META}/plan`, { changes: [change], note: 'rename' });
    expect(plan.body.plan.map(({ operation }) => operation)).toEqual(['entity.rename']);
    expect(plan.body.plan[0]).toMatchObject({
      text: { en: expect.stringContaining('renamed project → undertaking') },
      risk: 'none',
      rows: 2,
    });
    expect((await admin.post(`${META}/apply`, { token: plan.body.token })).status).toBe(200);

    expect(await traces('project')).toEqual({ history: 0, rounds: 0, runs: 0, numbers: 0, settings: 0 });
    expect(await traces('undertaking')).toEqual(kept);
    expect(await titles('undertaking')).toEqual(['First P001', 'project P002']);
    const read = await admin.get<RecordData>(`${RECORDS}/undertaking/${first}?include=parts`);
    expect(read.body).toMatchObject({ name: 'First', parts: [{ item: 'Bolt' }] });
    const history = await admin.get<{ items: HistoryEntry[] }>(`${RECORDS}/undertaking/${first}/history`);
    expect(history.body.items.map(({ action }) => action)).toEqual(['create']);
    const old = await admin.get<ProblemBody>(`${RECORDS}/project/${first}`);
    expect(old.body).toMatchObject({ status: 404, code: 'MRT_ENTITY_RENAMED' });
    expect(old.body.detail).toContain('undertaking');

    const documents = await stored();
    expect(Object.keys(documents).filter((key) => key.includes('undertaking'))).toEqual([
      'entity/undertaking',
      'form/undertaking.default',
      'view/undertaking.all',
    ]);
    expect(documents).toMatchObject({
      'entity/undertaking': { renamedFrom: 'project', properties: { above: { entity: 'undertaking' } } },
      'entity/project_part': { properties: { project: { entity: 'undertaking' } } },
      'entity/customer': { properties: { projects: { rollup: { entity: 'undertaking' } } } },
      'form/undertaking.default': {
        entity: 'undertaking',
        actions: { next: { create: 'undertaking' } },
        tabs: { below: { related: { entity: 'undertaking', view: 'undertaking.all' } } },
      },
      'menu/projects': { items: { all: { view: 'undertaking.all' }, one: { create: 'undertaking' } } },
      'role/builder': { grants: { undertaking: { entity: 'undertaking' } } },
      'template/project_list': { entity: 'undertaking' },
      'rule/follow_up': {
        entity: 'undertaking',
        actions: { more: { entity: 'undertaking', values: { name: "'project'" } } },
      },
    });

    const [clock] = await db.query<Record<string, unknown>>({
      text: `select mark from mortise.rule_clock where rule = 'nightly'`,
    });
    expect(clock).toEqual({ mark: clockMark(server.app.changes.current().rules.get('nightly')!) });

    // Numbers go on, the rule goes on, and search finds both the old and the new.
    await make('undertaking', { name: 'Second' });
    expect(await titles('undertaking')).toEqual(['First P001', 'Second P003', 'project P002']);
    await expect
      .poll(
        async () =>
          (await admin.get<SearchAnswer>('/api/v1/search?q=First')).body.groups.map(({ entity }) => entity),
        { timeout: 20_000 },
      )
      .toEqual(['undertaking']);
    const shown = await admin.get<{ items: { text: { en: string } }[] }>(
      `${META}/compare?from=${version}&to=${version + 1}`,
    );
    expect(shown.body.items.map((item) => item.text.en)).toEqual(['Entity renamed project → undertaking']);

    const undone = await admin.post(`${META}/versions/${version}/revert`, {});
    expect(undone).toMatchObject({ status: 200 });
    expect(await stored()).toEqual(before);
    expect(await traces('undertaking')).toEqual({ history: 0, rounds: 0, runs: 0, numbers: 0, settings: 0 });
    expect(await titles('project')).toEqual(['First P001', 'Second P003', 'project P002']);

    // The undoing can be undone in turn.
    expect(await admin.post(`${META}/versions/${version + 1}/revert`, {})).toMatchObject({ status: 200 });
    expect(await titles('undertaking')).toHaveLength(3);
    expect(await admin.post(`${META}/versions/${version}/revert`, {})).toMatchObject({ status: 200 });
    expect(await stored()).toEqual(before);
    expect(await titles('project')).toHaveLength(3);
  });

  it('ENG-07 takes only the rename back where the entity has changed since, and tells who set what before it', async () => {
    await apply([await renaming('project', 'enterprise')]);
    const newest = async () =>
      (await admin.get<{ items: { id: string; version: number }[] }>(`${META}/versions`)).body.items[0]!;
    const back = async ({ id, version }: { id: string; version: number }, select: object[] = []) =>
      await admin.post(`${META}/versions/${version}/revert`, { changeSet: id, select });
    const renamed = await newest();
    const { document: now, base } = await document('enterprise');
    const { properties } = now as { properties: Record<string, object> };
    const more = {
      ...now,
      properties: { ...properties, added: text, name: { ...properties['name'], maxLength: 60 } },
    };
    await apply([{ kind: 'entity', name: 'enterprise', base, document: more }]);
    const later = await newest();
    const asked = `${META}/documents/entity/enterprise/provenance?path=/properties/name/maxLength`;
    const who = await admin.get<ProvenanceAnswer>(asked);
    expect(who.body.items.map(({ before, after, words }) => [before, after, words[0]?.en])).toEqual([
      [40, 60, '40 → 60'],
      [null, 40, 'none → 40'],
    ]);
    const whole = await admin.get<ProvenanceAnswer>(asked.replace('/maxLength', ''));
    expect(whole.body.items[0]?.words).toEqual([
      { 'zh-CN': '最大长度 40 → 60', en: 'maximum length 40 → 60' },
    ]);

    expect(await back(renamed)).toMatchObject({ status: 200 });
    expect((await document('project')).document).toMatchObject({
      properties: { added: text, name: { maxLength: 60 } },
    });
    expect((await document('project')).document).not.toHaveProperty('renamedFrom');
    expect(await titles('project')).toHaveLength(3);
    // Under the name it has now: what was changed while it had the other one.
    const select = [{ kind: 'entity', name: 'enterprise', path: '/properties/name/maxLength' }];
    expect(await back(later, select)).toMatchObject({ status: 200 });
    expect((await document('project')).document).toMatchObject({ properties: { name: { maxLength: 40 } } });
  });

  it('ENG-07 SEC-03 SEC-09 takes rights and conditions along, and leaves the logs what they tell', async () => {
    const [unit, user] = await Promise.all([
      make('unit', { name: 'Sales' }),
      make('user', { username: 'seller', display_name: 'Seller', roles: ['employee'] }),
    ]);
    const filter = {
      of_unit: unit,
      entity: 'project',
      condition: "name == 'First'",
      note: 'n',
    };
    const about = {
      about: 'action',
      entity: 'project',
      action: 'read',
      scope: 'all',
    };
    const grant = { user, ...about, reason: 'r', effect: 'deny' };
    const kept = [await make('department_filter', filter), await make('user_grant', grant)] as const;
    const gone = await make('user_grant', { ...grant, effect: 'allow' });
    await db.query({
      text: 'update user_grant set deleted_at = now() where id = $1',
      values: [gone],
    });
    const log = async (text: string, ...more: string[]) =>
      await db.query({ text, values: [uuid7(), 'project', ...more] });
    await log(
      `insert into mortise.security_log (id, kind, user_name, entity) values ($1, 'sensitive-read', 'a', $2)`,
    );
    await log(
      `insert into mortise.output_log (id, user_id, user_name, kind, entity, query, records, counted, fingerprint, source)
        values ($1, $3, 'seller', 'export', $2, '{}', 1, 1, 'f', 'screen')`,
      user,
    );
    await log(
      `with d as (insert into mortise.workflow_definition (hash, name, document) values ('h', 'w', '{}') returning hash),
        i as (insert into mortise.workflow_instance (id, entity, record_id, workflow, definition)
          select $1::uuid, $2, $3::uuid, 'w', hash from d returning id)
        insert into mortise.workflow_step (id, instance, entity, record_id, version, region, transition, from_state, to_state, labels)
          select id, id, $2, $3::uuid, 1, 'r', 't', 'a', 'b', '{}' from i`,
      first,
    );
    // Whatever may only be added to and names an entity has a row of it: a new such table is met here.
    const logs = await db.query<{ name: string }>({
      text: `select distinct c.relname::text as name from pg_trigger t join pg_class c on c.oid = t.tgrelid
        join pg_attribute a on a.attrelid = c.oid and a.attname = 'entity'
        where t.tgname like '%_append_only' and not c.relispartition order by 1`,
    });
    expect(logs.map(({ name }) => name)).toEqual(['history', 'output_log', 'security_log', 'workflow_step']);

    const mark = async () => (await db.query({ text: 'select mark::text from mortise.standing' }))[0];
    const before = await mark();
    const renamed = await apply([await renaming('project', 'scheme')]);
    expect(await mark()).not.toEqual(before);
    const named = await db.query<{ entity: string }>({
      text: `select entity from department_filter union all select entity from user_grant`,
    });
    expect(named.map(({ entity }) => entity)).toEqual(['scheme', 'scheme', 'scheme']);
    const told = await admin.get<{ items: HistoryEntry[] }>(
      `${RECORDS}/department_filter/${kept[0]}/history`,
    );
    expect(told.body.items[0]).toMatchObject({ action: 'update' });
    expect(JSON.stringify(told.body.items[0])).toContain('"project"');
    expect((await server.app.sessions.standingOf(user)).personal).toMatchObject([
      { effect: 'deny', document: { entity: 'scheme' } },
    ]);

    const asked = async (name: string) =>
      (
        await admin.get<AuditAnswer>(`/api/v1/audit-log?action=sensitive-read,export&entity=${name}`)
      ).body.items.map(({ action, entity }) => `${action} ${entity}`);
    expect(await asked('scheme')).toEqual(['export scheme', 'sensitive-read scheme']);
    // Taken back, not renamed again: no former name stays on the entity.
    const back = await admin.post(`${META}/versions/${renamed - 1}/revert`, {});
    expect(back).toMatchObject({ status: 200 });
    expect(await asked('project')).toEqual(['export project', 'sensitive-read project']);
    expect((await server.app.sessions.standingOf(user)).personal).toMatchObject([
      { document: { entity: 'project' } },
    ]);
  });

  it('ENG-07 is refused for a shipped entity and for a name that is taken, with the place', async () => {
    const fault = async (change: object) =>
      (await admin.post<ProblemBody>(`${META}/plan`, { changes: [change], note: '' })).body;
    expect(await fault(await renaming('customer', 'client'))).toMatchObject({
      status: 422,
      errors: [{ path: 'entity/client#/renamedFrom', code: 'MRT_LAYER_LOCKED' }],
    });
    expect(await fault(await renaming('project', 'contact'))).toMatchObject({
      status: 422,
      errors: [{ path: 'entity/contact#/renamedFrom', code: 'MRT_DOC_DUPLICATE' }],
    });
    expect(await fault(await renaming('project', 'Wrong Name'))).toMatchObject({ status: 422 });
    expect(await titles('project')).toHaveLength(3);
  });

  it('ENG-14 reaches another installation as a rename, with its records', async () => {
    const { body: sent } = await admin.get<MetadataPackage>(`${META}/package`);
    const renamedText = JSON.stringify(sent.documents)
      .replaceAll('"entity":"project"', '"entity":"venture"')
      .replaceAll('"create":"project"', '"create":"venture"')
      .replaceAll('project.all', 'venture.all')
      .replaceAll('project.default', 'venture.default')
      .replace(
        '"entity/project":{"name":"project"',
        '"entity/venture":{"renamedFrom":"project","name":"venture"',
      );
    const documents = JSON.parse(renamedText) as MetadataPackage['documents'];
    expect(documents['entity/venture']).toMatchObject({ renamedFrom: 'project' });
    const planned = await admin.post<{ conflicts: unknown[]; plan: PlanAnswer }>(`${META}/package/plan`, {
      package: { ...sent, documents },
      exact: true,
      note: '',
    });
    expect(planned.body.conflicts).toEqual([]);
    expect(planned.body.plan.plan.map(({ operation }) => operation)).toContain('entity.rename');
    expect(await admin.post(`${META}/apply`, { token: planned.body.plan.token })).toMatchObject({
      status: 200,
    });
    expect(await titles('venture')).toHaveLength(3);
  });
});
