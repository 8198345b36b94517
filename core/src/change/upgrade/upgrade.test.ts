import { beforeAll, describe, expect, it } from 'vitest';
import type { Actor } from '../../context/context.ts';
import type { DocumentChange } from '../../http/contract.ts';
import type { DocumentKind, EntityDocument, FieldDocument, ViewDocument } from '../../model/documents.ts';
import type { Layer } from '../../model/layer.ts';
import type { Database } from '../../store/database.ts';
import { quote } from '../../store/quote.ts';
import { uuid7 } from '../../store/uuid7.ts';
import { describeEngines } from '../../testing/databases.ts';
import { label, sampleLayer } from '../../testing/sample-documents.ts';
import type { Changes } from '../changes.ts';
import { startChanges } from '../start-changes.ts';
import { entryAt, withoutEntry } from './layer-conflict.ts';

const actor: Actor = {
  id: uuid7(),
  username: 'admin',
  displayName: '管理员',
  unit: null,
  roles: ['administrator'],
};

function wish<D>(
  changes: Changes,
  kind: DocumentKind,
  name: string,
  change: (document: D) => D,
): DocumentChange {
  const { document, base } = changes.document(kind, name);
  return { kind, name, base, document: change(structuredClone(document) as D) as DocumentChange['document'] };
}

/** The base as a newer version ships it. */
function newer(
  change: (thing: EntityDocument, unit: EntityDocument) => readonly [EntityDocument, EntityDocument],
): Layer {
  const base = structuredClone(sampleLayer()) as { name: string; documents: Layer['documents'] };
  const find = (name: string) =>
    base.documents.find((each) => each.kind === 'entity' && each.name === name)!.document as EntityDocument;
  const [thing, unit] = change(find('thing'), find('unit'));
  return {
    ...base,
    documents: base.documents.map((each) => {
      if (each.kind !== 'entity') return each;
      return each.name === 'thing'
        ? { ...each, document: thing }
        : each.name === 'unit'
          ? { ...each, document: unit }
          : each;
    }),
  };
}

const withField = (entity: EntityDocument, name: string, field: Partial<FieldDocument>): EntityDocument => ({
  ...entity,
  properties: { ...entity.properties, [name]: { ...entity.properties[name], ...field } as FieldDocument },
});

const wechat = { field: 'text', label: label('WeChat'), maxLength: 50 };

