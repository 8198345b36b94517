import { afterAll, beforeAll, expect, it } from 'vitest';
import { systemContext } from '../../core/src/app/create-context.ts';
import type {
  HandOverAnswer,
  ProblemBody,
  Responsibility,
  UndoAnswer,
} from '../../core/src/http/contract.ts';
import { startTestServer, type TestClient, type TestServer } from '../../core/src/http/test-server.ts';
import { describeEngines } from '../../core/src/testing/databases.ts';

const PASSWORD = 'correct horse 12';
type Data = Readonly<Record<string, unknown>>;

describeEngines('handing over what a leaving person answers for', (open) => {
  let server: TestServer;
  let admin: TestClient;

  const make = async (entity: string, values: Data): Promise<string> => {
    const { app } = server;
    const context = systemContext(app.changes.current(), app.administrator, 'demo');
    return String((await app.records.create(context, entity, values))['id']);
  };
  const person = async (username: string, values: Data = {}): Promise<string> => {
    const id = await make('user', {
      username,
      display_name: username,
      roles: ['employee'],
      unit: server.app.administrator.unit,
      ...values,
    });
    await server.app.sessions.setPassword(id, PASSWORD, { mustChange: false });
    return id;
  };
  const read = async (entity: string, id: string): Promise<Data> =>
    (await admin.get(`/api/v1/records/${entity}/${id}`)).body;
  const handOver = (id: string, body: Data, client: TestClient = admin) =>
    client.post<HandOverAnswer & ProblemBody>(`/api/v1/users/${id}/hand-over`, body);
  const itemOf = ({ items }: HandOverAnswer, name: string): Responsibility | undefined =>
    items.find(({ entity, field }) => `${entity}.${field}` === name);

  beforeAll(async () => {
    server = await startTestServer(open);
    admin = await server.administrator();
  });
  afterAll(async () => await server.close());

  it('SCN-09 gives everything to one successor, ends the account, and takes it all back', async () => {
    const north = await make('unit', { name: '北方部', code: 'NORTH' });
    const boss = await person('boss1');
    const [leaver, successor] = [
      await person('leaver1', { supervisor: boss }),
      await person('successor1', { unit: north }),
    ];
    const below = await person('below1', { supervisor: leaver });
    const team = await make('unit', { name: '一组', code: 'TEAM1', head: leaver });
    const customer = await make('customer', { name: '安康药业', owner: leaver, entered_by: leaver });
    const elsewhere = await make('customer', { name: '安康器械', owner: leaver, unit: north });
    const voided = await make('customer', { name: '安康旧号', owner: leaver });
    await admin.post(`/api/v1/records/customer/${voided}/void`, { reason: '停业' });
    const contact = await make('contact', { name: '许静', customer, owner: leaver });
    const alien = await make('customer', { name: '别人的客户', owner: boss });
    const session = server.client();
    await session.signIn('leaver1', PASSWORD);
    const later = await session.post<Data>('/api/v1/records/customer', { name: '自己登记的' });

    const task = await make('task', { title: '回访安康', owner: boss });
    const ended = await make('task', { title: '已办的回访', owner: boss });
    await server.app.db.query({
      text: 'update task set assigner = $1 where id = any($2::uuid[])',
      values: [leaver, [task, ended]],
    });
    await server.app.db.query({
      text: `update task set status = 'confirmed' where id = $1`,
      values: [ended],
    });

    const preview = await handOver(leaver, { preview: true });
    expect(preview.status, JSON.stringify(preview.body)).toBe(200);
    expect(itemOf(preview.body, 'customer.owner')).toMatchObject({
      kind: 'owner',
      records: 4,
      proposed: true,
    });
    expect(itemOf(preview.body, 'unit.head')).toMatchObject({ kind: 'organisation', records: 1 });
    expect(itemOf(preview.body, 'user.supervisor')).toMatchObject({ kind: 'organisation', proposed: true });
    expect(itemOf(preview.body, 'customer.entered_by')).toMatchObject({ kind: 'other', proposed: false });
    expect(itemOf(preview.body, 'task.assigner')).toMatchObject({ kind: 'workflow', records: 1 });
    expect(preview.body.sessions).toBe(1);
    expect(await read('customer', customer)).toMatchObject({ owner: leaver, version: 1 });

    const done = await handOver(leaver, { to: [successor], reason: '离职' });
    expect(done.status, JSON.stringify(done.body)).toBe(200);
    expect(done.body.sessions).toBe(1);
    for (const id of [customer, voided, String(later.body['id'])])
      expect(await read('customer', id)).toMatchObject({ owner: successor, unit: north });
    expect(await read('customer', elsewhere)).toMatchObject({ owner: successor, unit: north });
    expect(await read('customer', customer)).toMatchObject({ entered_by: leaver, version: 2 });
    expect(await read('contact', contact)).toMatchObject({ owner: successor });
    expect(await read('customer', alien)).toMatchObject({ owner: boss, version: 1 });
    expect(await read('task', task)).toMatchObject({ assigner: successor });
    expect(await read('task', ended)).toMatchObject({ assigner: leaver });
    expect(await read('unit', team)).toMatchObject({ head: successor });
    expect(await read('user', below)).toMatchObject({ supervisor: successor });
    expect(await read('user', leaver)).toMatchObject({ status: 'disabled' });
    expect((await session.get('/api/v1/me')).status).toBe(401);
    expect((await server.client().signIn('leaver1', PASSWORD)).status).toBe(401);
    const heir = server.client();
    await heir.signIn('successor1', PASSWORD);
    const history = await heir.get<{ items: readonly Data[] }>(
      `/api/v1/records/customer/${customer}/history`,
    );
    expect(history.body.items[0]).toMatchObject({ action: 'update', reason: '离职' });

    // What the successor gave away since stays with whom he gave it to.
    const { version } = await read('customer', elsewhere);
    await admin.request('PATCH', `/api/v1/records/customer/${elsewhere}`, {
      body: { owner: boss },
      headers: { 'If-Match': `"${String(version)}"` },
    });
    const undone = await admin.post<UndoAnswer>(`/api/v1/operations/${done.body.operation}/undo`, {});
    expect(undone.status, JSON.stringify(undone.body)).toBe(200);
    expect(undone.body.records.find(({ id }) => id === elsewhere)).toMatchObject({
      kept: ['owner'],
      because: 'changed',
    });
    expect(await read('customer', customer)).toMatchObject({
      owner: leaver,
      unit: server.app.administrator.unit,
    });
    expect(await read('customer', elsewhere)).toMatchObject({ owner: boss });
    expect(await read('user', below)).toMatchObject({ supervisor: leaver });
    expect(await read('user', leaver)).toMatchObject({ status: 'active' });
    expect((await server.client().signIn('leaver1', PASSWORD)).status).toBe(200);
  });

  it('SCN-09 passes on what was passed on to the leaving person', async () => {
    const reviewer = { roles: ['employee', 'reviewer'] };
    const [leaver, successor] = [await person('leaver9', reviewer), await person('successor9', reviewer)];
    const owner = await person('owner9');
    const customer = await make('customer', { name: '待审药业', owner });
    const given = await admin.post<Data>('/api/v1/records/customer/reassign', {
      records: [customer],
      to: leaver,
      reason: '请审',
    });
    expect(given.status, JSON.stringify(given.body)).toBe(200);
    const done = await handOver(leaver, { to: [successor], reason: '离职' });
    expect(done.status, JSON.stringify(done.body)).toBe(200);
    expect(
      await server.app.db.query({
        text: `select from_user, reason from mortise.workflow_assignment
          where record_id = $1::uuid and ended_at is null and to_user = $2::uuid`,
        values: [customer, successor],
      }),
    ).toEqual([{ from_user: leaver, reason: '离职' }]);
    const { body } = await admin.get<{ items: readonly Data[] }>(
      `/api/v1/records/customer/${customer}/history`,
    );
    expect(body.items.slice(0, 2)).toMatchObject([
      { reason: '离职', steps: [{ label: { 'zh-CN': '转办给successor9', en: 'Passed on to successor9' } }] },
      { reason: '请审', steps: [{ label: { en: 'Passed on to leaver9' } }] },
    ]);
  });

  it('SCN-09 deals out among several, keeps together what belongs together, and makes no circle of superiors', async () => {
    const [leaver, one, top] = [await person('leaver2'), await person('one2'), await person('top2')];
    const middle = await person('middle2', { supervisor: leaver });
    const two = await person('two2', { supervisor: middle });
    const { version } = await read('user', leaver);
    await admin.request('PATCH', `/api/v1/records/user/${leaver}`, {
      body: { supervisor: top },
      headers: { 'If-Match': `"${String(version)}"` },
    });
    const customers: string[] = [];
    for (let n = 0; n < 6; n += 1) {
      const customer = await make('customer', { name: `分配${n}号`, owner: leaver });
      await make('contact', { name: `分配人${n}`, customer, owner: leaver });
      customers.push(customer);
    }
    const done = await handOver(leaver, { to: [one, two], disable: false });
    expect(done.status, JSON.stringify(done.body)).toBe(200);
    const owners = await Promise.all(customers.map(async (id) => (await read('customer', id))['owner']));
    expect(owners.filter((id) => id === one)).toHaveLength(3);
    expect(owners.filter((id) => id === two)).toHaveLength(3);
    const contacts = await admin.get<{ items: readonly Data[] }>(
      `/api/v1/records/contact?fields=owner,customer&filter=${encodeURIComponent(JSON.stringify({ customer: { $in: customers } }))}`,
    );
    expect(contacts.body.items).toHaveLength(6);
    for (const contact of contacts.body.items)
      expect(contact['owner']).toBe(owners[customers.indexOf(String(contact['customer']))]);
    // `two` stands below `middle`: `middle` comes under the superior of the one who left.
    expect(await read('user', middle)).toMatchObject({ supervisor: top });
    expect(await read('user', leaver)).toMatchObject({ status: 'active' });
  });

  it('SEC-06 needs both rights, an active successor, and fields that can be handed over', async () => {
    const [leaver, heir] = [await person('leaver3'), await person('heir3')];
    const off = await person('off3', { status: 'disabled' });
    const employee = server.client();
    await employee.signIn('heir3', PASSWORD);
    expect((await handOver(leaver, { to: [heir] }, employee)).status).toBe(403);
    expect((await handOver(leaver, { to: [heir] }, server.client())).status).toBe(401);
    const faulty: readonly (readonly [string, Data, number])[] = [
      [leaver, { to: [] }, 422],
      [leaver, { to: [leaver] }, 422],
      [leaver, { to: [off] }, 422],
      [leaver, { to: ['nobody'] }, 422],
      [leaver, { to: [heir], fields: ['customer.name'] }, 422],
      [leaver, { to: [heir], fields: [7] }, 400],
      [leaver, { to: [heir], more: 1 }, 400],
      ['00000000-0000-7000-8000-00000000abcd', { to: [heir] }, 404],
      [server.app.administrator.id, { to: [heir] }, 422],
    ];
    for (const [id, body, status] of faulty) {
      const answer = await handOver(id, body);
      expect(answer.status, JSON.stringify([body, answer.body])).toBe(status);
    }
    const customer = await make('customer', { name: '只交一项', owner: leaver, entered_by: leaver });
    const done = await handOver(leaver, { to: [heir], fields: ['customer.entered_by'], disable: false });
    expect(done.status, JSON.stringify(done.body)).toBe(200);
    expect(await read('customer', customer)).toMatchObject({ owner: leaver, entered_by: heir });
  });
});
