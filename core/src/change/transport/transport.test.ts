import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Actor } from '../../context/context.ts';
import type { DocumentChange } from '../../http/contract.ts';
import type {
  DictionaryDocument,
  DocumentKind,
  EntityDocument,
  SettingsDocument,
} from '../../model/documents.ts';
import type { WorkflowDocument } from '../../model/workflow-document.ts';
import type { Database } from '../../store/database.ts';
import { uuid7 } from '../../store/uuid7.ts';
import { describeEngines } from '../../testing/databases.ts';
import { label, sampleLayer } from '../../testing/sample-documents.ts';
import type { Changes } from '../changes.ts';
import type { PluginLayer } from '../plugin-layers.ts';
import { startChanges } from '../start-changes.ts';
import type { MetadataPackage } from './metadata-package.ts';
import { readPackageFolder, writePackageFolder } from './package-folder.ts';
import type { PackageWish } from './package-target.ts';

const actor: Actor = {
  id: uuid7(),
  username: 'admin',
  displayName: '管理员',
  unit: null,
  roles: ['administrator'],
};

const plugin = (name: string): PluginLayer => ({
  manifest: { name, version: '1.0.0', label: label(name), platform: '^0.1.0' },
  layer: { name: `plugin:${name}`, documents: [] },
});

const start = (db: Database, plugins: readonly PluginLayer[] = [plugin('fairs')]): Promise<Changes> =>
  startChanges({ db, layers: { base: sampleLayer(), plugins } });

function wish<D>(
  changes: Changes,
  kind: DocumentKind,
  name: string,
  change: (document: D) => D,
): DocumentChange {
  const { document, base } = changes.document(kind, name);
  return { kind, name, base, document: change(structuredClone(document) as D) as DocumentChange['document'] };
}

const field = (changes: Changes, name: string, def: object): DocumentChange =>
  wish<EntityDocument>(changes, 'entity', 'visit', (document) => ({
    ...document,
    properties: { ...document.properties, [name]: def } as EntityDocument['properties'],
  }));

const value = (changes: Changes, code: string, def: object): DocumentChange =>
  wish<DictionaryDocument>(changes, 'dictionary', 'tag', (document) => ({
    ...document,
    values: { ...document.values, [code]: def } as DictionaryDocument['values'],
  }));

const apply = (changes: Changes, ...wishes: DocumentChange[]) =>
  changes.apply(actor, { changes: wishes, note: 'test', accept: ['hides-data'] });

async function take(changes: Changes, sent: PackageWish): Promise<number> {
  const { plan, conflicts } = await changes.planPackage(actor, sent, 'package');
  expect(conflicts).toEqual([]);
  return (await changes.apply(actor, { token: plan!.token })).version;
}

const wechat = (maxLength: number, text = 'WeChat') => ({ field: 'text', label: label(text), maxLength });

const fair = {
  name: 'fair',
  label: label('Fair'),
  display: 'title',
  ownership: 'user',
  reviews: false,
  properties: { title: { field: 'text', label: label('Title'), maxLength: 40, search: true } },
};

/** Who may see what, what happens by itself, and how much may be taken out: rows, deadlines, quotas. */
function conduct(changes: Changes): DocumentChange[] {
  const mark = { action: 'set', values: { note: "'nobody looks'" } };
  const greet = {
    name: 'greet',
    label: label('Greet'),
    entity: 'thing',
    trigger: { on: 'change', fields: { count: true }, becomes: 'count > 100' },
    roles: { administrator: true },
    actions: { mark },
  };
  const seller = {
    name: 'team_seller',
    label: label('Seller'),
    grants: {
      thing: {
        entity: 'thing',
        when: "grade == 'a'",
        actions: { query: 'team', read: 'team', update: 'own' },
        fields: { '*': 'read', note: 'write' },
      },
      none: { entity: 'visit', effect: 'deny', actions: { delete: 'all' } },
    },
  };
  const forgotten = {
    label: label('Forgotten'),
    after: { days: 3 },
    roles: { administrator: true },
    actions: { mark },
  };
  return [
    { kind: 'rule', name: 'greet', document: greet },
    { kind: 'role', name: 'team_seller', document: seller },
    wish<SettingsDocument>(changes, 'settings', 'installation', (settings) => ({
      ...settings,
      quotas: { print: { perJob: 100, roles: { team_seller: { perDay: 'unlimited' } } } },
    })),
    wish<WorkflowDocument>(changes, 'workflow', 'data_review', (workflow) => {
      const review = workflow.regions['review']!;
      const unreviewed = { ...review.states['unreviewed']!, deadlines: { forgotten } };
      const states = { ...review.states, unreviewed } as typeof review.states;
      return { ...workflow, regions: { ...workflow.regions, review: { ...review, states } } };
    }),
  ];
}

