import { beforeAll, describe, expect, it } from 'vitest';
import type { Actor } from '../context/context.ts';
import { problem } from '../errors/catalogue.ts';
import { Problem } from '../errors/problem.ts';
import type { DocumentChange } from '../http/contract.ts';
import type {
  AnyDocument,
  DictionaryDocument,
  DocumentKind,
  EntityDocument,
  FormDocument,
  ViewDocument,
} from '../model/documents.ts';
import type { Layer } from '../model/layer.ts';
import type { Database } from '../store/database.ts';
import { uuid7 } from '../store/uuid7.ts';
import { describeEngines } from '../testing/databases.ts';
import { label, sampleLayer } from '../testing/sample-documents.ts';
import type { Changes } from './changes.ts';
import type { PluginLayer } from './plugin-layers.ts';
import { startChanges } from './start-changes.ts';

const actor: Actor = {
  id: uuid7(),
  username: 'admin',
  displayName: '管理员',
  unit: null,
  roles: ['administrator'],
};

function layerOf(name: string, ...documents: (readonly [DocumentKind, Record<string, unknown>])[]): Layer {
  return {
    name,
    documents: documents.map(([kind, document]) => ({
      kind,
      name: String(document['name']),
      document: document as unknown as AnyDocument,
      file: '',
    })),
  };
}

/** A plugin with an entity of its own, a dictionary, and a field on an entity of the base. */
const fairs: PluginLayer = {
  manifest: { name: 'fairs', version: '1.0.0', label: label('Fairs'), platform: '^0.1.0' },
  layer: layerOf(
    'plugin:fairs',
    [
      'entity',
      {
        name: 'fair',
        label: label('Fair'),
        display: 'title',
        ownership: 'user',
        reviews: false,
        properties: {
          title: { field: 'text', label: label('Title'), maxLength: 40 },
          hall: { field: 'choice', label: label('Hall'), dictionary: 'hall' },
        },
      },
    ],
    [
      'entity',
      {
        name: 'visit',
        extends: true,
        properties: { fair: { field: 'reference', label: label('Fair'), entity: 'fair' } },
      },
    ],
    ['dictionary', { name: 'hall', label: label('Hall'), values: { one: { label: label('One') } } }],
  ),
};
/** Needs the first one. */
const booths: PluginLayer = {
  manifest: {
    name: 'booths',
    version: '1.0.0',
    label: label('Booths'),
    platform: '^0.1.0',
    dependencies: { fairs: '^1.0.0' },
    enabled: false,
  },
  layer: layerOf('plugin:booths', [
    'entity',
    {
      name: 'booth',
      label: label('Booth'),
      display: 'number',
      ownership: 'user',
      reviews: false,
      properties: {
        number: { field: 'text', label: label('Number'), maxLength: 10 },
        fair: { field: 'reference', label: label('Fair'), entity: 'fair' },
      },
    },
  ]),
};

const wechat = { field: 'text', label: { 'zh-CN': '微信号', en: 'WeChat' }, maxLength: 50 };

function start(db: Database, plugins: readonly PluginLayer[] = []): Promise<Changes> {
  return startChanges({ db, layers: { base: sampleLayer(), plugins } });
}

/** The wished document: the effective one, changed. */
function wish<D>(
  changes: Changes,
  kind: DocumentKind,
  name: string,
  change: (document: D) => D,
): DocumentChange {
  const { document, base } = changes.document(kind, name);
  return { kind, name, base, document: change(structuredClone(document) as D) as DocumentChange['document'] };
}

function withField(changes: Changes, entity: string, field: string, def: object | null): DocumentChange {
  return wish<EntityDocument>(changes, 'entity', entity, (document) => {
    const { [field]: _old, ...others } = document.properties;
    return {
      ...document,
      properties: (def ? { ...others, [field]: def } : others) as EntityDocument['properties'],
    };
  });
}

function withValue(changes: Changes, dictionary: string, code: string, value: object | null): DocumentChange {
  return wish<DictionaryDocument>(changes, 'dictionary', dictionary, (document) => {
    const { [code]: _old, ...others } = document.values;
    return {
      ...document,
      values: (value ? { ...others, [code]: value } : others) as DictionaryDocument['values'],
    };
  });
}

const apply = (changes: Changes, ...wishes: DocumentChange[]) =>
  changes.apply(actor, { changes: wishes, note: 'test', accept: ['hides-data'] });

