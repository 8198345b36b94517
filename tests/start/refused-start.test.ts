import { cp, mkdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Api, signIn } from '../e2e/harness/api.ts';
import { ADMIN_PASSWORD, endRuns, runMortise, runScript, startProduct } from '../e2e/harness/product.ts';
import { copyProject, fingerprint, temporaryFolder } from './folders.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const NAME = '不可丢失的酒业';

/** Customers of that name. */
async function customers(api: Api): Promise<number> {
  return (await api.find('customer', { name: NAME }, 'name')).length;
}

describe('a start that cannot be', async () => {
  const folder = await temporaryFolder();
  const data = join(folder.path, 'data');

  beforeAll(async () => {
    const product = await startProduct(data, { MORTISE_UI: 'off' });
    await (await signIn(product.address)).create('customer', { name: NAME });
    await product.stop();
  });
  afterAll(async () => {
    endRuns();
    await folder.remove();
  });

  /** Starts, expects the refusal, and that the data folder is what it was. */
  async function refused(
    environment: Readonly<Record<string, string>>,
    wanted: {
      readonly code: string;
      readonly cause: RegExp;
      readonly remedy: RegExp;
      readonly script?: string;
    },
  ): Promise<string> {
    const dataDir = environment['MORTISE_DATA_DIR'] ?? data;
    const opened = wanted.script !== undefined;
    const before = await fingerprint(dataDir, opened).catch(() => null);
    const all = { PORT: '0', MORTISE_UI: 'off', MORTISE_DATA_DIR: data, ...environment };
    const run = wanted.script ? runScript(wanted.script, ['start'], all) : runMortise(['start'], all);
    expect(await run.ended).toBe(1);
    expect(run.stdout()).not.toContain('running at');
    expect(run.stderr()).toContain(`(${wanted.code})`);
    expect(run.stderr()).toMatch(wanted.cause);
    expect(run.stderr()).toMatch(wanted.remedy);
    expect(run.stderr(), 'a stack trace').not.toMatch(/^\s+at /m);
    const after = await fingerprint(dataDir, opened).catch(() => null);
    expect(after, 'files of the data folder').toEqual(before);
    return run.stderr();
  }

  it('names the port that is in use', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const { port } = other.address() as AddressInfo;
    const cause = new RegExp(`Port ${port} is in use`);
    const said = await refused({ PORT: String(port) }, { code: 'MRT_START_PORT', cause, remedy: /set PORT/ });
    expect(said.trim().split('\n')).toHaveLength(1);
    other.close();
  });

  it('says it in Chinese where the language is Chinese', async () => {
    const wanted = {
      code: 'MRT_START_CONFIG',
      cause: /环境变量 PORT 的值“http”不正确/,
      remedy: /须为 0 到 65535 的整数/,
    };
    const said = await refused({ PORT: 'http', MORTISE_LOCALE: 'zh-CN' }, wanted);
    expect(said).not.toContain('environment variable');
  });

  it.each(['http', '70000', '-1', '3000.5'])('names the wrong PORT %s', async (value) => {
    const cause = new RegExp(`PORT has the value “${value}”`);
    const wanted = { code: 'MRT_START_CONFIG', cause, remedy: /a number from 0 to 65535/ };
    expect(await refused({ PORT: value }, wanted)).toContain(value);
  });

  it('names the database that cannot be reached, without its password', async () => {
    const said = await refused(
      { DATABASE_URL: 'postgres://crm:secret-word@127.0.0.1:1/crm' },
      {
        code: 'MRT_STORE_UNREACHABLE',
        cause: /127\.0\.0\.1:1\/crm.*ECONNREFUSED/,
        remedy: /Check DATABASE_URL and the server/,
      },
    );
    expect(said).not.toContain('secret-word');
  });

  it.each([
    'mysql://crm:secret-word@localhost/crm',
    'postgres:/crm:secret-word@localhost/crm',
    'crm:secret-word@localhost',
  ])('refuses the DATABASE_URL %s, without its password', async (url) => {
    const said = await refused(
      { DATABASE_URL: url },
      { code: 'MRT_START_CONFIG', cause: /DATABASE_URL/, remedy: /postgres:\/\// },
    );
    expect(said).not.toContain('secret-word');
  });

  it('leaves a data folder to the process that has it; that one goes on', async () => {
    const first = await startProduct(data, { MORTISE_UI: 'off' });
    const second = runMortise(['start'], { PORT: '0', MORTISE_UI: 'off', MORTISE_DATA_DIR: data });
    expect(await second.ended).toBe(1);
    expect(second.stderr()).toContain('(MRT_STORE_LOCKED)');
    expect(second.stderr()).toContain(`process ${first.run.child.pid}`);
    expect(second.stderr()).toMatch(/Stop it first, or set another MORTISE_DATA_DIR/);
    expect(second.stderr()).not.toMatch(/^\s+at /m);
    const api = await signIn(first.address);
    await api.create('unit', { name: '另一部门' });
    await first.stop();
    const again = await startProduct(data, { MORTISE_UI: 'off' });
    expect(await (await signIn(again.address)).find('unit', { name: '另一部门' })).toHaveLength(1);
    await again.stop();
  });

  describe('on a data folder that is not whole', () => {
    interface Damage {
      /** What is damaged, to be mended after the test. */
      readonly piece: string;
      readonly cause: RegExp;
      damage(path: string): Promise<void>;
    }
    const damages: Readonly<Record<string, Damage>> = {
      'without the mark that it was completed': {
        piece: 'mortise.json',
        cause: /pgdata.*has no mortise\.json/,
        damage: (path) => rm(join(path, 'mortise.json')),
      },
      'whose mark was cut off': {
        piece: 'mortise.json',
        cause: /mortise\.json is not JSON/,
        damage: (path) => truncate(join(path, 'mortise.json'), 5),
      },
      'of a later format': {
        piece: 'mortise.json',
        cause: /unknown format 99/,
        damage: (path) => writeFile(join(path, 'mortise.json'), '{"format":99}'),
      },
      'without its control file': {
        piece: 'pgdata/global/pg_control',
        cause: /pgdata\/global\/pg_control is missing/,
        damage: (path) => rm(join(path, 'pgdata', 'global', 'pg_control')),
      },
      'without its tables': {
        piece: 'pgdata/base',
        cause: /pgdata\/base is missing/,
        damage: (path) => rm(join(path, 'pgdata', 'base'), { recursive: true }),
      },
    };
    const damaged = join(folder.path, 'damaged');
    beforeAll(() => cp(data, damaged, { recursive: true }));

    it.each(Object.entries(damages))(
      'refuses one %s, and leaves it to whoever mends it',
      async (_which, each) => {
        await each.damage(damaged);
        const wanted = {
          code: 'MRT_STORE_BROKEN',
          cause: each.cause,
          remedy: /Restore a backup or use another folder/,
        };
        expect(await refused({ MORTISE_DATA_DIR: damaged }, wanted)).toContain(damaged);
        await cp(join(data, each.piece), join(damaged, each.piece), { recursive: true });
      },
    );

    it('refuses a folder of somebody else', async () => {
      const path = join(folder.path, 'letters');
      await mkdir(path);
      await writeFile(join(path, 'letter.txt'), 'Dear reader');
      const wanted = {
        code: 'MRT_STORE_BROKEN',
        cause: /not empty \(letter\.txt\)/,
        remedy: /use another folder/,
      };
      expect(await refused({ MORTISE_DATA_DIR: path }, wanted)).toContain(path);
    });

    it('refuses a path that is a file, or lies below one', async () => {
      const path = join(folder.path, 'letter.txt');
      await writeFile(path, 'Dear reader');
      for (const each of [path, join(path, 'data')])
        await refused(
          { MORTISE_DATA_DIR: each },
          { code: 'MRT_STORE_BROKEN', cause: /letter\.txt/, remedy: /use another folder/ },
        );
      expect(await readFile(path, 'utf8')).toBe('Dear reader');
    });
  });

  describe('with documents that are wrong', async () => {
    const main = (project: string): string => join(project, 'core', 'src', 'cli', 'main.ts');
    let project: string;
    beforeAll(async () => {
      project = await copyProject(join(folder.path, 'project'));
    });

    interface Wrong {
      readonly file: string;
      readonly change: (text: string) => string;
      readonly cause: RegExp;
      readonly remedy: RegExp;
    }
    const wrong: Readonly<Record<string, Wrong>> = {
      'that is no JSON': {
        file: 'metadata/entities/customer.json',
        change: (text) => text.slice(0, 200),
        cause: /metadata\/entities\/customer\.json/,
        remedy: /JSON/,
      },
      'with an unknown keyword': {
        file: 'metadata/entities/customer.json',
        change: (text) => text.replace('"maxLength": 200', '"maxLenght": 200'),
        cause: /entity\/customer#\/properties\/name\/maxLenght/,
        remedy: /Did you mean “maxLength”\?/,
      },
      'of a plugin with a reference to nothing': {
        file: 'plugins/advertising/metadata/entities/ad_order.json',
        change: (text) => text.replace('"entity": "customer"', '"entity": "custommer"'),
        cause: /entity\/ad_order#\/properties\/customer\/entity/,
        remedy: /custommer/,
      },
    };
    it.each(Object.entries(wrong))(
      'names the place in a document %s',
      async (_which, { file, change, cause, remedy }) => {
        const path = join(project, file);
        const text = await readFile(path, 'utf8');
        expect(change(text)).not.toBe(text);
        await writeFile(path, change(text));
        try {
          await refused({}, { code: 'MRT_DOCUMENT_INVALID', cause, remedy, script: main(project) });
        } finally {
          await writeFile(path, text);
        }
      },
    );

    it('starts with the same data once they are right', async () => {
      const run = runScript(main(project), ['start'], {
        PORT: '0',
        MORTISE_UI: 'off',
        MORTISE_DATA_DIR: data,
      });
      const [, address = ''] = await run.until(/running at (http:\S+)/);
      expect(await customers(await signIn(address, 'admin', ADMIN_PASSWORD))).toBe(1);
      run.child.kill('SIGTERM');
      expect(await run.ended).toBe(0);
    });
  });
});
