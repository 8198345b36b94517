import { beforeAll, expect, it } from 'vitest';
import type { Problem } from '../errors/problem.ts';
import type { GrantDocument, RoleDocument } from '../model/documents.ts';
import type { Layer } from '../model/layer.ts';
import { describeEngines } from '../testing/databases.ts';
import { label } from '../testing/sample-documents.ts';
import { openRecords, type RecordsFixture } from './test-records.ts';

const role = (name: string, grants: Record<string, GrantDocument>): RoleDocument => ({
  name,
  label: label(name),
  grants,
});
const thing = (actions: GrantDocument['actions'], fields?: GrantDocument['fields']): GrantDocument => ({
  entity: 'thing',
  actions,
  ...(fields ? { fields } : {}),
});
const scoped = (['own', 'created', 'unit', 'below', 'all'] as const).map((scope) =>
  role(`scope_${scope}`, { thing: thing({ query: scope, read: scope, update: scope, delete: scope }) }),
);

const ROLES: RoleDocument[] = [
  ...scoped,
  role('nobody', {}),
  role('finder', { thing: thing({ query: 'all' }) }),
  role('sums_own', {
    thing: thing({ query: 'all', read: 'all' }, { amount: 'hidden' }),
    own: thing({ read: 'own' }, { '*': 'hidden', amount: 'read' }),
  }),
  role('rows_all', { thing: thing({ query: 'all', read: 'all' }, { '*': 'hidden', name: 'read' }) }),
  role('note_own', { thing: thing({ query: 'own', read: 'own' }, { '*': 'hidden', note: 'read' }) }),
  role('mask', { thing: thing({ query: 'all', read: 'all' }, { '*': 'read', phone: 'masked' }) }),
  role('clerk', {
    thing: thing(
      { query: 'all', read: 'all', create: 'own', update: 'all' },
      { '*': 'write', amount: 'read', note: 'hidden' },
    ),
  }),
  role('secret_own', {
    thing: thing({ query: 'unit', read: 'unit' }, { '*': 'hidden' }),
    own: thing({ read: 'own' }, { '*': 'hidden', '@sensitive': 'read' }),
  }),
  role('visitor', {
    thing: thing({ query: 'own' }),
    visit: { entity: 'visit', actions: { create: 'own', query: 'own', read: 'own' } },
  }),
  role('prints_own', { thing: thing({ query: 'all', read: 'all', print: 'own' }) }),
  role('no_lines', { thing: thing({ query: 'all', read: 'all', update: 'all' }, { parts: 'hidden' }) }),
];

const LAYER: Layer = {
  name: 'site',
  documents: ROLES.map((document) => ({
    kind: 'role',
    name: document.name,
    document,
    file: `roles/${document.name}.json`,
  })),
};