async function problemOf(work: Promise<unknown>): Promise<Problem> {
  const error = await work.then(
    () => new Error('it did not fail'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof Problem)) throw error;
  return error;
}

/** Everything that a refused change must leave as it was. */
async function state(db: Database): Promise<unknown> {
  return await db.query({
    text: `select (select json_agg(v order by version) from mortise.version v) as version,
      (select count(*) from mortise.change_set) as changes, (select count(*) from mortise.overlay) as overlays,
      (select sum(revision) from mortise.dictionary_value) as dictionary,
      (select json_agg(c.table_name || '.' || c.column_name order by 1) from information_schema.columns c where c.table_schema = 'public') as columns,
      (select json_agg(indexname order by 1) from pg_indexes where schemaname = 'public') as indexes`,
  });
}

async function columns(db: Database, table: string): Promise<string[]> {
  const rows = await db.query<{ name: string }>({
    text: `select column_name as name from information_schema.columns where table_schema = 'public' and table_name = $1`,
    values: [table],
  });
  return rows.map(({ name }) => name);
}

describeEngines('changes of the model', (open) => {
  describe('a start', () => {
    it('makes the tables, their foreign keys and indexes, and seeds the dictionaries', async () => {
      const db = await open();
      const changes = await start(db);
      expect(changes.current().version).toBe(1);
      expect(await columns(db, 'thing')).toEqual(
        expect.arrayContaining([
          'id',
          'version',
          'owner',
          'name',
          'tags',
          'amount',
          'amount_currency',
          'deleted_at',
        ]),
      );
      expect(await columns(db, 'thing_ext')).toEqual(['id', 'site', 'secret']);
      const keys = await db.query<{ def: string }>({
        text: `select pg_get_constraintdef(oid) as def from pg_constraint where conrelid = 'public.thing_line'::regclass and contype = 'f'`,
      });
      expect(keys).toEqual([
        { def: 'FOREIGN KEY (thing) REFERENCES thing(id) ON DELETE CASCADE DEFERRABLE' },
      ]);
      expect(changes.dictionaries.values('area').map(({ code }) => code)).toEqual([
        'east',
        'sh',
        'west',
        'old',
      ]);
      expect(changes.dictionaries.value('area', 'old')?.active).toBe(false);
      expect(changes.dictionaries.descendants('area', 'east')).toEqual(['east', 'sh']);
      expect(changes.dictionaries.values('$roles').map(({ code }) => code)).toContain('administrator');
    });

    it('with the same files does nothing the second time', async () => {
      const db = await open();
      await (await start(db, [fairs])).stop();
      const before = await state(db);
      const again = await start(db, [fairs]);
      expect(again.current().version).toBe(1);
      expect(await state(db)).toEqual(before);
    });

    it('with newer files adds what they bring and keeps what an administrator edited', async () => {
      const db = await open();
      const first = await start(db);
      await apply(
        first,
        withValue(first, 'area', 'west', { label: { 'zh-CN': '西部大区', en: 'The West' }, sort: 5 }),
      );
      await first.stop();
      const newer = sampleLayer();
      const documents = newer.documents.map((each) => {
        if (each.kind === 'dictionary' && each.name === 'area') {
          const document = each.document as DictionaryDocument;
          const values = {
            ...document.values,
            west: { label: label('Occident') },
            east: { label: label('Orient') },
            north: { label: label('North') },
          };
          return { ...each, document: { ...document, values } };
        }
        if (each.kind !== 'entity' || each.name !== 'unit') return each;
        const document = each.document as EntityDocument;
        return {
          ...each,
          document: {
            ...document,
            properties: {
              ...document.properties,
              fax: { field: 'text', label: label('Fax'), maxLength: 20 },
            },
          },
        };
      });
      const second = await startChanges({ db, layers: { base: { ...newer, documents }, plugins: [] } });
      expect(second.current().version).toBe(2);
      expect(await columns(db, 'unit')).toContain('fax');
      expect(second.dictionaries.value('area', 'west')?.label.en).toBe('The West');
      expect(second.dictionaries.value('area', 'east')?.label.en).toBe('Orient');
      expect(second.dictionaries.value('area', 'north')?.isSystem).toBe(true);
    });
  });

  describe('SCN-07 a field added while running', () => {
    let db: Database;
    let changes: Changes;
    beforeAll(async () => {
      db = await open();
      changes = await start(db);
    });

    it('is shown in words with its exact SQL before anything happens', async () => {
      const before = await state(db);
      const plan = await changes.plan(actor, {
        changes: [withField(changes, 'visit', 'wechat', { ...wechat, search: true })],
        note: '',
      });
      expect(plan.plan).toMatchObject([
        {
          operation: 'field.add',
          text: { 'zh-CN': 'Visit中.微信号 新增:文本,50', en: 'Visit.WeChat added: Text, 50' },
          risk: 'none',
          rows: 0,
        },
      ]);
      expect(plan.sql).toEqual([
        'alter table "visit" add "wechat" varchar(50) null',
        expect.stringContaining('create index if not exists "visit_wechat_trgm"'),
      ]);
      expect(plan.plan[0]?.sql).toEqual(plan.sql);
      expect(await state(db)).toEqual(before);
    });

    it('is live at once, heard by listeners, logged with its author, and survives a restart', async () => {
      const heard: number[] = [];
      const remove = changes.onSwap((next, previous) => heard.push(previous.version, next.version));
      const { token } = await changes.plan(actor, {
        changes: [withField(changes, 'visit', 'wechat', wechat)],
        note: '微信',
      });
      expect(await changes.apply(actor, { token })).toEqual({ version: 2 });
      remove();
      expect(heard).toEqual([1, 2]);
      expect(changes.current().entities.get('visit')?.fields.get('wechat')?.layer).toBe('site');
      await db.query({
        text: `insert into visit (id, subject, wechat) values ($1, 's', 'wx-1')`,
        values: [uuid7()],
      });
      expect((await changes.versions()).items[0]).toMatchObject({
        version: 2,
        author: '管理员',
        note: '微信',
        summary: [{ en: 'Visit.WeChat added: Text, 50' }],
      });
      const other = await start(db);
      expect(other.current().version).toBe(2);
      expect(other.current().hash).toBe(changes.current().hash);
      expect(other.current().entities.get('visit')?.fields.get('wechat')?.label['zh-CN']).toBe('微信号');
      await other.stop();
    });

    it('refuses a token twice and a token of an older version', async () => {
      const { token } = await changes.plan(actor, {
        changes: [withField(changes, 'visit', 'a1', wechat)],
        note: '',
      });
      await apply(changes, withField(changes, 'visit', 'a2', wechat));
      expect(await problemOf(changes.apply(actor, { token }))).toMatchObject({ code: 'MRT_PLAN_STALE' });
      expect(await problemOf(changes.apply(actor, { token: 'guessed' }))).toMatchObject({
        code: 'MRT_PLAN_STALE',
      });
    });

    it('refuses a change made on an older document and changes nothing', async () => {
      const mine = withField(changes, 'visit', 'b1', wechat);
      await apply(changes, withField(changes, 'visit', 'b2', wechat));
      const before = await state(db);
      expect(await problemOf(apply(changes, mine))).toMatchObject({
        code: 'MRT_DOCUMENT_CONFLICT',
        faults: [{ path: 'entity/visit' }],
      });
      expect(await state(db)).toEqual(before);
    });

    it('retires instead of dropping, only when the risk is accepted, and brings the data back', async () => {
      const drop = withField(changes, 'visit', 'wechat', null);
      const refused = await problemOf(changes.apply(actor, { changes: [drop], note: '' }));
      expect(refused).toMatchObject({ code: 'MRT_PLAN_RISK', extension: { risks: ['hides-data'] } });
      await apply(changes, drop);
      const visit = changes.current().entities.get('visit');
      expect(visit?.fields.has('wechat')).toBe(false);
      expect(visit?.retiredFields.has('wechat')).toBe(true);
      const plan = await changes.plan(actor, {
        changes: [withField(changes, 'visit', 'wechat', wechat)],
        note: '',
      });
      expect(plan.plan).toMatchObject([{ operation: 'field.restore' }]);
      expect(plan.warnings).toHaveLength(1);
      await apply(changes, withField(changes, 'visit', 'wechat', wechat));
      expect(await db.query({ text: 'select wechat from visit' })).toEqual([{ wechat: 'wx-1' }]);
    });

    it('widens a text, and does not narrow the column of one made stricter', async () => {
      await apply(changes, withField(changes, 'visit', 'wechat', { ...wechat, maxLength: 80 }));
      const plan = await changes.plan(actor, {
        changes: [withField(changes, 'visit', 'wechat', { ...wechat, maxLength: 10 })],
        note: '',
      });
      expect(plan).toMatchObject({
        sql: [],
        plan: [{ operation: 'field.change', text: { en: 'Visit.WeChat changed: maximum length 80 → 10' } }],
      });
      await apply(changes, withField(changes, 'visit', 'wechat', { ...wechat, maxLength: 10 }));
      const again = await changes.plan(actor, {
        changes: [withField(changes, 'visit', 'wechat', { ...wechat, maxLength: 80 })],
        note: '',
      });
      expect(again.sql).toEqual([]);
    });

    it('refuses another type, and a unique rule that stored rows break, with the reason', async () => {
      const before = await state(db);
      const retyped = await problemOf(
        apply(changes, withField(changes, 'visit', 'wechat', { field: 'integer', label: label('W') })),
      );
      expect(retyped).toMatchObject({
        code: 'MRT_PLAN_REFUSED',
        faults: [{ path: 'entity/visit#/properties/wechat/field', code: 'MRT_PLAN_RETYPE' }],
      });
      await db.query({
        text: `insert into visit (id, subject, wechat) values ($1, 't', 'wx-1')`,
        values: [uuid7()],
      });
      const doubled = await problemOf(
        apply(changes, withField(changes, 'visit', 'wechat', { ...wechat, unique: true })),
      );
      expect(doubled).toMatchObject({ code: 'MRT_PLAN_REFUSED', faults: [{ code: 'MRT_PLAN_DUPLICATES' }] });
      // The value itself is for those who may read it.
      expect(JSON.stringify(doubled.faults)).not.toContain('wx-1');
      expect(await state(db)).toEqual(before);
    });

    it('goes back to an earlier version as a new one, and forward again, without losing data', async () => {
      await apply(
        changes,
        withField(changes, 'visit', 'memo', { field: 'text', label: label('Memo'), maxLength: 9 }),
      );
      const with2 = changes.current().version;
      await db.query({ text: `update visit set memo = 'kept'` });
      const back = await changes.revert(actor, 1);
      expect(back.version).toBe(with2 + 1);
      expect([...(changes.current().entities.get('visit')?.fields.keys() ?? [])]).not.toContain('memo');
      await changes.revert(actor, with2);
      expect(changes.current().entities.get('visit')?.fields.get('memo')?.column?.name).toBe('memo');
      expect(await db.query({ text: 'select distinct memo from visit' })).toEqual([{ memo: 'kept' }]);
      expect(await problemOf(changes.revert(actor, 999))).toMatchObject({ code: 'MRT_DOCUMENT_UNKNOWN' });
    });
  });

  describe('documents of the site', () => {
    let db: Database;
    let changes: Changes;
    beforeAll(async () => {
      db = await open();
      changes = await start(db);
    });

    it('adds an entity with its table and retires it with its data', async () => {
      const document = {
        name: 'car',
        label: label('Car'),
        display: 'plate',
        ownership: 'user',
        properties: {
          plate: { field: 'text', label: label('Plate'), maxLength: 10, unique: true },
          driver: { field: 'reference', label: label('Driver'), entity: 'user' },
        },
      };
      const plan = await changes.plan(actor, {
        changes: [{ kind: 'entity', name: 'car', document }],
        note: '',
      });
      expect(plan.plan).toMatchObject([
        { operation: 'entity.add', text: { en: 'The entity “Car” added with 2 field(s)' } },
      ]);
      expect(plan.plan[0]?.sql).toEqual(plan.sql);
      await changes.apply(actor, { token: plan.token });
      await db.query({ text: `insert into car (id, plate) values ($1, '沪A1')`, values: [uuid7()] });
      await expect(
        db.query({ text: `insert into car (id, plate) values ($1, '沪A1')`, values: [uuid7()] }),
      ).rejects.toThrow('car_plate_key');
      await apply(changes, { kind: 'entity', name: 'car', document: null });
      expect(changes.current().entities.has('car')).toBe(false);
      expect(await db.query({ text: 'select plate from car' })).toEqual([{ plate: '沪A1' }]);
    });

    it('takes a retired field off the form and list where the site had put it', async () => {
      const note = withField(changes, 'thing', 'memo', wechat);
      const form = wish<FormDocument>(changes, 'form', 'thing.default', (each) => ({
        ...each,
        tabs: {
          ...each.tabs,
          own: {
            label: label('Own'),
            sections: { own: { label: label('Own'), fields: { memo: {}, name: {} } } },
          },
        },
      }));
      const view = wish<ViewDocument>(changes, 'view', 'thing.all', (each) => ({
        ...each,
        columns: { ...each.columns, memo: { width: 90 } },
      }));
      await apply(changes, note, form, view);
      await apply(changes, withField(changes, 'thing', 'memo', null));
      const tabs = changes.current().forms.get('thing.default')?.tabs;
      expect(tabs?.['own']?.sections?.['own']?.fields).toEqual({ name: {} });
      expect(changes.current().views.get('thing.all')?.columns).not.toHaveProperty('memo');
    });

    it('relabels a shipped field without SQL, and takes the overlay back with null', async () => {
      const relabelled = wish<EntityDocument>(changes, 'entity', 'visit', (document) => ({
        ...document,
        properties: {
          ...document.properties,
          subject: { ...document.properties['subject']!, label: { 'zh-CN': '主题词', en: 'Topic' } },
        },
      }));
      const plan = await changes.plan(actor, { changes: [relabelled], note: '' });
      expect(plan).toMatchObject({
        sql: [],
        plan: [{ operation: 'field.change', risk: 'none', text: { en: expect.stringContaining('Topic') } }],
      });
      await apply(changes, relabelled);
      expect(changes.document('entity', 'visit').provenance).toMatchObject({
        '/properties/subject/label/en': 'site',
      });
      await apply(changes, { kind: 'entity', name: 'visit', document: null });
      expect(changes.current().entities.get('visit')?.fields.get('subject')?.label.en).toBe('text');
    });

    it.each<[string, DocumentChange, string]>([
      [
        'an unknown keyword',
        {
          kind: 'entity',
          name: 'x1',
          document: {
            name: 'x1',
            label: label('X'),
            display: 'a',
            ownership: 'user',
            colour: 1,
            properties: { a: { field: 'text', label: label('A') } },
          },
        },
        'entity/x1#/colour',
      ],
      [
        'a wrong type',
        {
          kind: 'entity',
          name: 'x1',
          document: { name: 'x1', label: 'X', display: 'a', ownership: 'user', properties: {} },
        },
        'entity/x1#/label',
      ],
      [
        'a reference to nothing',
        {
          kind: 'entity',
          name: 'x1',
          document: {
            name: 'x1',
            label: label('X'),
            display: 'a',
            ownership: 'user',
            properties: {
              a: { field: 'text', label: label('A') },
              b: { field: 'reference', label: label('B'), entity: 'nowhere' },
            },
          },
        },
        'entity/x1#/properties/b/entity',
      ],
      [
        'another name than its own',
        { kind: 'entity', name: 'x1', document: { name: 'x2', label: label('X') } },
        'entity/x1#/name',
      ],
      [
        'an unknown kind',
        { kind: 'spell' as DocumentKind, name: 'x1', document: { name: 'x1' } },
        'spell/x1',
      ],
      [
        'a circle in a tree',
        {
          kind: 'dictionary',
          name: 'ring',
          document: {
            name: 'ring',
            label: label('R'),
            tree: true,
            values: { a: { label: label('A'), parent: 'b' }, b: { label: label('B'), parent: 'a' } },
          },
        },
        'dictionary/ring#/values/a/parent',
      ],
    ])('refuses a document with %s at its exact path and changes nothing', async (_name, change, path) => {
      const before = await state(db);
      const refused = await problemOf(changes.apply(actor, { changes: [change], note: '' }));
      expect(refused.code).toBe('MRT_DOCUMENT_INVALID');
      expect(refused.faults.map((fault) => fault.path)).toContain(path);
      expect(await state(db)).toEqual(before);
    });

    it('refuses to take away a shipped field, and the same document twice', async () => {
      expect(await problemOf(apply(changes, withField(changes, 'visit', 'minutes', null)))).toMatchObject({
        code: 'MRT_DOCUMENT_INVALID',
        faults: [{ path: 'entity/visit#/properties/minutes' }],
      });
      const once = withField(changes, 'visit', 'c1', wechat);
      expect(await problemOf(apply(changes, once, once))).toMatchObject({
        code: 'MRT_DOCUMENT_INVALID',
        faults: [{ code: 'MRT_DOC_DUPLICATE' }],
      });
    });
  });

  describe('SCN-07 dictionary values', () => {
    let db: Database;
    let changes: Changes;
    beforeAll(async () => {
      db = await open();
      changes = await start(db);
    });

    it('adds a value and a node of a tree without a new model version, logged and heard', async () => {
      const heard: string[] = [];
      changes.onDictionaryChange((name) => heard.push(name));
      const revision = changes.dictionaries.revision('area');
      const plan = await changes.plan(actor, {
        changes: [
          withValue(changes, 'area', 'hz', { label: { 'zh-CN': '杭州', en: 'Hangzhou' }, parent: 'east' }),
        ],
        note: '',
      });
      expect(plan.plan).toMatchObject([
        { operation: 'value.add', text: { 'zh-CN': '字典“area中”的“杭州”(hz) 新增' }, risk: 'none' },
      ]);
      expect(await changes.apply(actor, { token: plan.token })).toEqual({ version: 1 });
      expect(heard).toEqual(['area']);
      expect(changes.dictionaries.descendants('area', 'east')).toEqual(['east', 'sh', 'hz']);
      expect(changes.dictionaries.revision('area')).toBeGreaterThan(revision);
      expect(changes.dictionaries.value('area', 'hz')).toMatchObject({
        isSystem: false,
        active: true,
        parent: 'east',
      });
      expect((await changes.versions()).items[0]).toMatchObject({
        version: 1,
        summary: [{ en: expect.stringContaining('added') }],
      });
      const again = await start(db);
      expect(again.current().version).toBe(1);
      expect(again.dictionaries.value('area', 'hz')?.label['zh-CN']).toBe('杭州');
      await again.stop();
    });

    it('retires a value, and refuses to remove a shipped or a used one', async () => {
      await apply(changes, withValue(changes, 'tag', 'x', { label: label('X'), active: false }));
      expect(changes.dictionaries.value('tag', 'x')?.active).toBe(false);
      expect(await problemOf(apply(changes, withValue(changes, 'tag', 'x', null)))).toMatchObject({
        code: 'MRT_DOCUMENT_INVALID',
        faults: [{ path: 'dictionary/tag#/values/x', code: 'MRT_VALUE_SHIPPED' }],
      });
      await apply(changes, withValue(changes, 'tag', 'new', { label: label('New') }));
      await db.query({
        text: `insert into thing (id, name, tags) values ($1, 'n', array['y','new'])`,
        values: [uuid7()],
      });
      expect(await problemOf(apply(changes, withValue(changes, 'tag', 'new', null)))).toMatchObject({
        code: 'MRT_PLAN_REFUSED',
        faults: [{ code: 'MRT_VALUE_USED' }],
      });
      await db.query({ text: 'delete from thing' });
      await apply(changes, withValue(changes, 'tag', 'new', null));
      expect(changes.dictionaries.value('tag', 'new')).toBeUndefined();
    });

    it('refuses a circle and an unknown parent with the path', async () => {
      const before = await state(db);
      expect(
        await problemOf(
          apply(changes, withValue(changes, 'area', 'east', { label: label('East'), parent: 'sh' })),
        ),
      ).toMatchObject({
        code: 'MRT_DOCUMENT_INVALID',
        faults: expect.arrayContaining([
          expect.objectContaining({ path: 'dictionary/area#/values/east/parent' }),
        ]),
      });
      expect(
        await problemOf(
          apply(changes, withValue(changes, 'area', 'n', { label: label('N'), parent: 'nowhere' })),
        ),
      ).toMatchObject({ faults: [{ path: 'dictionary/area#/values/n/parent' }] });
      expect(await state(db)).toEqual(before);
    });

    it('makes a dictionary of the site with its values and relabels a shipped one in a new version', async () => {
      const document = {
        name: 'colour',
        label: label('Colour'),
        values: { red: { label: label('Red') }, blue: { label: label('Blue') } },
      };
      await changes.apply(actor, { changes: [{ kind: 'dictionary', name: 'colour', document }], note: '' });
      expect(changes.current().version).toBe(2);
      expect(changes.dictionaries.values('colour').map(({ code }) => code)).toEqual(['red', 'blue']);
      const renamed = wish<DictionaryDocument>(changes, 'dictionary', 'tag', (each) => ({
        ...each,
        label: label('Mark'),
      }));
      expect(await apply(changes, renamed)).toEqual({ version: 3 });
      expect(changes.dictionaries.values('tag')).toHaveLength(3);
    });
  });

  describe('SCN-11 plugins', () => {
    it('disables and enables while running, keeping tables, data and values', async () => {
      const db = await open();
      const changes = await start(db, [fairs]);
      const [fair, visit] = [uuid7(), uuid7()];
      await db.query({ text: `insert into fair (id, title) values ($1, 'Spring')`, values: [fair] });
      await db.query({
        text: `insert into visit (id, subject, fair) values ($1, 's', $2)`,
        values: [visit, fair],
      });
      await changes.setPlugin(actor, 'fairs', false);
      expect(changes.current().entities.has('fair')).toBe(false);
      expect(changes.current().entities.get('visit')?.fields.has('fair')).toBe(false);
      expect(changes.plugins()).toMatchObject([{ name: 'fairs', enabled: false, entities: ['fair'] }]);
      const restarted = await start(db, [fairs]);
      expect(restarted.current().plugins).toEqual([]);
      await restarted.setPlugin(actor, 'fairs', true);
      expect(restarted.current().entities.get('visit')?.fields.get('fair')?.column?.name).toBe('fair');
      expect(
        await db.query({ text: 'select v.fair, f.title from visit v join fair f on f.id = v.fair' }),
      ).toEqual([{ fair, title: 'Spring' }]);
      expect(restarted.dictionaries.values('hall')).toHaveLength(1);
      await restarted.stop();
      await changes.refresh();
      expect(changes.current().plugins).toEqual(['fairs']);
    });

    it('respects dependencies and what the site built on a plugin', async () => {
      const db = await open();
      const changes = await start(db, [booths, fairs]);
      expect(changes.current().plugins).toEqual(['fairs']);
      // SEC-06: whoever switches it on must have the powers that its roles hold.
      const higher = { path: 'role/x#', code: 'MRT_VALUE_ROLE_HIGHER', message: label('No') };
      const refused = changes.setPlugin(actor, 'booths', true, () => {
        throw problem('MRT_DOCUMENT_INVALID', { count: 1 }, [higher]);
      });
      expect((await problemOf(refused)).faults).toEqual([higher]);
      expect(changes.current().plugins).toEqual(['fairs']);
      await changes.setPlugin(actor, 'booths', true);
      expect(changes.current().plugins).toEqual(['fairs', 'booths']);
      expect(await problemOf(changes.setPlugin(actor, 'fairs', false))).toMatchObject({
        code: 'MRT_PLUGIN_STATE',
      });
      expect(await problemOf(changes.setPlugin(actor, 'none', false))).toMatchObject({
        code: 'MRT_PLUGIN_UNKNOWN',
      });
      await changes.setPlugin(actor, 'booths', false);
      await apply(
        changes,
        withField(changes, 'thing', 'fair', { field: 'reference', label: label('Fair'), entity: 'fair' }),
      );
      const before = await state(db);
      expect(await problemOf(changes.setPlugin(actor, 'fairs', false))).toMatchObject({
        code: 'MRT_PLUGIN_STATE',
        faults: [{ path: 'entity/thing#/properties/fair/entity' }],
      });
      expect(await state(db)).toEqual(before);
    });
  });

  describe('two nodes', () => {
    it('hear of one another, and a change computed on the older state is computed again', async () => {
      const db = await open();
      const [one, two] = [await start(db), await start(db)];
      await apply(one, withField(one, 'visit', 'n1', wechat));
      // Does not wait for the notification: the stale state must be noticed under the lock.
      await two.apply(actor, {
        changes: [
          {
            kind: 'entity',
            name: 'boat',
            document: {
              name: 'boat',
              label: label('Boat'),
              display: 'n',
              ownership: 'user',
              properties: { n: { field: 'text', label: label('N'), maxLength: 5 } },
            },
          },
        ],
        note: '',
      });
      expect(two.current().version).toBe(3);
      expect(two.current().entities.get('visit')?.fields.has('n1')).toBe(true);
      await one.refresh();
      expect(one.current().hash).toBe(two.current().hash);
      await one.stop();
      await two.stop();
    });
  });
});