/** Every file of a folder with its content. */
async function files(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const found = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const read = await Promise.all(
    found.map(async (file) => [file.slice(folder.length), await readFile(file, 'utf8')]),
  );
  return Object.fromEntries(read.sort()) as Record<string, string>;
}

/** Two installations that exchange their configuration; each test goes on where the one before has left them. */
describeEngines('the configuration moves to another installation', (open) => {
  let folder: string;
  let here: Changes;
  let there: Changes;
  let bare: Changes;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mortise-package-'));
    here = await start(await open());
    there = await start(await open());
    bare = await start(await open(), []);
    await apply(
      here,
      { kind: 'entity', name: 'fair', document: fair },
      field(here, 'wechat', wechat(50)),
      value(here, 'own', { label: label('Own'), sort: 500, data: {} }),
      wish<EntityDocument>(here, 'entity', 'thing', (thing) => ({ ...thing, label: label('Object') })),
      ...conduct(here),
    );
    await here.setPlugin(actor, 'fairs', false);
  });

  afterAll(async () => {
    for (const changes of [here, there, bare]) await changes.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const visitOf = (changes: Changes) =>
    changes.document('entity', 'visit').document['properties'] as EntityDocument['properties'];

  it('ENG-14 exports a folder, applies it elsewhere, and exports the same bytes there', async () => {
    const [first, second] = [join(folder, 'first'), join(folder, 'second')];
    await writePackageFolder(first, await here.exportPackage());
    await take(there, { package: await readPackageFolder(first) });
    await writePackageFolder(second, await there.exportPackage());

    expect(await files(second)).toEqual(await files(first));
    expect(Object.keys(await files(first))).toEqual(
      expect.arrayContaining([
        '/metadata/entities/fair.json',
        '/metadata/roles/team_seller.json',
        '/metadata/rules/greet.json',
        '/metadata/settings/installation.json',
        '/metadata/workflows/data_review.json',
      ]),
    );
    expect(there.current().roles.get('team_seller')).toEqual(here.current().roles.get('team_seller'));
    expect(there.current().workflows).toEqual(here.current().workflows);
    expect(there.document('entity', 'visit').document).toEqual(here.document('entity', 'visit').document);
    expect(there.dictionaries.value('tag', 'own')?.label).toEqual(label('Own'));
    expect(there.plugins().map(({ enabled }) => enabled)).toEqual([false]);
    expect(there.comparePackage(await here.exportPackage())).toEqual([]);
  });

  it('ENG-14 changes nothing when the package brings nothing new', async () => {
    const { version } = there.current();
    expect(await take(there, { package: await here.exportPackage() })).toBe(version);
  });

  it('ENG-14 merges changes of both sides since the last exchange, both ways', async () => {
    await apply(here, field(here, 'wechat', wechat(80)));
    await apply(
      there,
      field(there, 'qq', { field: 'text', label: label('QQ'), maxLength: 12 }),
      value(there, 'own', { label: label('Ours'), sort: 500 }),
    );
    await take(there, { package: await here.exportPackage() });
    expect(visitOf(there)['wechat']).toMatchObject({ maxLength: 80 });
    expect(visitOf(there)['qq']).toMatchObject({ maxLength: 12 });
    expect(there.dictionaries.value('tag', 'own')?.label).toEqual(label('Ours'));

    await take(here, { package: await there.exportPackage() });
    expect(here.comparePackage(await there.exportPackage())).toEqual([]);
  });

  it('ENG-14 names what both sides have changed and takes the side that is chosen', async () => {
    await apply(here, field(here, 'wechat', wechat(120)));
    await apply(there, field(there, 'wechat', wechat(90)));
    const sent = await here.exportPackage();
    const path = 'entity/visit#/properties/wechat/maxLength';

    const refused = await there.planPackage(actor, { package: sent }, '');
    expect(refused).toEqual({ conflicts: [{ path, before: 80, here: 90, package: 120 }], plan: null });
    await take(there, { package: sent, resolve: { [path]: 'here' } });
    expect(there.comparePackage(sent)).toEqual([{ path, here: 90, package: 120 }]);
    // What was decided once is not asked again.
    await take(there, { package: sent });
    expect(visitOf(there)['wechat']).toMatchObject({ maxLength: 90 });
  });

  it('ENG-14 keeps what the package does not mention, and retires it when the package is to be exact', async () => {
    const sent = await here.exportPackage();
    const { 'entity/fair': _fair, ...documents } = sent.documents;
    const smaller: MetadataPackage = { ...sent, documents };
    await take(there, { package: smaller });
    expect(there.current().entities.has('fair')).toBe(true);
    await take(there, { package: smaller, exact: true });
    expect(there.current().entities.has('fair')).toBe(false);
    expect(there.current().documents.get('entity/fair')?.document).toMatchObject({ retired: true });
  });

  it('ENG-14 refuses a package for which a plugin is missing, and a faulty document, without any change', async () => {
    await here.setPlugin(actor, 'fairs', true);
    const sent = await here.exportPackage();
    await expect(bare.planPackage(actor, { package: sent }, '')).rejects.toMatchObject({
      code: 'MRT_PACKAGE_PLUGINS',
    });
    const faulty = {
      ...sent,
      plugins: {},
      documents: { 'entity/fair': { ...fair, display: 'nothing' } as never },
    };
    await expect(bare.planPackage(actor, { package: faulty }, '')).rejects.toMatchObject({
      code: 'MRT_DOCUMENT_INVALID',
    });
    expect(bare.current().entities.has('fair')).toBe(false);
  });

  it('ENG-14 reads a folder that was edited, and refuses one that is no package or holds something else', async () => {
    const root = join(folder, 'edited');
    await writePackageFolder(root, await here.exportPackage());
    const file = join(root, 'metadata/entities/fair.json');
    const text = await readFile(file, 'utf8');
    await writeFile(file, text.replace('"maxLength": 40', '"maxLength": 90'));
    await take(here, { package: await readPackageFolder(root) });
    const properties = here.document('entity', 'fair').document['properties'] as EntityDocument['properties'];
    expect(properties['title']).toMatchObject({ maxLength: 90 });

    await expect(readPackageFolder(folder)).rejects.toMatchObject({ code: 'MRT_PACKAGE_FOLDER' });
    await expect(writePackageFolder(folder, await here.exportPackage())).rejects.toMatchObject({
      code: 'MRT_PACKAGE_FOLDER',
    });
  });
});

describe('the folder of a package', () => {
  it('keeps the body of a template in a file of its own', async () => {
    const root = await mkdtemp(join(tmpdir(), 'mortise-package-'));
    const template = { name: 'letter', label: label('Letter'), body: '<p>{{name}}</p>\n' };
    const sent = { format: 1, lineage: [], plugins: {}, documents: { 'template/letter': template } } as never;
    await writePackageFolder(root, sent);
    expect(await files(root)).toMatchObject({ '/templates/letter.hbs': '<p>{{name}}</p>\n' });
    expect(await readPackageFolder(root)).toEqual(sent);
    await rm(root, { recursive: true });
  });
});
