import { createWriteStream } from 'node:fs';
import { copyFile, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { createGzip, gunzipSync } from 'node:zlib';
import { extract, pack } from 'tar-stream';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Application } from '../app/application.ts';
import { readConfig } from '../app/config.ts';
import { createApplication } from '../app/create-application.ts';
import { systemContext } from '../app/create-context.ts';
import { createLog } from '../app/log.ts';
import { createAttachments } from '../files/attachments.ts';
import { folderStore } from '../files/file-store.ts';
import { listen } from '../http/create-http.ts';
import { createClient } from '../http/test-server.ts';
import { openPglite } from '../store/open-pglite.ts';
import { openPostgres } from '../store/open-postgres.ts';
import { createServerDatabase, describeEngines, serverSkipped } from '../testing/databases.ts';
import type { ArchiveHead } from './archive.ts';
import { checkArchive } from './archive-reader.ts';
import { restoreBackup, type RestoreOptions } from './restore-backup.ts';
import { writeBackup } from './write-backup.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url)).replace(/[\\/]$/, '');
const PASSWORD = 'a-password-for-tests';

interface Entry {
  name: string;
  content: Buffer;
}

async function entriesOf(path: string): Promise<Entry[]> {
  const tar = extract();
  const entries: Entry[] = [];
  tar.end(gunzipSync(await readFile(path)));
  for await (const entry of tar) {
    const parts: Buffer[] = [];
    for await (const part of entry) parts.push(part as Buffer);
    entries.push({ name: entry.header.name, content: Buffer.concat(parts) });
  }
  return entries;
}

async function archiveOf(entries: readonly Entry[], path: string): Promise<string> {
  const tar = pack();
  const written = pipeline(tar, createGzip(), createWriteStream(path));
  for (const { name, content } of entries) tar.entry({ name }, content);
  tar.finalize();
  await written;
  return path;
}

