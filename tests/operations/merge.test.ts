import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { systemContext } from '../../core/src/app/create-context.ts';
import type {
  HistoryEntry,
  MergeAnswer,
  Operation,
  ProblemBody,
  UndoAnswer,
} from '../../core/src/http/contract.ts';
import { startTestServer, type TestClient, type TestServer } from '../../core/src/http/test-server.ts';
import { describeEngines } from '../../core/src/testing/databases.ts';

const PASSWORD = 'correct horse 12';
const CUSTOMER = '/api/v1/records/customer';
type Data = Readonly<Record<string, unknown>>;

describeEngines('merging records', (open, engine) => {
  let server: TestServer;
  let admin: TestClient;
  let clerk: TestClient;

  const make = async (entity: string, values: Data): Promise<string> => {
    const { records } = server.app;
    // Sample data is not held against likely duplicates.
    const context = systemContext(server.app.changes.current(), server.app.administrator, 'demo');
    return String((await records.create(context, entity, values))['id']);
  };
  const read = async (entity: string, id: string, query = ''): Promise<Data> =>
    (await admin.get(`/api/v1/records/${entity}/${id}${query}`)).body;
  const versionsOf = async (...ids: readonly string[]) =>
    await Promise.all(
      ids.map(async (id) => ({ id, version: Number((await read('customer', id))['version']) })),
    );
  const merge = (body: Data, client: TestClient = admin) =>
    client.post<MergeAnswer & ProblemBody & Data>(`${CUSTOMER}/merge`, body);
  const merged = async (body: Data): Promise<MergeAnswer> => {
    const answer = await merge(body);
    expect(answer.status, JSON.stringify(answer.body)).toBe(200);
    return answer.body;
  };
  const change = async (entity: string, id: string, body: Data): Promise<void> => {
    const { version } = await read(entity, id);
    const answer = await admin.request('PATCH', `/api/v1/records/${entity}/${id}`, {
      body,
      headers: { 'If-Match': `"${String(version)}"` },
    });
    expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  };
  const undo = (id: unknown, body: Data = {}, client: TestClient = admin) =>
    client.post<UndoAnswer & ProblemBody>(`/api/v1/operations/${String(id)}/undo`, body);
  const historyOf = async (id: string): Promise<readonly HistoryEntry[]> =>
    (await admin.get<{ items: readonly HistoryEntry[] }>(`${CUSTOMER}/${id}/history`)).body.items;
  const totalOf = async (query: string): Promise<unknown> =>
    (await admin.get(`${CUSTOMER}?count=exact&${query}`)).body['total'];

  beforeAll(async () => {
    server = await startTestServer(open);
    admin = await server.administrator();
    const user = await admin.post('/api/v1/records/user', {
      username: 'clerk',
      display_name: 'Clerk',
      roles: ['entry_clerk'],
      unit: server.app.administrator.unit,
    });
    await admin.post(`/api/v1/users/${String(user.body['id'])}/password`, {
      password: PASSWORD,
      must_change: false,
    });
    clerk = server.client();
    const entered = await clerk.signIn('clerk', PASSWORD);
    if (entered.status !== 200) throw new Error(JSON.stringify(entered.body));
  });
  afterAll(async () => await server.close());

  it('ENT-05 NF-DQ-01 makes three customers one: chosen values, contacts, branches and old ids follow', async () => {
    const a = await make('customer', {
      name: '蓝海贸易有限公司',
      phone: '010-62001111',
      customer_type: ['potential'],
    });
    const b = await make('customer', {
      name: '蓝海贸易公司',
      address: '中关村大街1号',
      customer_type: ['existing'],
      parent: a,
    });
    const c = await make('customer', { name: '蓝海商贸', email: 'info@lanhai.example' });
    const code = (await read('customer', b))['customer_code'];
    const wang = await make('contact', { name: '王芳', customer: b });
    await make('contact', { name: '赵敏', customer: c });
    await change('customer', b, { primary_contact: wang });
    const branch = await make('customer', { name: '蓝海贸易上海分公司', parent: c });
    const binned = await make('contact', { name: '旧人', customer: c });
    await admin.request('DELETE', `/api/v1/records/contact/${binned}`);

    const body = {
      survivor: a,
      records: await versionsOf(a, b, c),
      choices: { address: b, customer_code: b, email: c, primary_contact: b, customer_type: 'unite' },
      reason: '同一家公司',
    };
    const preview = await merged({ ...body, preview: true });
    expect(preview.operation).toBeNull();
    expect(await read('customer', b)).toMatchObject({ id: b, name: '蓝海贸易公司' });
    expect(preview.moved).toEqual([
      { entity: 'contact', field: 'customer', records: 2 },
      { entity: 'customer', field: 'parent', records: 1 },
    ]);
    expect([...preview.changed].sort()).toEqual([
      'address',
      'customer_code',
      'customer_type',
      'email',
      'primary_contact',
    ]);

    const done = await merged(body);
    expect(done).toMatchObject({ id: a, moved: preview.moved, version: 2 });
    const survivor = await read('customer', a, '?include=contacts');
    expect(survivor).toMatchObject({
      name: '蓝海贸易有限公司',
      phone: expect.stringContaining('62001111'),
      address: '中关村大街1号',
      customer_code: code,
      email: 'info@lanhai.example',
      primary_contact: wang,
      customer_type: ['potential', 'existing'],
      parent: null,
      version: done.version,
    });
    expect((survivor['contacts'] as Data[]).map(({ name }) => name).sort()).toEqual(['王芳', '赵敏']);
    expect(await read('contact', wang)).toMatchObject({ customer: a, version: 2 });
    expect(await read('contact', binned)).toMatchObject({ customer: a });
    expect(await read('customer', branch)).toMatchObject({ parent: a });

    // An old address leads to the survivor, with its own id, and is found nowhere else.
    const led = await admin.get(`${CUSTOMER}/${b}`);
    expect(led.body).toMatchObject({ id: a, name: '蓝海贸易有限公司' });
    expect(led.headers.get('Content-Location')).toBe(`${CUSTOMER}/${a}`);
    expect(led.headers.get('ETag')).toBe(`"${done.version}"`);
    expect(await totalOf(`filter=${encodeURIComponent(JSON.stringify({ id: { $in: [b, c] } }))}`)).toBe(0);
    expect(
      await totalOf(`state=deleted&filter=${encodeURIComponent(JSON.stringify({ id: { $in: [b, c] } }))}`),
    ).toBe(0);
    expect((await admin.post<ProblemBody>(`${CUSTOMER}/${b}/restore`, {})).body.code).toBe(
      'MRT_RECORD_STATE',
    );
    const entries = await historyOf(c);
    expect(entries.filter(({ action }) => action === 'merge').map(({ merged: of }) => of?.display)).toEqual(
      expect.arrayContaining(['蓝海贸易公司', '蓝海商贸']),
    );
    expect(
      entries.find((entry) => entry.merged === null && entry.action === 'update')?.changes,
    ).toMatchObject({
      address: { old: null, new: '中关村大街1号' },
    });
    expect(entries.some((entry) => entry.merged?.id === c && entry.action === 'create')).toBe(true);
    const [operation] = (await admin.get<{ items: readonly Operation[] }>('/api/v1/operations')).body.items;
    expect(operation).toMatchObject({
      id: done.operation,
      kind: 'merge',
      entity: 'customer',
      reason: '同一家公司',
      mayUndo: true,
    });
    // The survivor is found by what a loser was found by; the losers are no candidates.
    await server.app.duplicates.settle();
    const found = await admin.post<{ items: readonly Data[] }>(`${CUSTOMER}/duplicates`, {
      name: '蓝海贸易公司',
    });
    expect(found.body.items.map(({ id }) => id)).not.toContain(b);
  });

  it('NF-DQ undoes a merge also after later edits, which stay and are listed', async () => {
    const a = await make('customer', { name: '金桥食品有限公司', profile: '甲' });
    const b = await make('customer', { name: '金桥食品厂', profile: '乙', address: '旧址' });
    const moved = await make('contact', { name: '陈立', customer: b });
    const edited = await make('contact', { name: '孙兰', customer: b });
    const code = (await read('customer', b))['customer_code'];
    const other = await make('customer', { name: '银桥' });
    const { operation } = await merged({
      survivor: a,
      records: await versionsOf(a, b),
      choices: { profile: b, address: b, customer_code: b },
    });
    await change('customer', a, { address: '新址' });
    await change('contact', edited, { customer: other });
    const late = await make('contact', { name: '后来', customer: a });

    const preview = await undo(operation, { preview: true });
    expect(preview.status, JSON.stringify(preview.body)).toBe(200);
    expect(preview.body.operation).toBeNull();
    expect((await read('customer', b))['id']).toBe(a);
    const done = await undo(operation);
    expect(done.status, JSON.stringify(done.body)).toBe(200);
    expect(done.body.records).toEqual(preview.body.records);
    const of = new Map(done.body.records.map((record) => [record.id, record]));
    expect(of.get(b)).toMatchObject({ action: 'restore', display: '金桥食品厂' });
    expect(of.get(a)).toMatchObject({ action: 'change', kept: ['address'] });
    expect([...(of.get(a)?.restored ?? [])].sort()).toEqual(['customer_code', 'profile']);
    expect(of.get(moved)).toMatchObject({ entity: 'contact', action: 'change', restored: ['customer'] });
    expect(of.get(edited)).toMatchObject({ action: null, kept: ['customer'], because: 'changed' });

    expect(await read('customer', a)).toMatchObject({ id: a, profile: '甲', address: '新址' });
    expect(await read('customer', b)).toMatchObject({
      id: b,
      profile: '乙',
      address: '旧址',
      customer_code: code,
      deleted_at: null,
    });
    expect(await read('contact', moved)).toMatchObject({ customer: b });
    expect(await read('contact', edited)).toMatchObject({ customer: other });
    expect(await read('contact', late)).toMatchObject({ customer: a });
    expect((await historyOf(b))[0]).toMatchObject({ action: 'restore', merged: null });
    expect((await undo(operation)).body.code).toBe('MRT_RECORD_STATE');
  });

  it('takes nothing back when a merged record cannot return, and follows merges of merges', async () => {
    const [a, b, c] = [
      await make('customer', { name: '华东仪表' }),
      await make('customer', { name: '华东仪表厂' }),
      await make('customer', { name: '华东仪器' }),
    ];
    const first = await merged({ survivor: b, records: await versionsOf(a, b) });
    const code = (
      await server.app.db.query<{ customer_code: string }>({
        text: 'select customer_code from customer where id = $1',
        values: [a],
      })
    )[0]!.customer_code;
    const second = await merged({ survivor: c, records: await versionsOf(b, c) });
    expect((await read('customer', a))['id']).toBe(c);
    expect((await historyOf(c)).filter(({ action }) => action === 'merge')).toHaveLength(2);
    // The survivor of the first was merged itself.
    expect((await undo(first.operation)).body.code).toBe('MRT_RECORD_STATE');
    expect((await undo(second.operation)).status).toBe(200);
    expect((await read('customer', a))['id']).toBe(b);
    const thief = await make('customer', { name: '占用编码' });
    await change('customer', thief, { customer_code: code });
    const refused = await undo(first.operation);
    expect(refused.body, JSON.stringify(refused.body)).toMatchObject({ operation: null });
    expect(refused.body.records.find(({ id }) => id === a)).toMatchObject({ because: 'refused' });
    expect((await read('customer', a))['id']).toBe(b);
    await change('customer', thief, { customer_code: 'n977' });
    expect((await undo(first.operation)).body.operation).not.toBeNull();
    expect((await read('customer', a))['id']).toBe(a);
  });

  it('SEC-06 needs the right, the versions that were compared, and records that are there', async () => {
    const [a, b] = [
      await make('customer', { name: '南湖渔业' }),
      await make('customer', { name: '南湖渔业公司' }),
    ];
    const records = await versionsOf(a, b);
    const body = { survivor: a, records };
    expect((await merge(body, clerk)).body.code).toBe('MRT_ACCESS_FUNCTION');
    expect((await merge(body, server.client())).status).toBe(401);
    await change('customer', b, { profile: '改过' });
    const stale = await merge(body);
    expect(stale.status).toBe(409);
    expect(stale.body).toMatchObject({
      code: 'MRT_RECORD_CONFLICT',
      errors: [{ path: '/records/1/version' }],
      records: [{ id: b, version: 2 }],
    });
    const faulty: readonly (readonly [Data, number, string?])[] = [
      [{ ...body, records: records.slice(0, 1) }, 422, '/records'],
      [{ ...body, records: [records[0], records[0]] }, 422, '/records'],
      [{ ...body, survivor: '00000000-0000-7000-8000-00000000abcd' }, 422, '/survivor'],
      [{ ...body, records: await versionsOf(a, b), choices: { nonsense: a } }, 422, '/choices/nonsense'],
      [{ ...body, records: await versionsOf(a, b), choices: { name: 'unite' } }, 422, '/choices/name'],
      [
        { ...body, records: await versionsOf(a, b), choices: { review_status: b } },
        422,
        '/choices/review_status',
      ],
      [{ ...body, records: [{ id: 7, version: 1 }] }, 400],
      [{ ...body, records: [{ id: a }] }, 428],
      [{ ...body, extra: 1 }, 400],
      [
        {
          survivor: a,
          records: [
            { id: a, version: 1 },
            { id: 'x', version: 1 },
          ],
        },
        404,
      ],
    ];
    for (const [sent, status, path] of faulty) {
      const answer = await merge(sent);
      expect(answer.status, JSON.stringify([sent, answer.body])).toBe(status);
      if (path) expect(answer.body.errors?.[0]?.path).toBe(path);
    }
    await admin.request('DELETE', `${CUSTOMER}/${b}`);
    expect((await merge({ survivor: a, records: await versionsOf(a, b) })).body.code).toBe(
      'MRT_RECORD_STATE',
    );
    expect(
      (
        await admin.post<ProblemBody>('/api/v1/records/user/merge', {
          survivor: a,
          records,
        })
      ).body.code,
    ).toBe('MRT_RECORD_STATE');
  });

  it('SEC-06 merges units, and takes that back, only for who may say which unit people are in', async () => {
    const role = {
      name: 'unit_merger',
      label: { 'zh-CN': '合并部门', en: 'Merges units' },
      functions: { merge: true },
      grants: {
        unit: {
          entity: 'unit',
          actions: { query: 'all', read: 'all', update: 'all', delete: 'all', restore: 'all' },
        },
      },
    };
    const applied = await admin.post('/api/v1/metadata/apply', {
      note: 'role',
      changes: [{ kind: 'role', name: 'unit_merger', document: role }],
    });
    expect(applied.status, JSON.stringify(applied.body)).toBe(200);
    const [near, far] = [await make('unit', { name: 'Near' }), await make('unit', { name: 'Far' })];
    const username = 'unit_merger';
    const user = await admin.post('/api/v1/records/user', {
      username,
      display_name: 'Merger',
      roles: ['unit_merger'],
      unit: near,
    });
    const id = String(user.body['id']);
    await admin.post(`/api/v1/users/${id}/password`, { password: PASSWORD, must_change: false });
    const merger = server.client();
    expect((await merger.signIn(username, PASSWORD)).status).toBe(200);
    const body = {
      survivor: far,
      records: [near, far].map((unit) => ({ id: unit, version: 1 })),
    };
    const mergeUnits = (client: TestClient, more: Data = {}) =>
      client.post<MergeAnswer & ProblemBody>('/api/v1/records/unit/merge', { ...body, ...more });
    for (const more of [{}, { preview: true }])
      expect((await mergeUnits(merger, more)).body.code).toBe('MRT_ACCESS_FUNCTION');
    expect((await read('user', id))['unit']).toBe(near);
    const done = await mergeUnits(admin);
    expect(done.status, JSON.stringify(done.body)).toBe(200);
    expect((await read('user', id))['unit']).toBe(far);
    expect((await undo(done.body.operation, {}, merger)).status).not.toBe(200);
    expect((await undo(done.body.operation)).status).toBe(200);
    expect((await read('user', id))['unit']).toBe(near);
  });

  it.runIf(engine === 'postgresql')(
    'NF-DQ-01 answers for a merge that is done, whatever fails after it',
    async () => {
      const [a, b] = [
        await make('customer', { name: '北山矿业' }),
        await make('customer', { name: '北山矿业局' }),
      ];
      const { db } = server.app;
      const real = db.transaction.bind(db);
      let lost = 0;
      const spy = vi.spyOn(db, 'transaction').mockImplementation(
        async (run, options) =>
          await real(async (tx) => {
            const query = tx.query.bind(tx);
            vi.spyOn(tx, 'query').mockImplementation(async (statement) => {
              if (!/lock_model|73016, 1\)/.test(statement.text)) return await query(statement);
              lost += 1;
              throw new Error('Connection terminated unexpectedly');
            });
            return await run(tx);
          }, options),
      );
      try {
        const answer = await merge({ survivor: a, records: await versionsOf(a, b) });
        expect(answer.status, JSON.stringify(answer.body)).toBe(200);
        expect(lost).toBe(1);
      } finally {
        spy.mockRestore();
      }
      expect((await read('customer', b))['id']).toBe(a);
    },
  );

  it.runIf(engine === 'postgresql')(
    'NF-DQ-01 has no other writer wait for a merge that waits for one',
    async () => {
      const [a, b] = [
        await make('customer', { name: '西河水泥' }),
        await make('customer', { name: '西河水泥厂' }),
      ];
      const records = await versionsOf(a, b);
      const { db, changes } = server.app;
      const guard = { text: 'select mortise.guard($1)', values: [changes.current().version] };
      const release = Promise.withResolvers<void>();
      const isHeld = Promise.withResolvers<void>();
      const slow = db.transaction(async (tx) => {
        await tx.query(guard);
        isHeld.resolve();
        await release.promise;
      });
      try {
        await isHeld.promise;
        const began = Date.now();
        const state = { isMerged: false };
        const merging = merge({ survivor: a, records }).then((answer) => {
          state.isMerged = true;
          return answer;
        });
        let longest = 0;
        while (!state.isMerged) {
          const asked = Date.now();
          await db.transaction((tx) => tx.query(guard));
          longest = Math.max(longest, Date.now() - asked);
        }
        expect((await merging).status).toBe(200);
        expect(longest).toBeLessThan(1500);
        expect(Date.now() - began).toBeLessThan(7000);
      } finally {
        release.resolve();
        await slow;
      }
    },
  );

  it('ENG-21 refuses where attached records would repeat what is unique, and says which', async () => {
    await admin.post('/api/v1/plugins/trade-fair/enable', {});
    const fair = await make('trade_fair', { edition_no: '99', name: '第99届' });
    const [a, b] = [
      await make('customer', { name: '东湖酒业' }),
      await make('customer', { name: '东湖酒业公司' }),
    ];
    const participation = await make('fair_participation', { customer: a, fair });
    const second = await make('fair_participation', { customer: b, fair });
    const body = { survivor: a, records: await versionsOf(a, b) };
    for (const preview of [true, false]) {
      const refused = await merge({ ...body, preview });
      expect(refused.status).toBe(409);
      expect(refused.body).toMatchObject({ code: 'MRT_MERGE_COLLIDES', entity: 'fair_participation' });
    }
    expect((await read('customer', b))['id']).toBe(b);
    await admin.request('DELETE', `/api/v1/records/fair_participation/${second}`);
    await merged(body);
    expect(await read('fair_participation', participation)).toMatchObject({ customer: a });
  });

  it.runIf(engine === 'postgresql')(
    'two that merge the same records at once, and one who adds a contact meanwhile, leave nothing behind',
    async () => {
      for (let round = 0; round < 5; round += 1) {
        const [a, b] = [
          await make('customer', { name: `并发甲${round}` }),
          await make('customer', { name: `并发乙${round}` }),
        ];
        const records = await versionsOf(a, b);
        const answers = await Promise.all([
          merge({ survivor: a, records }),
          merge({ survivor: b, records: records.toReversed() }),
          ...Array.from({ length: 6 }, (_, n) =>
            admin.post<Data & ProblemBody>('/api/v1/records/contact', {
              name: `联系人${round}${n}`,
              customer: n % 2 ? a : b,
            }),
          ),
        ]);
        const [one, two, ...contacts] = answers;
        expect([one.status, two.status].filter((status) => status === 200)).toHaveLength(1);
        const stays = one.status === 200 ? a : b;
        for (const { status, body } of contacts) {
          if (status !== 201) continue;
          expect(await read('contact', String(body['id']))).toMatchObject({ customer: stays });
        }
      }
    },
  );
});