describeEngines('newer files and the changes of a site', (open) => {
  let db: Database;
  let changes: Changes;
  const restart = async (base: Layer): Promise<void> => {
    await changes.stop();
    changes = await startChanges({ db, layers: { base, plugins: [] } });
  };
  const listed = async () =>
    (await changes.conflicts()).map(({ path, reason, before, site, shipped }) => ({
      path,
      reason,
      before,
      site,
      shipped,
    }));
  const thing = () => changes.document('entity', 'thing').document as unknown as EntityDocument;

  beforeAll(async () => {
    db = await open();
    changes = await startChanges({ db, layers: { base: sampleLayer(), plugins: [] } });
    await changes.apply(actor, {
      note: '',
      changes: [
        wish<EntityDocument>(changes, 'entity', 'thing', (document) =>
          withField({ ...document, label: label('Object') }, 'name', { maxLength: 40, help: label('Help') }),
        ),
        wish<EntityDocument>(changes, 'entity', 'unit', (document) => withField(document, 'wechat', wechat)),
        {
          kind: 'view',
          name: 'unit.mine',
          document: {
            name: 'unit.mine',
            label: label('Mine'),
            entity: 'unit',
            kind: 'list',
            columns: { name: {}, wechat: {} },
          },
        },
      ],
    });
    const { table, name } = changes.current().entities.get('unit')!.fields.get('wechat')!.column!;
    await db.query({
      text: `insert into ${quote(table)} (id, name, ${quote(name)}) values ($1, 'Sales', 'zhang-san')`,
      values: [uuid7()],
    });
  });

  it('NF-EXT-03 takes what the files changed and the site has not touched, without a word', async () => {
    await restart(newer((t, unit) => [withField(t, 'note', { label: label('Remark') }), unit]));
    expect(thing().properties['note']?.label).toEqual(label('Remark'));
    expect(thing().label).toEqual(label('Object'));
    expect(await listed()).toEqual([]);
  });

  it('NF-EXT-03 keeps the site’s value where the files changed beneath it, and lists it once', async () => {
    const files = newer((t, unit) => [{ ...t, label: label('Article') }, unit]);
    await restart(files);
    expect(thing().label).toEqual(label('Object'));
    const expected = [
      { path: '/label/zh-CN', reason: 'changed', before: 'Thing中', site: 'Object中', shipped: 'Article中' },
      { path: '/label/en', reason: 'changed', before: 'Thing', site: 'Object', shipped: 'Article' },
    ];
    expect(await listed()).toEqual(expected);
    await restart(files);
    await restart(
      newer((t, unit) => [withField({ ...t, label: label('Article') }, 'note', { label: label('X') }), unit]),
    );
    expect(await listed()).toEqual(expected);
  });

  it('NF-EXT-03 a conflict is decided for the files or for the site', async () => {
    const [zh, en] = await changes.conflicts();
    await changes.decideConflict(actor, zh!.id, 'shipped');
    await changes.decideConflict(actor, en!.id, 'site');
    expect(thing().label).toEqual({ 'zh-CN': 'Article中', en: 'Object' });
    expect(await listed()).toEqual([]);
    await expect(changes.decideConflict(actor, zh!.id, 'site')).rejects.toMatchObject({
      code: 'MRT_DOCUMENT_UNKNOWN',
    });
  });

  it('NF-EXT-03 sets aside what newer files do not allow, and starts', async () => {
    await restart(
      newer((t, unit) => [withField({ ...t, label: label('Article') }, 'name', { maxLength: 30 }), unit]),
    );
    expect(thing().properties['name']).toMatchObject({ maxLength: 30, help: label('Help') });
    expect(await listed()).toEqual([
      { path: '/properties/name/maxLength', reason: 'refused', before: null, site: 40, shipped: 30 },
    ]);
  });

  it('NF-EXT-03 gives a site’s field another name when the files take its name, and keeps its data', async () => {
    await restart(
      newer((t, unit) => [
        withField({ ...t, label: label('Article') }, 'name', { maxLength: 30 }),
        withField(unit, 'wechat', { field: 'integer', label: label('WeChat'), minimum: 0 }),
      ]),
    );
    const unit = changes.current().entities.get('unit')!;
    expect(unit.fields.get('wechat')).toMatchObject({ type: 'integer' });
    const { table, name } = unit.fields.get('wechat_site')!.column!;
    const rows = await db.query({ text: `select ${quote(name)} as value from ${quote(table)}` });
    expect(rows).toEqual([{ value: 'zhang-san' }]);
    const view = changes.document('view', 'unit.mine').document as unknown as ViewDocument;
    expect(Object.keys(view.columns)).toEqual(['name', 'wechat_site']);
    expect(
      (await changes.conflicts()).map(({ path, reason, detail }) => [path, reason, detail]),
    ).toContainEqual(['/properties/wechat', 'renamed', 'wechat_site']);
  });

  it('refuses files that are faulty by themselves', async () => {
    const faulty = newer((t, unit) => [{ ...t, display: 'nothing' }, unit]);
    await expect(startChanges({ db, layers: { base: faulty, plugins: [] } })).rejects.toMatchObject({
      code: 'MRT_DOCUMENT_INVALID',
    });
  });
});

describe('entries of an overlay', () => {
  const overlay = {
    name: 'a',
    extends: true,
    properties: { x: { label: { en: 'X' } }, y: { max: 1 } },
  } as never;

  it('are found by their pointer', () => {
    expect(entryAt(overlay, '/properties/x/label')).toEqual({ en: 'X' });
    expect(entryAt(overlay, '/properties/z')).toBeUndefined();
  });

  it('are taken away with the maps that become empty by it', () => {
    expect(withoutEntry(overlay, '/properties/x/label/en')).toEqual({
      name: 'a',
      extends: true,
      properties: { y: { max: 1 } },
    });
    expect(withoutEntry(overlay, '/properties')).toBeNull();
  });
});
