import { beforeAll, describe, expect, it } from 'vitest';
import { Problem } from '../../errors/problem.ts';
import type { DataChange, DocumentChange } from '../../http/contract.ts';
import type { EntityDocument, FieldDocument } from '../../model/documents.ts';
import type { Database } from '../../store/database.ts';
import { uuid7 } from '../../store/uuid7.ts';
import { describeEngines } from '../../testing/databases.ts';
import { label, sampleLayer } from '../../testing/sample-documents.ts';
import type { Changes } from '../changes.ts';
import { startChanges } from '../start-changes.ts';

const actor = { id: uuid7(), username: 'a', displayName: 'A', unit: null, roles: [] };
const text = (more: object = {}): object => ({ field: 'text', label: label('Memo'), maxLength: 50, ...more });

async function problemOf(work: Promise<unknown>): Promise<Problem> {
  const error = await work.then(
    () => new Error('it did not fail'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof Problem)) throw error;
  return error;
}

describeEngines('ENG-07 changes of stored values', (open) => {
  let db: Database;
  let changes: Changes;
  beforeAll(async () => {
    db = await open();
    changes = await startChanges({ db, layers: { base: sampleLayer(), plugins: [] } });
    await db.query({
      text: `insert into "user" (id, username, display_name) values ($1, 'a', 'A')`,
      values: [actor.id],
    });
  });

  /** Puts fields (null: retires) into an entity. */
  function wish(fields: Record<string, object | null>, entity = 'visit'): DocumentChange {
    const { document, base } = changes.document('entity', entity);
    const properties = { ...(document as unknown as EntityDocument).properties } as Record<string, unknown>;
    for (const [name, def] of Object.entries(fields)) {
      if (def === null) delete properties[name];
      else properties[name] = def;
    }
    return { kind: 'entity', name: entity, base, document: { ...document, properties } };
  }
  const plan = (fields: Record<string, object | null>, data: DataChange[] = []) =>
    changes.plan(actor, { changes: Object.keys(fields).length ? [wish(fields)] : [], data, note: '' });
  const apply = (fields: Record<string, object | null>, data: DataChange[] = []) =>
    changes.apply(actor, {
      changes: Object.keys(fields).length ? [wish(fields)] : [],
      data,
      note: '',
      accept: ['rewrites', 'hides-data', 'loses-data'],
    });
  const field = (name: string, entity = 'visit') => changes.current().entities.get(entity)?.fields.get(name);
  /** Values of a site field in the order of the subjects. */
  async function values(name: string): Promise<unknown[]> {
    const column = field(name)?.column?.name;
    const rows = await db.query<{ v: unknown }>({
      text: `select "${column}" as v from visit order by subject`,
    });
    return rows.map(({ v }) => v);
  }
  /** Fills a fresh text field `name` with these values, one record each. */
  async function records(name: string, given: readonly (string | null)[]): Promise<string[]> {
    await db.query({ text: 'delete from visit' });
    await apply({ [name]: text() });
    const column = field(name)?.column?.name;
    const ids: string[] = [];
    for (const [at, value] of given.entries()) {
      ids.push(uuid7());
      await db.query({
        text: `insert into visit (id, subject, "${column}") values ($1, $2, $3)`,
        values: [ids[at], `s${String(at).padStart(3, '0')}`, value],
      });
    }
    return ids;
  }
  async function history(id: string | undefined): Promise<unknown[]> {
    return await db.query({
      text: 'select action, changes, version from mortise.history where record_id = $1 order by version',
      values: [id],
    });
  }

  describe('another type', () => {
    it('is checked row by row, refused with the records that do not fit, and mended by mapping and default', async () => {
      const ids = await records('n1', ['12', ' 7 ', 'twelve', null, 'x', '']);
      const integer = { field: 'integer', label: label('Memo') };
      const shown = await plan({ n1: integer });
      expect(shown.ready).toBe(false);
      const operation = shown.plan.find((each) => each.operation === 'field.retype');
      expect(operation).toMatchObject({
        risk: 'rewrites',
        lock: 'everybody',
        rows: 5,
        text: { en: 'Visit.Memo type Text → Whole number: 5 record(s) checked, 2 cannot be converted' },
        report: { reason: 'unfit', field: 'n1', count: 2, blocks: true, ways: ['convert'] },
      });
      expect(operation?.report?.rows.map(({ id }) => id)).toEqual([ids[2], ids[4]]);
      expect(await problemOf(changes.apply(actor, { token: shown.token }))).toMatchObject({
        code: 'MRT_PLAN_REFUSED',
        faults: [{ code: 'MRT_PLAN_RETYPE', path: 'entity/visit#/properties/n1/field' }],
      });
      expect(await values('n1')).toEqual(['12', ' 7 ', 'twelve', null, 'x', '']);

      const mend: DataChange = {
        type: 'convert',
        entity: 'visit',
        field: 'n1',
        mapping: { twelve: 12 },
        otherwise: null,
      };
      expect((await plan({ n1: integer }, [mend])).ready).toBe(true);
      await apply({ n1: integer }, [mend]);
      expect(await values('n1')).toEqual([12, 7, 12, null, null, null]);
      expect(await history(ids[2])).toEqual([
        { action: 'update', version: 2, changes: { n1: { old: 'twelve', new: 12 } } },
      ]);
      expect(await history(ids[0])).toEqual([]);
    });

    it('is taken back with every value as it was, except those changed since', async () => {
      const before = changes.current().version;
      await records('n2', ['1', 'two', '3']);
      const made = changes.current().version;
      await apply({ n2: { field: 'integer', label: label('Memo') } }, [
        { type: 'convert', entity: 'visit', field: 'n2', otherwise: null },
      ]);
      await db.query({ text: `update visit set "${field('n2')?.column?.name}" = 33 where subject = 's002'` });
      await changes.revert(actor, made);
      expect(field('n2')?.type).toBe('text');
      expect(await values('n2')).toEqual(['1', 'two', '33']);
      expect(made).toBeGreaterThan(before);
    });

    it.each([
      ['decimal', { field: 'decimal', precision: 8, scale: 2 }, ['1.5', '1,200'], ['1.50', '1200.00']],
      ['date', { field: 'date' }, ['2026-02-03', '2026/2/4'], ['2026-02-03', '2026-02-04']],
      ['datetime', { field: 'datetime' }, ['2026-02-03 08:00'], ['2026-02-03T00:00:00Z']],
      ['boolean', { field: 'boolean' }, ['是', 'no'], [true, false]],
      ['choice', { field: 'choice', dictionary: 'area' }, ['west', 'East中', 'sh'], ['west', 'east', 'sh']],
      ['choices', { field: 'choice', dictionary: 'area', multiple: true }, ['west、sh'], [['west', 'sh']]],
      ['longtext', { field: 'longtext' }, ['a'], ['a']],
      ['email', { field: 'email' }, ['A@b.example'], ['a@b.example']],
    ])('from text to %s and back', async (name, def, given, expected) => {
      const column = `r_${name}`;
      await records(column, given);
      await apply({ [column]: { ...def, label: label('Memo') } });
      const stored = (await values(column)).map((value) =>
        typeof value === 'string' && value.includes('T') ? value.replace(/\.000Z$/, 'Z') : value,
      );
      if (name !== 'email') expect(stored).toEqual(expected);
      await apply({ [column]: text() });
      expect(await values(column)).toEqual(given);
    });

    it('between numbers, single and multiple choice, date and date-time', async () => {
      await records('m1', ['5', '6']);
      await apply({ m1: { field: 'integer', label: label('Memo') } });
      await apply({ m1: { field: 'decimal', precision: 9, scale: 2, label: label('Memo') } });
      expect(await values('m1')).toEqual(['5.00', '6.00']);
      await records('m2', ['west', 'east']);
      await apply({ m2: { field: 'choice', dictionary: 'area', label: label('Memo') } });
      await apply({ m2: { field: 'choice', dictionary: 'area', multiple: true, label: label('Memo') } });
      expect(await values('m2')).toEqual([['west'], ['east']]);
      await records('m3', ['2026-02-03']);
      await apply({ m3: { field: 'date', label: label('Memo') } });
      await apply({ m3: { field: 'datetime', label: label('Memo') } });
      expect(await values('m3')).toEqual([expect.stringMatching(/^2026-02-02T16:00:00/)]);
    });

    it('is refused for a shipped field and where there is no way at all', async () => {
      const subject = (changes.document('entity', 'visit').document as unknown as EntityDocument).properties[
        'subject'
      ];
      expect(
        await problemOf(apply({ subject: { ...subject, field: 'integer' } as FieldDocument })),
      ).toMatchObject({ code: 'MRT_DOCUMENT_INVALID' });
      await records('k1', ['a']);
      expect(
        await problemOf(
          apply({ k1: { field: 'children', entity: 'visit', by: 'thing', label: label('K') } }),
        ),
      ).toMatchObject({ code: expect.stringMatching(/MRT_(PLAN_REFUSED|DOCUMENT_INVALID)/) });
    });
  });

  it('makes a field required with a report of the empty records, or with a value for them', async () => {
    const ids = await records('q1', ['a', null, null]);
    const shown = await plan({ q1: text({ required: true }) });
    expect(shown.ready).toBe(true);
    expect(shown.plan.find((each) => each.report)?.report).toMatchObject({
      reason: 'empty',
      count: 2,
      blocks: false,
      ways: ['fill'],
      rows: [{ id: ids[1] }, { id: ids[2] }],
    });
    await apply({ q1: text({ required: true }) }, [
      { type: 'fill', entity: 'visit', field: 'q1', value: 'none' },
    ]);
    expect(await values('q1')).toEqual(['a', 'none', 'none']);
    expect(await history(ids[1])).toEqual([
      { action: 'update', version: 2, changes: { q1: { old: null, new: 'none' } } },
    ]);
    expect(
      await problemOf(apply({}, [{ type: 'fill', entity: 'visit', field: 'q1', value: 7 }])),
    ).toMatchObject({ code: 'MRT_PLAN_REFUSED', faults: [{ path: '/data/0' }] });
  });

  it('fills records that are older than the part of the field, and refuses what their table or a formula forbids', async () => {
    for (const name of ['old', 'older'])
      await db.query({ text: 'insert into thing (id, name) values ($1, $2)', values: [uuid7(), name] });
    const { version } = changes.current();
    const other = await startChanges({ db, layers: { base: sampleLayer(), plugins: [] } });
    const fill = (field: string, value: unknown) =>
      apply({}, [{ type: 'fill', entity: 'thing', field, value } as DataChange]);
    await fill('site', 'https://a.example/');
    const { table, name } = field('site', 'thing')!.column!;
    expect(await db.query({ text: `select "${name}" as v from "${table}"` })).toEqual([
      { v: 'https://a.example/' },
      { v: 'https://a.example/' },
    ]);
    // Whoever has read a value before it and writes it after it must be told.
    expect(changes.current().version).toBe(version + 1);
    await other.refresh();
    expect(other.current().version).toBe(version + 1);
    await other.stop();
    expect(await problemOf(fill('tax_code', 'one'))).toMatchObject({
      code: 'MRT_PLAN_REFUSED',
      faults: [{ code: 'MRT_PLAN_DUPLICATES' }],
    });
    expect(await problemOf(fill('total', '1.00'))).toMatchObject({
      code: 'MRT_PLAN_REFUSED',
      faults: [{ path: '/data/0' }],
    });
    await db.query({ text: 'delete from thing' });
  });

  it('lists the records with doubled values before a field becomes unique', async () => {
    const ids = await records('u1', ['a', 'b', 'a']);
    const shown = await plan({ u1: text({ unique: true }) });
    expect(shown.ready).toBe(false);
    expect(shown.plan.find((each) => each.report)?.report).toMatchObject({
      reason: 'doubled',
      field: 'u1',
      rows: [{ id: ids[0] }, { id: ids[2] }],
    });
    expect(await problemOf(apply({ u1: text({ unique: true }) }))).toMatchObject({
      code: 'MRT_PLAN_REFUSED',
      faults: [{ code: 'MRT_PLAN_DUPLICATES' }],
    });
  });

  describe('dictionary values', () => {
    it('are joined: every record is rewritten with history, the old one retired, and all of it undone', async () => {
      const ids = await records('j1', ['x', 'y', 'x']);
      await apply(
        {
          j1: { field: 'choice', dictionary: 'area', label: label('J') },
          j2: { field: 'choice', dictionary: 'area', multiple: true, label: label('J') },
        },
        [{ type: 'convert', entity: 'visit', field: 'j1', mapping: { x: 'west', y: 'east' } }],
      );
      await db.query({ text: `update visit set "${field('j2')?.column?.name}" = array['west', 'east']` });
      const version = changes.current().version;
      const [set] = (await changes.versions()).items;
      await apply({}, [{ type: 'join', dictionary: 'area', from: 'west', to: 'east' }]);
      expect(await values('j1')).toEqual(['east', 'east', 'east']);
      expect(await values('j2')).toEqual([['east'], ['east'], ['east']]);
      expect(changes.dictionaries.value('area', 'west')?.active).toBe(false);
      expect(await history(ids[0])).toHaveLength(3);
      const joined = (await changes.versions()).items[0];
      expect(joined?.id).not.toBe(set?.id);
      expect(joined?.summary.map(({ en }) => en).join()).toContain('joined into');
      await changes.revert(actor, { version, changeSet: joined?.id ?? '', select: [] });
      expect(await values('j1')).toEqual(['west', 'east', 'west']);
      expect(await values('j2')).toEqual([
        ['west', 'east'],
        ['west', 'east'],
        ['west', 'east'],
      ]);
      expect(changes.dictionaries.value('area', 'west')?.active).toBe(true);
    });

    it('IND-44 are joined with what stands below them, and say where they are still written', async () => {
      const dictionary = changes.document('dictionary', 'area');
      const stored = dictionary.document['values'] as Record<string, object>;
      const added = {
        old_west: { label: label('Old west'), parent: 'west' },
        old_west_a: { label: label('Old west A'), parent: 'old_west' },
      };
      await changes.apply(actor, {
        changes: [
          {
            kind: 'dictionary',
            name: 'area',
            document: { ...dictionary.document, values: { ...stored, ...added } },
          },
          wish({
            place: { field: 'choice', dictionary: 'area', label: label('Place'), default: 'old_west' },
            far: { field: 'text', label: label('Far'), visibleWhen: "place == 'old_west'" },
          }),
        ],
        note: '',
      });
      const join = (from: string, to: string): DataChange => ({ type: 'join', dictionary: 'area', from, to });
      expect(await problemOf(plan({}, [join('west', 'old_west_a')]))).toMatchObject({
        code: 'MRT_PLAN_REFUSED',
        faults: [{ path: '/data/0/to', code: 'MRT_DOC_CYCLE' }],
      });
      const shown = await plan({}, [join('old_west', 'east')]);
      expect(shown.plan.map(({ operation }) => operation)).toEqual([
        'value.retire',
        'value.change',
        'value.join',
      ]);
      expect(shown.warnings.map(({ en }) => en)).toEqual([
        '“Old west” is still written in place.default of “Visit”; check it',
        '“Old west” is still written in far.visibleWhen of “Visit”; check it',
      ]);
      await changes.apply(actor, { token: shown.token });
      expect(changes.dictionaries.value('area', 'old_west_a')?.parent).toBe('east');
      const joined = (await changes.versions()).items[0]!;
      const to = { version: joined.version - 1, changeSet: joined.id, select: [] };
      await changes.revert(actor, to);
      expect(changes.dictionaries.value('area', 'old_west_a')?.parent).toBe('old_west');
      expect(changes.dictionaries.value('area', 'old_west')?.active).toBe(true);
      expect(await problemOf(plan({}, [join('west', 'nowhere')]))).toMatchObject({
        faults: [{ path: '/data/0/to', code: 'MRT_DOC_REFERENCE' }],
      });
    });

    it('are split by a condition on the records', async () => {
      await records('p1', ['west', 'west', 'east']);
      await apply({ p1: { field: 'choice', dictionary: 'area', label: label('P') } });
      await db.query({ text: `update visit set minutes = 90 where subject = 's001'` });
      await apply({}, [
        { type: 'split', dictionary: 'area', from: 'west', to: 'sh', entity: 'visit', when: 'minutes > 60' },
      ]);
      expect(await values('p1')).toEqual(['west', 'sh', 'east']);
      expect(
        await problemOf(
          apply({}, [
            {
              type: 'split',
              dictionary: 'area',
              from: 'west',
              to: 'sh',
              entity: 'visit',
              when: 'nothing > 1',
            },
          ]),
        ),
      ).toMatchObject({ faults: [{ path: '/data/0/when' }] });
    });
  });

  describe('purge', () => {
    it('drops a retired field of the site with its data, only when the loss is accepted', async () => {
      await records('g1', ['a', 'b']);
      expect(await problemOf(apply({}, [{ type: 'purge', entity: 'visit', field: 'g1' }]))).toMatchObject({
        faults: [{ code: 'MRT_PLAN_PURGE' }],
      });
      await apply({ g1: null });
      const purge: DataChange = { type: 'purge', entity: 'visit', field: 'g1' };
      const shown = await plan({}, [purge]);
      expect(shown).toMatchObject({
        risks: ['loses-data'],
        sql: ['alter table "visit" drop column "g1"'],
        plan: [{ operation: 'field.purge', rows: 2, risk: 'loses-data' }],
      });
      expect(
        await problemOf(
          changes.apply(actor, { changes: [], data: [purge], note: '', accept: ['hides-data'] }),
        ),
      ).toMatchObject({ code: 'MRT_PLAN_RISK' });
      await apply({}, [purge]);
      await apply({ g1: text() });
      expect(field('g1')?.column?.name).toBe('g1__2');
      expect(await values('g1')).toEqual([null, null]);
    });

    it('drops a retired entity of the site with its table', async () => {
      const pet = { name: 'pet', label: label('Pet'), display: 'name', ownership: 'user', reviews: false };
      const document = {
        ...pet,
        properties: { name: text(), owner_visit: { field: 'reference', entity: 'visit', label: label('V') } },
      };
      await changes.apply(actor, { changes: [{ kind: 'entity', name: 'pet', document }], note: '' });
      await changes.apply(actor, {
        changes: [{ kind: 'entity', name: 'pet', document: null }],
        note: '',
        accept: ['hides-data'],
      });
      await apply({}, [{ type: 'purge', entity: 'pet' }]);
      expect(await db.query({ text: `select to_regclass('pet') as there` })).toEqual([{ there: null }]);
      await changes.apply(actor, { changes: [{ kind: 'entity', name: 'pet', document }], note: '' });
      expect(changes.current().entities.get('pet')?.table).toBe('pet__2');
      const again = await startChanges({ db, layers: { base: sampleLayer(), plugins: [] } });
      expect(again.current().version).toBe(changes.current().version);
      await again.stop();
    });
  });

  it('renames a field with its data wherever the site mentions it, and back', async () => {
    await records('old_name', ['kept']);
    await apply({
      sees: { field: 'text', label: label('S'), maxLength: 9, visibleWhen: "old_name == 'kept'" },
    });
    await changes.apply(actor, {
      changes: [
        {
          kind: 'view',
          name: 'visit.site',
          document: {
            name: 'visit.site',
            entity: 'visit',
            kind: 'list',
            label: label('List'),
            columns: { subject: {}, old_name: { width: 90 } },
            sort: '-old_name,subject',
            filters: { old_name: true },
          },
        },
      ],
      note: '',
    });
    const before = changes.current().version;
    const renamed = wish({ old_name: null, new_name: text({ renamedFrom: 'old_name' }) });
    const shown = await changes.plan(actor, { changes: [renamed], note: '' });
    expect(shown.plan.map(({ operation }) => operation)).toEqual(
      expect.arrayContaining(['field.rename', 'document.change']),
    );
    await changes.apply(actor, { token: shown.token });
    expect(await values('new_name')).toEqual(['kept']);
    expect(field('old_name')).toBeUndefined();
    expect(field('sees')?.def.visibleWhen).toBe("new_name == 'kept'");
    expect(changes.document('view', 'visit.site').document).toMatchObject({
      columns: { new_name: { width: 90 } },
      sort: '-new_name,subject',
      filters: { new_name: true },
    });
    await changes.revert(actor, before);
    expect(await values('old_name')).toEqual(['kept']);
    expect(field('new_name')).toBeUndefined();
    expect(field('sees')?.def.visibleWhen).toBe("old_name == 'kept'");
  });

  it('renames a field in templates, roll-ups and over references', async () => {
    await records('old_word', ['kept']);
    const template = (body: string, name: string) => ({
      name: 'visit.site_letter',
      label: label('Letter'),
      entity: 'visit',
      kind: 'letter',
      paper: { width: 210, height: 297 },
      fields: { subject: {}, [name]: {} },
      body,
    });
    const far = {
      name: 'echo',
      label: label('Echo'),
      display: 'title',
      ownership: 'user',
      reviews: false,
      properties: {
        title: { field: 'text', label: label('T'), maxLength: 20 },
        visit: { field: 'reference', entity: 'visit', label: label('V') },
        said: {
          field: 'text',
          maxLength: 50,
          label: label('S'),
          compute: "coalesce(visit.old_word, 'old_word')",
        },
      },
    };
    const view = {
      name: 'echo.all',
      entity: 'echo',
      kind: 'list',
      label: label('L'),
      columns: { title: {}, 'visit.old_word': {} },
    };
    const counted = {
      field: 'integer',
      label: label('C'),
      rollup: { entity: 'visit', by: 'thing', function: 'count', where: "old_word == 'old_word'" },
    };
    await changes.apply(actor, {
      changes: [
        { kind: 'entity', name: 'echo', document: far },
        { kind: 'view', name: 'echo.all', document: view },
        wish({ counted }, 'thing'),
        {
          kind: 'template',
          name: 'visit.site_letter',
          document: template(
            '<p>old_word {{old_word}} {{#if old_word}}{{{ old_word }}}{{else}}{{subject}}{{/if}}</p>\n<b>{{ old_word}}</b>',
            'old_word',
          ),
        },
      ],
      note: '',
    });
    await apply({ old_word: null, new_word: text({ renamedFrom: 'old_word' }) });
    expect(changes.document('template', 'visit.site_letter').document).toMatchObject(
      template(
        '<p>old_word {{new_word}} {{#if new_word}}{{{ new_word }}}{{else}}{{subject}}{{/if}}</p>\n<b>{{ new_word}}</b>',
        'new_word',
      ),
    );
    expect(field('said', 'echo')?.def.compute).toBe("coalesce(visit.new_word, 'old_word')");
    expect(Object.keys(changes.document('view', 'echo.all').document['columns'] as object)).toEqual([
      'title',
      'visit.new_word',
    ]);
    expect(field('counted', 'thing')?.def.rollup?.where).toBe("new_word == 'old_word'");
  });
});