describeEngines('the gate of records (SEC-01, SEC-05)', (open) => {
  let on: RecordsFixture;
  const ids = new Map<string, string>();
  const codeOf = async (run: Promise<unknown>) =>
    await run.then(
      () => 'done',
      (error: Problem) => error.code,
    );
  const names = async (
    person: 'wang' | 'li' | 'zhao' | 'boss',
    roles: readonly string[],
    request: object = {},
  ) =>
    (
      await on.records.list(on.as(person, roles), 'thing', { fields: ['name'], sort: 'name', ...request })
    ).items.map((item) => item['name']);

  beforeAll(async () => {
    on = await openRecords(await open(), [LAYER]);
    const owners = { wang: on.people.wang, li: on.people.li, zhao: on.people.zhao };
    for (const [index, [name, person]] of Object.entries(owners).entries()) {
      const made = await on.records.create(on.as('boss'), 'thing', {
        name: `of ${name}`,
        owner: person.id,
        unit: person.unit,
        amount: `${(index + 1) * 100}.00`,
        note: `note of ${name}`,
        phone: `010-1111111${index}`,
        secret: `secret of ${name}`,
        parts: [{ item: `line of ${name}`, price: '5.00' }],
      });
      ids.set(name, String(made['id']));
    }
    const entered = await on.records.create(on.as('boss'), 'thing', {
      name: 'by boss',
      owner: on.people.boss.id,
      unit: on.units.press,
    });
    ids.set('boss', String(entered['id']));
  });

  it('shows by each scope the rows it reaches', async () => {
    expect(await names('wang', ['scope_own'])).toEqual(['of wang']);
    expect(await names('boss', ['scope_created'])).toEqual(['by boss', 'of li', 'of wang', 'of zhao']);
    expect(await names('wang', ['scope_created'])).toEqual([]);
    expect(await names('wang', ['scope_unit'])).toEqual(['of wang']);
    expect(await names('wang', ['scope_below'])).toEqual(['of li', 'of wang']);
    expect(await names('li', ['scope_below'])).toEqual(['of li']);
    expect(await names('zhao', ['scope_all'])).toEqual(['by boss', 'of li', 'of wang', 'of zhao']);
    expect(await names('li', ['scope_own', 'scope_unit', 'nobody'])).toEqual(['of li']);
  });

  it('SEC-13 puts no value of a filter in the place of the actor, whatever the filter comes down to', async () => {
    const li = on.people.li.id;
    const everything = { $or: [{ owner: li }, {}] };
    // In both orders, for the first makes the statement that the second finds.
    for (const filter of [{}, everything, {}]) {
      expect(await names('wang', ['scope_own'], { filter })).toEqual(['of wang']);
      const counted = { groupBy: ['name'], measures: { n: { fn: 'count' as const } }, filter };
      expect(await on.records.aggregate(on.as('wang', ['scope_own']), 'thing', counted)).toEqual([
        { name: 'of wang', n: 1 },
      ]);
    }
    for (const filter of [everything, {}])
      expect(await names('wang', ['scope_own'], { filter, sort: '-name' })).toEqual(['of wang']);
  });

  it('SEC-05 counts the values in use that each may read, by rows and by field', async () => {
    const used = (person: 'wang' | 'li', search: string) =>
      on.records.valuesInUse(on.as(person, ['secret_own']), 'thing', 'secret', search);
    expect(await used('wang', 'secret')).toEqual([{ value: 'secret of wang', uses: 1 }]);
    expect(await used('li', 'of')).toEqual([{ value: 'secret of li', uses: 1 }]);
    expect(await used('li', 'wang')).toEqual([]);
  });

  it('SEC-08 lists for printing only the rows one may print', async () => {
    expect(await names('wang', ['prints_own'])).toEqual(['by boss', 'of li', 'of wang', 'of zhao']);
    expect(await names('wang', ['prints_own'], { action: 'print' })).toEqual(['of wang']);
    expect(await names('wang', ['prints_own'], { action: 'export' })).toEqual([]);
  });

  it('denies by default, and answers 404 for what is invisible and 403 for what is refused', async () => {
    const of = (name: string) => String(ids.get(name));
    expect(await codeOf(names('wang', ['nobody']))).toBe('MRT_ACCESS_DENIED');
    expect(await codeOf(names('wang', ['unknown_role']))).toBe('MRT_ACCESS_DENIED');
    expect(await codeOf(on.records.read(on.as('wang', ['nobody']), 'thing', of('wang')))).toBe(
      'MRT_RECORD_NOT_FOUND',
    );
    expect(await codeOf(on.records.read(on.as('wang', ['scope_own']), 'thing', of('li')))).toBe(
      'MRT_RECORD_NOT_FOUND',
    );
    expect(
      await codeOf(on.records.update(on.as('wang', ['scope_own']), 'thing', of('li'), 1, { name: 'x' })),
    ).toBe('MRT_RECORD_NOT_FOUND');
    expect(
      await codeOf(on.records.update(on.as('wang', ['finder']), 'thing', of('li'), 1, { name: 'x' })),
    ).toBe('MRT_ACCESS_DENIED');
    expect(await codeOf(on.records.remove(on.as('wang', ['scope_own']), 'thing', of('li')))).toBe(
      'MRT_RECORD_NOT_FOUND',
    );
    expect(await codeOf(on.records.remove(on.as('wang', ['finder']), 'thing', of('li')))).toBe(
      'MRT_ACCESS_DENIED',
    );
    expect(await codeOf(on.records.history(on.as('wang', ['scope_own']), 'thing', of('li')))).toBe(
      'MRT_RECORD_NOT_FOUND',
    );
    expect(await codeOf(on.records.create(on.as('wang', ['scope_all']), 'thing', { name: 'x' }))).toBe(
      'MRT_ACCESS_DENIED',
    );
    expect(await codeOf(on.records.read(on.as('wang', ['scope_own']), 'thing', 'no-id'))).toBe(
      'MRT_RECORD_NOT_FOUND',
    );
  });

  it('tells with a record what the reader may do with it, in the same statement (UI-04)', async () => {
    const rightsOf = async (person: 'wang' | 'li' | 'boss', roles: readonly string[], of: string) => {
      const id = String(ids.get(of));
      const record = await on.records.read(on.as(person, roles), 'thing', id, { rights: true });
      return record['$rights'];
    };
    expect(await rightsOf('wang', ['finder'], 'li')).toEqual([]);
    expect(await rightsOf('wang', ['finder', 'scope_own'], 'wang')).toEqual(['update', 'delete']);
    expect(await rightsOf('wang', ['finder', 'scope_own'], 'li')).toEqual([]);
    expect(await rightsOf('wang', ['finder', 'scope_below'], 'li')).toEqual(['update', 'delete']);
    expect(await rightsOf('li', ['finder', 'scope_below'], 'wang')).toEqual([]);
    expect(await rightsOf('boss', ['administrator'], 'li')).toEqual([
      'update',
      'delete',
      'void',
      'restore',
      'print',
    ]);
    const asked = on.records.read(on.as('boss'), 'thing', String(ids.get('li')));
    expect(await asked).not.toHaveProperty('$rights');
    expect(await on.db.count(() => rightsOf('li', ['finder', 'scope_own'], 'wang'))).toBe(1);
  });

  it('gives a line the rights of its parent (UI-04)', async () => {
    const of = String(ids.get('wang'));
    const whole = await on.records.read(on.as('boss'), 'thing', of, { include: ['parts'] });
    const [line] = whole['parts'] as { id: string }[];
    const read = (roles: readonly string[]) =>
      on.records.read(on.as('wang', roles), 'thing_line', String(line?.id), { rights: true });
    expect((await read(['scope_own']))['$rights']).toEqual(['update', 'delete']);
    expect((await read(['finder', 'mask']))['$rights']).toEqual([]);
  });

  it('shows identifying fields only to the right to query (SEC-01)', async () => {
    const record = await on.records.read(on.as('li', ['finder']), 'thing', String(ids.get('wang')), {
      include: ['parts'],
    });
    expect(Object.keys(record).sort()).toEqual(['code', 'id', 'name', 'version']);
    const [row] = (
      await on.records.list(on.as('li', ['employee']), 'thing', {
        filter: { name: 'of wang' },
        fields: ['name', 'amount', 'note'],
      })
    ).items;
    expect(row).toMatchObject({ name: 'of wang', amount: null, note: null });
    const employee = await on.records.read(on.as('li', ['employee']), 'thing', String(ids.get('wang')), {
      include: ['parts'],
    });
    expect(Object.keys(employee).sort()).toEqual(['code', 'id', 'name', 'version']);
  });

  it('unites roles per field and never multiplies rows by columns', async () => {
    const rows = (
      await on.records.list(on.as('wang', ['rows_all', 'note_own']), 'thing', {
        fields: ['name', 'note', 'amount'],
        sort: 'name',
      })
    ).items;
    expect(rows.map(({ name, note }) => [name, note])).toEqual([
      ['by boss', null],
      ['of li', null],
      ['of wang', 'note of wang'],
      ['of zhao', null],
    ]);
    expect(rows.every((row) => !('amount' in row))).toBe(true);
  });

  it('lets what is hidden decide nothing: not filter, sort, search, group, measure or cursor (SEC-05)', async () => {
    const wang = on.as('wang', ['sums_own']);
    const filtered = async (filter: object) => await names('wang', ['sums_own'], { filter });
    expect(await filtered({ amount: { $gte: '0' } })).toEqual(['of wang']);
    expect(await filtered({ $not: { amount: { $gte: '1000000' } } })).toEqual(['of wang']);
    expect(await filtered({ amount: { $null: true } })).toEqual([]);
    expect(await filtered({ $not: { amount: { $null: false } } })).toEqual([]);
    expect(await filtered({ amount: { $ne: '1.00' } })).toEqual(['of wang']);
    expect(await filtered({ $or: [{ name: 'of li' }, { amount: { $gt: '0' } }] })).toEqual([
      'of li',
      'of wang',
    ]);
    expect(await names('wang', ['sums_own'], { sort: '-amount' })).toEqual(['of wang']);
    const sums = await on.records.aggregate(wang, 'thing', {
      groupBy: [],
      measures: { n: { fn: 'count' }, sum: { fn: 'sum', field: 'amount' } },
    });
    expect(sums).toEqual([{ n: 1, sum: '100.00' }]);
    expect(
      (await on.records.aggregate(wang, 'thing', { groupBy: ['amount'], measures: { n: { fn: 'count' } } }))
        .length,
    ).toBe(1);
    for (const request of [{ filter: { secret: 'secret of li' } }, { sort: 'secret' }])
      expect(await codeOf(names('wang', ['sums_own'], request))).toBe('MRT_QUERY_FIELD_UNKNOWN');
    expect(await codeOf(on.records.aggregate(wang, 'thing', { groupBy: ['secret'], measures: {} }))).toBe(
      'MRT_QUERY_FIELD_UNKNOWN',
    );
    expect(await names('zhao', ['rows_all'], { search: '11111' })).toEqual([]);
    expect(await names('zhao', ['scope_all'], { search: 'of 11112' })).toEqual(['of zhao']);
    expect(await names('wang', ['scope_below'], { search: '1111' })).toEqual(['of li', 'of wang']);
  });

  it('masks where a grant says so, and a masked value is neither filtered nor searched', async () => {
    const rows = (
      await on.records.list(on.as('zhao', ['mask']), 'thing', {
        fields: ['phone'],
        filter: { name: 'of li' },
      })
    ).items;
    expect(rows[0]?.['phone']).toBe('0***');
    expect(await on.records.read(on.as('zhao', ['mask']), 'thing', String(ids.get('li')))).toMatchObject({
      phone: '0***',
    });
    expect(await names('zhao', ['mask'], { filter: { phone: { $contains: '1' } } })).toEqual([]);
    expect(await names('zhao', ['mask'], { search: '11111' })).toEqual([]);
  });

  it('keeps sensitive fields hidden outside of what names them (SEC-05)', async () => {
    const own = await on.records.read(on.as('wang', ['employee']), 'thing', String(ids.get('wang')));
    const below = await on.records.read(on.as('wang', ['employee']), 'thing', String(ids.get('li')));
    expect(own['secret']).toBe('secret of wang');
    expect(below).toMatchObject({ note: 'note of li' });
    expect('secret' in below).toBe(false);
    expect(
      'secret' in (await on.records.read(on.as('zhao', ['scope_all']), 'thing', String(ids.get('li')))),
    ).toBe(false);
    const [created] = await on.records.history(on.as('wang', ['employee']), 'thing', String(ids.get('li')));
    expect(Object.keys(created?.changes ?? {})).toContain('note');
    expect(Object.keys(created?.changes ?? {})).not.toContain('secret');
  });

  it("applies the other entity's gate through references and children", async () => {
    const wang = on.as('wang', ['employee']);
    const visit = (person: 'wang' | 'li') =>
      on.records.create(on.as('boss'), 'visit', {
        subject: `visit of ${person}`,
        thing: ids.get('wang'),
        owner: on.people[person].id,
        minutes: 5,
      });
    await visit('wang');
    await visit('li');
    const read = await on.records.read(wang, 'thing', String(ids.get('wang')), { include: ['visits'] });
    expect((read['visits'] as Record<string, unknown>[]).map((each) => each['subject'])).toEqual([
      'visit of wang',
    ]);
    expect(await names('wang', ['employee'], { filter: { 'visits.subject': 'visit of wang' } })).toEqual([
      'of wang',
    ]);
    expect(await names('wang', ['employee'], { filter: { 'visits.subject': 'visit of li' } })).toEqual([]);
    expect(await names('wang', ['employee'], { filter: { 'parts.item': 'line of li' } })).toEqual(['of li']);
    expect(await names('li', ['employee'], { filter: { 'parts.item': 'line of wang' } })).toEqual([]);
    expect(await codeOf(names('zhao', ['reader'], { filter: { 'owner.display_name': 'Name of li' } }))).toBe(
      'MRT_QUERY_FIELD_UNKNOWN',
    );
    const [shown] = (
      await on.records.list(on.as('zhao', ['reader']), 'thing', {
        fields: ['owner'],
        display: true,
        filter: { name: 'of zhao' },
      })
    ).items;
    expect(shown).toMatchObject({ owner: on.people.zhao.id });
    expect('owner$display' in (shown ?? {})).toBe(false);
    const [display] = (
      await on.records.list(wang, 'thing', { fields: ['owner'], display: true, filter: { name: 'of li' } })
    ).items;
    expect(display).toMatchObject({ owner$display: 'Name of li' });
  });

  it('gives lines the rights of their parent and of the field that shows them', async () => {
    expect(
      (await on.records.list(on.as('li', ['employee']), 'thing_line', { sort: 'item' })).items.map(
        (line) => line['item'],
      ),
    ).toEqual(['line of li', 'line of wang', 'line of zhao']);
    expect(
      (
        await on.records.list(on.as('li', ['employee']), 'thing_line', { fields: ['price'], sort: 'item' })
      ).items.map((line) => line['price']),
    ).toEqual(['5.00', null, null]);
    expect(
      'parts' in
        (await on.records.read(on.as('li', ['no_lines']), 'thing', String(ids.get('li')), {
          include: ['parts'],
        })),
    ).toBe(false);
    expect(
      await codeOf(
        on.records.list(on.as('li', ['no_lines']), 'thing_line', { filter: { item: 'line of li' } }),
      ),
    ).toBe('MRT_QUERY_FIELD_UNKNOWN');
    expect(
      await codeOf(
        on.records.update(on.as('li', ['no_lines']), 'thing', String(ids.get('li')), 1, { parts: [] }),
      ),
    ).toBe('MRT_ACCESS_FIELD');
  });

  it('refuses what may not be written with its path, and does not tell a hidden value by it', async () => {
    const li = on.as('li', ['clerk']);
    const id = String(ids.get('li'));
    const refused = async (patch: Record<string, unknown>) =>
      await on.records.update(li, 'thing', id, 1, patch).then(
        () => [],
        (error: Problem) => error.faults.map((fault) => [fault.path, fault.code]),
      );
    expect(await refused({ amount: '1.00' })).toEqual([['/amount', 'MRT_ACCESS_FIELD']]);
    expect(await refused({ note: 'note of li' })).toEqual([['/note', 'MRT_ACCESS_FIELD']]);
    expect(await refused({ note: 'a guess' })).toEqual([['/note', 'MRT_ACCESS_FIELD']]);
    expect(await refused({ amount: '200.00' })).toEqual([]);
    const created = await on.records.create(li, 'thing', { name: 'x', amount: '1.00' }).then(
      () => null,
      (error: Problem) => error,
    );
    expect([created?.status, created?.faults.map((fault) => fault.path)]).toEqual([403, ['/amount']]);
  });

  it('gates the new row as well as the old one: nobody gives a record out of his reach', async () => {
    const made = await on.records.create(on.as('wang', ['employee']), 'thing', { name: 'to give' });
    expect(
      await codeOf(
        on.records.update(on.as('wang', ['employee']), 'thing', String(made['id']), 1, {
          owner: on.people.li.id,
        }),
      ),
    ).toBe('MRT_ACCESS_DENIED');
    expect(
      await codeOf(
        on.records.create(on.as('wang', ['employee']), 'thing', { name: 'for li', owner: on.people.li.id }),
      ),
    ).toBe('MRT_ACCESS_DENIED');
  });

  it('refuses a reference to what the writer may not know of, as if it were not there', async () => {
    const fault = async (thingId: unknown) =>
      await on.records.create(on.as('wang', ['visitor']), 'visit', { subject: 'x', thing: thingId }).then(
        () => null,
        (error: Problem) => error.faults[0],
      );
    const invisible = await fault(ids.get('li'));
    expect(invisible).toMatchObject({ path: '/thing', code: 'MRT_VALUE_REFERENCE' });
    expect(await fault('99999999-0000-7000-8000-000000000000')).toEqual(invisible);
    expect(await fault(ids.get('wang'))).toBe(null);
  });
});
