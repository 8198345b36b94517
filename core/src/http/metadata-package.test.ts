import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { MetadataPackage } from '../change/transport/metadata-package.ts';
import { transport } from '../cli/metadata-package.ts';
import { describeEngines } from '../testing/databases.ts';
import type { ApplyAnswer, PackagePlanAnswer, ProblemBody } from './contract.ts';
import { startTestServer, type TestClient, type TestServer } from './test-server.ts';

const META = '/api/v1/metadata';

const club = {
  name: 'club',
  label: { 'zh-CN': '俱乐部', en: 'Club' },
  display: 'title',
  ownership: 'user',
  reviews: false,
  properties: { title: { field: 'text', label: { 'zh-CN': '名称', en: 'Title' }, maxLength: 40 } },
};
const empty: MetadataPackage = { format: 1, lineage: [], plugins: {}, documents: {} };

describeEngines('the configuration as a package over HTTP', (open) => {
  let server: TestServer;
  let admin: TestClient;
  let folder: string;
  beforeAll(async () => {
    server = await startTestServer(open);
    admin = await server.administrator();
    folder = await mkdtemp(join(tmpdir(), 'mortise-package-'));
  });
  afterAll(async () => {
    await server?.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('ENG-14 a package is previewed, applied by its token and exported again', async () => {
    const sent = { ...empty, documents: { 'entity/club': club } };
    const { body } = await admin.post<PackagePlanAnswer>(`${META}/package/plan`, {
      package: sent,
      note: 'club',
    });
    expect(body.conflicts).toEqual([]);
    expect(body.plan?.plan.map(({ operation }) => operation)).toContain('entity.add');
    const applied = await admin.post<ApplyAnswer>(`${META}/apply`, { token: body.plan?.token });
    expect(applied.status).toBe(200);
    const exported = (await admin.get<MetadataPackage>(`${META}/package`)).body;
    expect(exported.documents).toEqual(sent.documents);
    const compared = await admin.post<{ items: unknown[] }>(`${META}/package/diff`, { package: empty });
    expect(compared.body.items).toContainEqual({ path: 'entity/club#', here: club });
  });

  it('ENG-14 refuses what is no package, with the place of every fault', async () => {
    const wrong = {
      format: 2,
      lineage: 'x',
      plugins: { fairs: true },
      documents: { club, 'entity/x': club },
      more: 1,
    };
    const refused = await admin.post<ProblemBody>(`${META}/package/plan`, { package: wrong });
    expect(refused.status).toBe(422);
    expect(refused.body.code).toBe('MRT_PACKAGE_INVALID');
    expect(refused.body.errors.map(({ path }) => path)).toEqual([
      '/more',
      '/format',
      '/lineage',
      '/plugins/fairs',
      '/documents/club',
      '/documents/entity~1x/name',
    ]);
    expect((await admin.post(`${META}/package/plan`, { package: empty, prefer: 'me' })).status).toBe(400);
  });

  it('SEC-06 gives the configuration to nobody without the right to configure', async () => {
    const made = await admin.post('/api/v1/records/user', {
      username: 'clerk',
      display_name: 'Clerk',
      roles: ['employee'],
    });
    await admin.post(`/api/v1/users/${String(made.body['id'])}/password`, {
      password: 'clerk password 1',
      must_change: false,
    });
    const clerk = server.client();
    await clerk.signIn('clerk', 'clerk password 1');
    expect((await clerk.get(`${META}/package`)).status).toBe(403);
    expect((await clerk.post(`${META}/package/diff`, { package: empty })).status).toBe(403);
    expect((await clerk.post(`${META}/package/plan`, { package: empty })).status).toBe(403);
  });

  it('SEC-06 asks for the right for whatever a package would change, named in it or not, and for plugins', async () => {
    const full = (await admin.get<MetadataPackage>(`${META}/package`)).body;
    const { body: role } = await admin.get<{ document: object; base: string }>(
      `${META}/documents/role/employee`,
    );
    await admin.post(`${META}/apply`, {
      changes: [
        {
          kind: 'role',
          name: 'employee',
          base: role.base,
          document: { ...role.document, label: { 'zh-CN': '员工', en: 'Clerk' } },
        },
        {
          kind: 'role',
          name: 'designer',
          document: {
            name: 'designer',
            label: { 'zh-CN': '设计', en: 'Designer' },
            grants: {},
            functions: { 'metadata.configure': true },
          },
        },
      ],
      note: '',
    });
    const withRoles = (await admin.get<MetadataPackage>(`${META}/package`)).body;
    const made = await admin.post('/api/v1/records/user', {
      username: 'designer',
      display_name: 'Designer',
      roles: ['designer'],
    });
    await admin.post(`/api/v1/users/${String(made.body['id'])}/password`, {
      password: 'designer password 1',
      must_change: false,
    });
    const designer = server.client();
    await designer.signIn('designer', 'designer password 1');
    const plan = (sent: object) => designer.post<ProblemBody>(`${META}/package/plan`, sent);

    // Without the roles, and exact: they would go although the package does not name one.
    const { 'role/employee': _one, 'role/designer': _two, ...documents } = withRoles.documents;
    const refused = await plan({ package: { ...withRoles, documents }, exact: true });
    expect([refused.status, refused.body.code]).toEqual([403, 'MRT_ACCESS_FUNCTION']);
    const [name = ''] = Object.keys(full.plugins);
    const switched = {
      ...empty,
      plugins: { [name]: { version: '1', enabled: !full.plugins[name]?.enabled } },
    };
    if (name !== '') expect((await plan({ package: switched })).status).toBe(403);
    expect((await plan({ package: { ...withRoles, documents } })).status).toBe(200);
  });

  it('ENG-14 the command moves the configuration of a running installation by a token', async () => {
    const made = await admin.post<{ token: string }>('/api/v1/me/tokens', {
      name: 'transport',
    });
    const root = join(folder, 'site');
    const said: string[] = [];
    const run = (action: Parameters<typeof transport>[0], ...more: string[]) => {
      said.length = 0;
      return transport(
        action,
        {
          args: [root, '--server', server.address, ...more],
          environment: { MORTISE_TOKEN: made.body.token, MORTISE_LOCALE: 'en' },
          root: folder,
          cwd: folder,
          print: (line) => said.push(line),
        },
        'usage',
      );
    };
    expect(await run('export')).toBe(0);
    expect(await run('diff')).toBe(0);
    const file = join(root, 'metadata/entities/club.json');
    await writeFile(file, (await readFile(file, 'utf8')).replace('"maxLength": 40', '"maxLength": 60'));
    expect(await run('diff')).toBe(1);
    expect(said[0]).toBe('entity/club#/properties/title/maxLength');
    expect(await run('plan')).toBe(0);
    expect(said.join('\n')).toContain('40 → 60');
    expect(await run('apply', '--note', 'longer titles')).toBe(0);
    expect(await run('diff')).toBe(0);
    await expect(run('plan', '--ours', '--theirs')).rejects.toThrow('usage');
  });
});