describeEngines('backup and restore (NF-SEC-03, SYS-14)', (open, engine) => {
  let folder: string;
  let app: Application;
  let archive: string;
  let http: Awaited<ReturnType<typeof listen>>;
  /** Names of the units whose creation was acknowledged before the backup was asked for. */
  const acknowledged: string[] = [];
  let attachment: { readonly id: string; readonly content: Buffer };

  const startOn = (environment: Record<string, string>, given?: typeof open): Promise<Application> =>
    createApplication(
      readConfig({ MORTISE_UI: '0', PORT: '0', MORTISE_ADMIN_PASSWORD: PASSWORD, ...environment }, ROOT),
      createLog('silent'),
      given,
    );
  const system = (of: Application) => systemContext(of.changes.current(), of.administrator, 'api');
  const options = (over: Partial<RestoreOptions>): RestoreOptions => ({
    databaseUrl: null,
    dataDir: join(folder, 'unused'),
    program: app.version,
    replace: false,
    ...over,
  });

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mortise-backup-'));
    app = await startOn({ MORTISE_DATA_DIR: join(folder, 'source') }, open);
    http = await listen(app);
    const store = folderStore(join(folder, 'source', 'files'));
    const content = Buffer.from('%PDF-1.4 合同\n');
    const file = await createAttachments(app.db, store, app.records).upload(system(app), '合同.pdf', content);
    attachment = { id: file.id, content };

    // People go on working while the backup is made.
    const busy = new AbortController();
    const work = (async () => {
      for (let number = 1; !busy.signal.aborted; number += 1) {
        // The embedded engine works on this thread: without a breath nobody else would get to it.
        await new Promise((resolve) => setImmediate(resolve));
        const name = `部门 "${number}" \\N {x}, 'y'`;
        const made = await app.records.create(system(app), 'unit', { name, code: `U${number}` });
        await app.records.update(system(app), 'unit', String(made['id']), 1, {
          parent: app.administrator.unit,
        });
        acknowledged.push(name);
      }
    })();
    // Whoever waits below is told when it fails here.
    const enough = async (): Promise<void> => {
      while (acknowledged.length < 20) await new Promise((resolve) => setTimeout(resolve, 5));
    };
    await Promise.race([enough(), work]);
    const before = acknowledged.length;
    archive = join(folder, 'archive.tar.gz');
    const source = { db: app.db, files: store, program: app.version };
    await writeBackup(source, archive);
    busy.abort();
    await work;
    acknowledged.length = before;
  }, 180_000);

  afterAll(async () => {
    await http.close();
    await app.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** Everything that was acknowledged is there, wholly, with its history; keys count on. */
  async function expectWhole(restored: Application, dataDir: string): Promise<void> {
    const units = await restored.db.query<{ name: string; entries: string; whole: boolean }>({
      text: `select u.name, (select count(*) from mortise.history h where h.entity = 'unit' and h.record_id = u.id) as entries,
          u.parent is not null or u.version = 1 as whole
        from public.unit u where u.code like 'U%'`,
    });
    expect(units.every((unit) => unit.whole)).toBe(true);
    const found = new Map(units.map(({ name, entries }) => [name, Number(entries)]));
    for (const name of acknowledged) expect(found.get(name), name).toBe(2);
    const [torn] = await restored.db.query<{ count: string }>({
      text: `select count(*) as count from public.unit u
        where not exists (select from mortise.history h where h.entity = 'unit' and h.record_id = u.id)`,
    });
    expect(Number(torn?.count)).toBe(0);
    const [file] = await restored.db.query<{ sha256: string }>({
      text: 'select sha256 from mortise.file where id = $1',
      values: [attachment.id],
    });
    const content = await folderStore(join(dataDir, 'files')).get(file?.sha256 ?? '');
    expect(content.equals(attachment.content)).toBe(true);
    await restored.sessions.signIn('admin', PASSWORD, { address: null, agent: null });
    const [position] = await restored.db.query<{ next: string; most: string }>({
      text: `select nextval(pg_get_serial_sequence('mortise.change_set', 'number')) as next,
        coalesce(max(number), 0) as most from mortise.change_set`,
    });
    expect(Number(position?.next)).toBeGreaterThan(Number(position?.most));
    await restored.records.create(system(restored), 'unit', { name: '恢复之后', code: 'AFTER' });
    await expect(
      restored.db.query({ text: `update mortise.change_set set note = 'x'` }),
      'the guard of the append-only log',
    ).rejects.toThrow(/append-only/);
  }

  it('restores into an empty folder: every acknowledged write made under load, attachments, sequences', async () => {
    const dataDir = join(folder, 'embedded');
    const { kept } = await restoreBackup(archive, options({ dataDir }));
    expect(kept).toBeNull();
    const restored = await startOn({ MORTISE_DATA_DIR: dataDir });
    try {
      await expectWhole(restored, dataDir);
    } finally {
      await restored.close();
    }
    await expect(restoreBackup(archive, options({ dataDir }))).rejects.toMatchObject({
      code: 'MRT_RESTORE_NOT_EMPTY',
    });
    const again = await restoreBackup(archive, options({ dataDir, replace: true }));
    const old = await openPglite({ dataDir });
    expect(await old.query({ text: `select 1 from unit where code = 'AFTER'` })).toEqual([]);
    await old.close();
    expect(again.kept).toMatch(/pgdata\.before-/);
  }, 240_000);

  it.skipIf(serverSkipped !== null)(
    'restores into an empty PostgreSQL database, and replaces a full one after keeping it aside',
    async () => {
      const { url, drop } = await createServerDatabase();
      const dataDir = join(folder, 'server');
      try {
        const server = options({ databaseUrl: url, dataDir });
        await restoreBackup(archive, server);
        const restored = await startOn({ DATABASE_URL: url, MORTISE_DATA_DIR: dataDir });
        try {
          await expectWhole(restored, dataDir);
          await expect(restoreBackup(archive, { ...server, replace: true })).rejects.toMatchObject({
            code: 'MRT_RESTORE_IN_USE',
          });
        } finally {
          await restored.close();
        }
        await expect(restoreBackup(archive, server)).rejects.toMatchObject({ code: 'MRT_RESTORE_NOT_EMPTY' });
        const { kept } = await restoreBackup(archive, { ...server, replace: true });
        const db = await openPostgres(url, { max: 1 });
        expect(await db.query({ text: `select 1 from unit where code = 'AFTER'` })).toEqual([]);
        // The safety copy leads back.
        await db.close();
        await restoreBackup(kept ?? '', { ...server, replace: true });
        const back = await openPostgres(url, { max: 1 });
        expect(await back.query({ text: `select 1 from unit where code = 'AFTER'` })).toHaveLength(1);
        await back.close();
      } finally {
        await drop();
      }
    },
    240_000,
  );

  it('refuses an archive that is cut off, altered, foreign or newer, and touches nothing', async () => {
    const dataDir = join(folder, 'refused');
    const refuse = async (path: string, code: string): Promise<void> => {
      await expect(restoreBackup(path, options({ dataDir })), path).rejects.toMatchObject({ code });
    };
    const cut = join(folder, 'cut.tar.gz');
    await copyFile(archive, cut);
    await truncate(cut, Math.floor((await readFile(archive)).length * 0.6));
    await refuse(cut, 'MRT_BACKUP_BROKEN');
    const foreign = join(folder, 'foreign.tar.gz');
    await writeFile(foreign, 'hello');
    await refuse(foreign, 'MRT_BACKUP_BROKEN');
    await refuse(join(folder, 'none.tar.gz'), 'MRT_BACKUP_BROKEN');

    const entries = await entriesOf(archive);
    const changed = async (file: string, change: (list: Entry[]) => Entry[]): Promise<string> =>
      await archiveOf(change(entries.map((entry) => ({ ...entry }))), join(folder, file));
    await refuse(await changed('no-manifest.tar.gz', (list) => list.slice(0, -1)), 'MRT_BACKUP_BROKEN');
    await refuse(
      await changed('no-part.tar.gz', (list) => list.filter(({ name }) => !name.includes('public.unit/'))),
      'MRT_BACKUP_BROKEN',
    );
    const altered = await changed('altered.tar.gz', (list) => {
      for (const entry of list)
        if (entry.name.includes('public.unit/'))
          entry.content = Buffer.from(entry.content.toString('utf8').replace('U1"', 'U9"'));
      return list;
    });
    await refuse(altered, 'MRT_BACKUP_BROKEN');
    const newer = await changed('newer.tar.gz', (list) => {
      const head = JSON.parse(list[0]!.content.toString('utf8')) as ArchiveHead;
      list[0]!.content = Buffer.from(JSON.stringify({ ...head, product: '99.0.0' }));
      return list;
    });
    await refuse(newer, 'MRT_BACKUP_NEWER');
    await expect(readFile(join(dataDir, 'mortise.json'))).rejects.toMatchObject({ code: 'ENOENT' });
  }, 60_000);

  it('names what an archive holds, and has no sessions in it', async () => {
    const { manifest } = await checkArchive(archive, app.version);
    expect(manifest).toMatchObject({
      format: 1,
      product: app.version,
      engine,
      model: { version: app.changes.current().version },
      files: { count: 1, missing: [] },
      leftOut: [],
    });
    expect(manifest.tables.find(({ name }) => name === 'unit')?.rows).toBeGreaterThan(20);
    expect(manifest.tables.some(({ name }) => name === 'session')).toBe(false);
  });

  it('is made, listed, downloaded and deleted by HTTP, only by who has the right', async () => {
    const clerk = await app.records.create(system(app), 'user', {
      username: 'clerk',
      display_name: 'clerk',
      roles: [[...app.changes.current().roles.keys()].find((role) => role !== 'administrator')!],
      unit: app.administrator.unit,
    });
    await app.sessions.setPassword(String(clerk['id']), PASSWORD, { mustChange: false });
    const other = createClient(http.address);
    await other.signIn('clerk', PASSWORD);
    expect((await other.post('/api/v1/backups')).body).toMatchObject({ code: 'MRT_ACCESS_FUNCTION' });
    expect((await createClient(http.address).get('/api/v1/backups')).status).toBe(401);

    const admin = createClient(http.address);
    await admin.signIn('admin', PASSWORD);
    expect((await admin.post('/api/v1/backups')).status).toBe(202);
    expect((await admin.post('/api/v1/backups')).body).toMatchObject({ code: 'MRT_BACKUP_RUNNING' });
    await app.backups.idle();
    const { body } = await admin.get<{ items: { name: string; bytes: number }[] }>('/api/v1/backups');
    expect(body).toMatchObject({ running: null, failed: null });
    const [{ name, bytes } = { name: '', bytes: 0 }] = body.items;
    expect((await other.get(`/api/v1/backups/${name}`)).status).toBe(403);
    const answer = await fetch(`${http.address}/api/v1/backups/${name}`, {
      headers: { Cookie: admin.cookie },
    });
    const saved = join(folder, 'downloaded.tar.gz');
    await writeFile(saved, Buffer.from(await answer.arrayBuffer()));
    expect((await readFile(saved)).length).toBe(bytes);
    expect((await checkArchive(saved, app.version)).manifest.engine).toBe(engine);
    expect((await admin.get('/api/v1/backups/..%2Fmortise.json')).status).toBe(404);
    expect((await admin.request('DELETE', `/api/v1/backups/${name}`)).status).toBe(204);
    expect((await admin.get(`/api/v1/backups/${name}`)).status).toBe(404);
  }, 60_000);
});
