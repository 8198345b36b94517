import * as fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import { bindAccess } from '../access/bind-access.ts';
import { compileAccess } from '../access/compile-access.ts';
import { unitTreeOf } from '../access/unit-tree.ts';
import type { PersonalGrant } from '../access/personal-grant.ts';
import { personalOf } from '../access/standing.ts';
import type { Context } from '../context/context.ts';
import { Problem } from '../errors/problem.ts';
import type { FieldLevel, GrantDocument, RecordAction, RoleDocument, Scope } from '../model/documents.ts';
import type { RecordData } from '../records/records.ts';
import { openRecords, type RecordsFixture } from '../records/test-records.ts';
import type { Transaction } from '../store/database.ts';
import { describeEngines } from '../testing/databases.ts';
import { label } from '../testing/sample-documents.ts';
import { explainAccess, explainFunction } from './explain-access.ts';
import type { Explanation } from './explanation.ts';
import type { Subject } from './judge.ts';
import { loadFacts } from './record-facts.ts';
import { whoMay } from './who-may.ts';

/*
 * Random roles, and the explanation held against what the records engine really does: every write is tried and
 * rolled back (SEC-04, DESIGN §5).
 */

const SCOPES: readonly Scope[] = ['none', 'own', 'created', 'unit', 'team', 'below', 'all', 'all'];
/** Conditions of roles, on what the records of the test differ in. */
const CONDITIONS = [
  "grade == 'a'",
  'count > 5',
  'count == null || count < 3',
  "name.endsWith('1') && owner == user.id",
  'unit != user.unit',
  'start_on >= today()',
  "size(user.roles) > 0 && secret == 'secret 2'",
] as const;
const LEVELS: readonly FieldLevel[] = ['hidden', 'masked', 'read', 'write'];
const FIELDS = ['name', 'note', 'secret', 'count', 'total'] as const;
const ACTIONS: readonly RecordAction[] = ['query', 'read', 'create', 'update', 'void', 'delete', 'restore'];

const scope = fc.constantFrom(...SCOPES);
const actions = fc.record(
  { query: scope, read: scope, create: scope, update: scope, void: scope, delete: scope, restore: scope },
  { requiredKeys: ['read', 'update', 'create', 'void', 'delete', 'restore'] },
);
/** A refusal is of few things, or nothing would be left. */
const refused = fc.record(
  { query: scope, read: scope, create: scope, update: scope, void: scope, delete: scope, restore: scope },
  { requiredKeys: [] },
);
const levels = fc.dictionary(
  fc.constantFrom(...FIELDS, 'parts', 'item', '*', '@sensitive'),
  fc.constantFrom(...LEVELS),
  { maxKeys: 4 },
);
/** Only what stands for itself may have a condition. */
const conditional = (document: GrantDocument, when: string | null): GrantDocument =>
  when !== null && document.entity === 'thing' ? { ...document, when } : document;
const when = fc.option(fc.constantFrom(...CONDITIONS), { freq: 2 });
const denial: fc.Arbitrary<GrantDocument> = fc
  .tuple(
    fc.record({
      entity: fc.constantFrom('thing', 'thing', 'thing_line', '*'),
      actions: refused,
      effect: fc.constant('deny' as const),
      fields: fc.option(levels, { nil: undefined }),
    }),
    when,
  )
  .map(([{ fields, ...document }, condition]) =>
    conditional(fields ? { ...document, fields } : document, condition),
  );
const allowance: fc.Arbitrary<GrantDocument> = fc
  .tuple(
    fc.record({
      entity: fc.constantFrom('thing', 'thing', 'thing', 'thing_line', '*'),
      actions,
      fields: fc.option(levels, { nil: {} }),
    }),
    when,
  )
  .map(([document, condition]) => conditional(document, condition));
const grant = fc.oneof({ weight: 4, arbitrary: allowance }, { weight: 1, arbitrary: denial });
const personal: fc.Arbitrary<PersonalGrant> = fc
  .record({
    effect: fc.constantFrom('allow' as const, 'deny' as const),
    about: fc.constantFrom('action' as const, 'action' as const, 'field' as const),
    entity: fc.constantFrom('thing', 'thing', 'thing_line'),
    action: fc.constantFrom<RecordAction>('query', 'read', 'create', 'update', 'void', 'delete', 'restore'),
    scope: fc.constantFrom<Exclude<Scope, 'none'>>('own', 'created', 'unit', 'team', 'below', 'all', 'all'),
    field: fc.constantFrom(...FIELDS),
    level: fc.constantFrom(...LEVELS),
  })
  .map((stored) =>
    personalOf({
      id: JSON.stringify(stored),
      user: '',
      function: null,
      reason: 'because',
      until: null,
      ...stored,
    }),
  );
interface Case {
  readonly grants: readonly Record<string, GrantDocument>[];
  readonly personal: readonly PersonalGrant[];
  readonly person: 'wang' | 'li' | 'zhao';
  readonly action: RecordAction;
  readonly row: number;
  readonly line: boolean;
  readonly field: string | null;
}
const cases: fc.Arbitrary<Case> = fc.record({
  grants: fc.array(fc.dictionary(fc.constantFrom('a', 'b'), grant, { minKeys: 1, maxKeys: 2 }), {
    minLength: 1,
    maxLength: 2,
  }),
  personal: fc.oneof(
    { weight: 2, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: fc.uniqueArray(personal, { maxLength: 3, selector: ({ id }) => id }) },
  ),
  person: fc.constantFrom('wang' as const, 'li' as const, 'zhao' as const),
  action: fc.constantFrom(...ACTIONS, 'update', 'read', 'void', 'restore'),
  row: fc.nat(11),
  line: fc.boolean(),
  field: fc.option(fc.constantFrom(...FIELDS)),
});

/** Rows may be queried, not read: a field that only reading shows is held by no reason. Found at random once. */
const QUERIED_ONLY: Case = {
  grants: [
    {
      a: {
        entity: 'thing',
        actions: { query: 'all', read: 'none', create: 'none', update: 'none', delete: 'none' },
        fields: {},
      },
    },
  ],
  personal: [],
  person: 'wang',
  action: 'query',
  row: 0,
  line: false,
  field: 'note',
};

/** Codes by which the engine refuses for want of a right, or because the record's state forbids it. */
const REFUSALS: ReadonlySet<string> = new Set([
  'MRT_ACCESS_DENIED',
  'MRT_ACCESS_FIELD',
  'MRT_RECORD_NOT_FOUND',
  'MRT_RECORD_STATE',
]);

/** Names roles apart over both engines: what the engine keeps of a set of roles is kept by their names. */
let number = 0;

/** Lines have no state of their own, and only what was deleted can come back: of such cases some will do. */
function telling(given: Case): Case {
  const ofState = given.action === 'void' || given.action === 'restore';
  const line = given.line && !(ofState && given.row % 4 > 0);
  return {
    ...given,
    line,
    row: given.action === 'restore' && given.person !== 'zhao' ? given.row | 3 : given.row,
  };
}

class RollBack extends Error {}

describeEngines('explanations against the gate itself (SEC-04)', (open) => {
  let on: RecordsFixture;
  const things: RecordData[] = [];
  const lines: RecordData[] = [];

  beforeAll(async () => {
    on = await openRecords(await open());
    const owners = [on.people.wang, on.people.li, on.people.zhao, on.people.boss];
    for (let index = 0; index < 12; index += 1) {
      const owner = owners[index % 4]!;
      const creator = index % 5 === 0 ? on.as('wang', ['administrator']) : on.as('boss');
      const made = await on.records.create(creator, 'thing', {
        name: `Thing ${index}`,
        note: `note ${index}`,
        secret: `secret ${index}`,
        count: index === 6 ? null : index,
        grade: index % 2 === 0 ? 'a' : 'b',
        start_on: index % 3 === 0 ? '2001-01-01' : '2999-12-31',
        owner: owner.id,
        unit: index % 3 === 0 ? on.units.north : owner.unit,
        parts: [{ item: `part ${index}` }],
      });
      const id = String(made['id']);
      const read = await on.records.read(on.as('boss'), 'thing', id, {
        fields: ['name', 'note', 'secret', 'version'],
        include: ['parts'],
      });
      const isDeleted = index % 4 === 3;
      if (isDeleted) await on.records.remove(on.as('boss'), 'thing', id);
      things.push({ ...read, version: Number(read['version']) + (isDeleted ? 1 : 0) });
      lines.push((read['parts'] as RecordData[])[0]!);
    }
  });

  const contextOf = ({
    grants,
    personal: own,
    person,
  }: Pick<Case, 'grants' | 'personal' | 'person'>): Context => {
    number += 1;
    const roles = grants.map((each, index): RoleDocument => ({
      name: `why_${number}_${index}`,
      label: label(`Role ${index}`),
      grants: each,
    }));
    const names = roles.map((role) => role.name);
    const base = on.as(person, names);
    const model = { ...on.model, roles: new Map(roles.map((role) => [role.name, role])) };
    const tree = unitTreeOf([
      { id: on.units.sales, parent: null },
      { id: on.units.north, parent: on.units.sales },
      { id: on.units.press, parent: null },
    ]);
    // Wang and Li are in one business team.
    const mates = person === 'zhao' ? [] : [on.people.wang.id, on.people.li.id];
    const compiled = compileAccess(model, names, own);
    return {
      ...base,
      model,
      access: bindAccess(compiled, { ...base.actor, mates }, tree, base.now),
      actor: { ...base.actor, roles: compiled.roles },
    };
  };
  const subjectOf = ({ actor, access }: Context): Subject => ({
    id: actor.id,
    username: actor.username,
    displayName: actor.displayName,
    roles: access.compiled.roles,
    personal: access.compiled.personal,
    groups: [],
    circumstances: access.compiled.circumstances,
    active: true,
    parameters: access.parameters,
  });

  /** Tries something and takes it back: was it refused for want of a right? */
  const permitted = async (attempt: (tx: Transaction) => Promise<unknown>): Promise<boolean> => {
    try {
      await on.db.transaction(async (tx) => {
        await attempt(tx);
        throw new RollBack();
      });
    } catch (error) {
      if (error instanceof RollBack) return true;
      if (error instanceof Problem) return !REFUSALS.has(error.code) && !isFaultOfPlace(error);
      throw error;
    }
    throw new Error('neither done nor refused');
  };
  /** A calculated field takes no value, and a line needs a record above it that is not in the recycle bin. */
  const isFaultOfPlace = (error: Problem): boolean =>
    error.code === 'MRT_RECORD_INVALID' &&
    error.faults.some(({ path }) => path === '/total' || path === '/thing');

  const explain = async (context: Context, given: Case): Promise<Explanation> => {
    const entity = context.model.entities.get(given.line ? 'thing_line' : 'thing')!;
    const row = given.line ? lines[given.row] : things[given.row];
    let facts =
      given.action === 'create' ? null : await loadFacts(on.db, context.model, entity, String(row!['id']));
    if (given.action === 'create' && given.line) {
      const above = await loadFacts(
        on.db,
        context.model,
        context.model.entities.get('thing')!,
        String(things[given.row]!['id']),
      );
      facts = { id: above!.id, row: {}, up: above!.row, deleted: above!.deleted };
    }
    const field = given.field === null ? null : (entity.fields.get(given.field) ?? null);
    return explainAccess(
      context.model,
      subjectOf(context),
      { action: given.action, entity, field, facts },
      'en',
    );
  };

  const gate = async (context: Context, given: Case): Promise<boolean> => {
    const entity = given.line ? 'thing_line' : 'thing';
    const row = (given.line ? lines : things)[given.row]!;
    const id = String(row['id']);
    const { records } = on;
    const value = given.field === 'count' ? 99 : 'Other';
    const patch = given.field === null ? {} : { [given.field]: value };
    if (given.action === 'create') {
      const required = given.line ? { thing: things[given.row]!['id'], item: 'new' } : {};
      const name = given.line ? {} : { name: value };
      const input = { ...required, ...name };
      return await permitted((tx) => records.create(context, entity, input, undefined, tx));
    }
    if (given.action === 'update')
      return await permitted((tx) =>
        records.update(context, entity, id, Number(row['version']), patch, undefined, tx),
      );
    if (given.action === 'delete')
      return await permitted((tx) => records.remove(context, entity, id, undefined, tx));
    if (given.action === 'restore')
      return await permitted((tx) => records.restore(context, entity, id, undefined, tx));
    if (given.action === 'void')
      return await permitted((tx) => records.setVoid(context, entity, id, true, undefined, tx));
    const read = await records
      .read(context, entity, id, given.field === null ? { fields: ['id'] } : { fields: [given.field] })
      .catch((error: unknown) => {
        if (error instanceof Problem && error.code === 'MRT_RECORD_NOT_FOUND') return null;
        throw error;
      });
    if (read === null) return false;
    if (given.action === 'query' && given.field === null) return true;
    if (given.field !== null) return read[given.field] === row[given.field];
    // To read whole is more than to know of it: asked of the gate's own predicate.
    const values: unknown[] = [id];
    const predicate = context.access.entity(context.model.entities.get(entity)!).rows('read');
    const where = predicate('t', (bound) => `$${values.push(bound)}`);
    const table = context.model.entities.get(entity)!.table;
    return (
      (await on.db.query({ text: `select 1 from "${table}" t where t.id = $1 and ${where}`, values }))
        .length > 0
    );
  };

  const tally = new Map<string, number>();
  const count = (key: string): void => void tally.set(key, (tally.get(key) ?? 0) + 1);

  it('SEC-04 allowed is exactly what the records engine then does, and some reason holds exactly then', async () => {
    await fc.assert(
      fc.asyncProperty(cases, async (any) => {
        const drawn = telling(any);
        const fielded = !drawn.line && ['read', 'query', 'update', 'create'].includes(drawn.action);
        // What is calculated has no text to compare.
        const reads = drawn.action === 'read' || drawn.action === 'query';
        const readable = !(reads && ['total', 'count'].includes(drawn.field ?? ''));
        // A new value may take the record out of a condition, which is refused of the record as it would be.
        const conditions = drawn.grants.flatMap((each) => Object.values(each).flatMap((of) => of.when ?? []));
        const asked = conditions.some((each) => each.includes(drawn.field ?? 'nothing'));
        const wished = drawn.action === 'update' && asked ? 'note' : drawn.field;
        const field = fielded && readable ? wished : null;
        // A new thing needs its name, whatever else is asked: of fields only the name is tried.
        const given = { ...drawn, field: drawn.action === 'create' && field !== null ? 'name' : field };
        const context = contextOf(given);
        const told = await explain(context, given);
        const done = await gate(context, given);
        count(`${given.action} ${told.allowed ? 'yes' : 'no'}`);
        expect({ ...given, allowed: told.allowed, told }).toEqual({ ...given, allowed: done, told });
        const kinds = told.obstacles.map(({ kind }) => kind);
        const holds = told.reasons.some((reason) => reason.holds);
        if (kinds.length === 0) expect(holds).toBe(told.allowed);
        else expect(told.allowed).toBe(false);
        expect(told.sentence).toContain(told.allowed ? ' may ' : ' may not ');
      }),
      { numRuns: Number(process.env['EXPLAIN_RUNS'] ?? 400), examples: [[QUERIED_ONLY]] },
    );
    for (const action of ACTIONS)
      for (const answer of ['yes', 'no'])
        expect(tally.get(`${action} ${answer}`) ?? 0, `${action} ${answer}`).toBeGreaterThan(0);
  });

  it('SEC-01 lists exactly the records of which it says that they may be queried', async () => {
    const some = cases.filter(({ line }) => !line);
    await fc.assert(
      fc.asyncProperty(some, async (drawn) => {
        const context = contextOf(drawn);
        const told: unknown[] = [];
        for (const [row, thing] of things.entries()) {
          const answer = await explain(context, { ...drawn, row, action: 'query', field: null });
          if (answer.allowed && row % 4 !== 3) told.push(thing['id']);
        }
        const listed = await on.records
          .list(context, 'thing', { fields: ['id'], limit: 100 })
          .catch((error: unknown) => {
            if (error instanceof Problem && error.code === 'MRT_ACCESS_DENIED') return { items: [] };
            throw error;
          });
        expect(listed.items.map(({ id }) => id).toSorted()).toEqual(told.toSorted());
      }),
      { numRuns: 60 },
    );
  });

  it('SEC-05 names the level of masked and sensitive fields as the record shows them', async () => {
    const shown = { masked: 0, hidden: 0, read: 0 };
    await fc.assert(
      fc.asyncProperty(cases, fc.constantFrom('name', 'note', 'secret'), async (drawn, field) => {
        const given = { ...drawn, line: false, action: 'read' as const, field };
        const context = contextOf(given);
        const { allowed, level } = await explain(context, given);
        const row = things[given.row]!;
        const read = await on.records
          .read(context, 'thing', String(row['id']), { fields: [field] })
          .catch((error: unknown) => {
            if (error instanceof Problem && error.code === 'MRT_RECORD_NOT_FOUND') return null;
            throw error;
          });
        if (read === null) return;
        const value = read[field] ?? null;
        const seen = value === null ? 'hidden' : value === row[field] ? 'read' : 'masked';
        shown[seen] += 1;
        if (allowed) expect(seen).toBe('read');
        // One may be let write what one may not read.
        else if (level === 'write') expect(seen).not.toBe('read');
        else expect(seen).toBe(level);
      }),
      { numRuns: 250 },
    );
    expect(Math.min(shown.masked, shown.hidden, shown.read)).toBeGreaterThan(0);
  });

  it('SEC-04 finds the same people who may see a record as asking each of them', async () => {
    const entity = on.model.entities.get('thing')!;
    const people = (['boss', 'wang', 'li', 'zhao'] as const).map((name) => subjectOf(on.as(name)));
    for (const thing of things) {
      const facts = (await loadFacts(on.db, on.model, entity, String(thing['id'])))!;
      const found = whoMay(on.model, entity, facts, people, 'zh-CN');
      for (const person of ['boss', 'wang', 'li', 'zhao'] as const) {
        const one = found.find(({ user }) => user.username === person);
        const told = explainAccess(
          on.model,
          subjectOf(on.as(person)),
          { action: 'read', entity, field: null, facts },
          'en',
        );
        expect(one?.read ?? false).toBe(told.allowed);
        const seen = await on.records.read(on.as(person), 'thing', facts.id).then(
          () => true,
          () => false,
        );
        expect(one !== undefined).toBe(seen);
        if (one) expect(one.reasons.length).toBeGreaterThan(0);
      }
    }
  });

  it('SEC-04 says it in a sentence in both languages, naming role, grant and scope', async () => {
    const entity = on.model.entities.get('thing')!;
    const wang = subjectOf(on.as('wang'));
    const facts = await loadFacts(on.db, on.model, entity, String(things[1]!['id']));
    const told = (locale: 'en' | 'zh-CN', action: RecordAction) =>
      explainAccess(on.model, wang, { action, entity, field: null, facts }, locale);
    expect(told('en', 'update').sentence).toBe(
      'wang may not change this “Thing”. The role “Employee”, grant “thing”, allows to change “Thing”: own records; it is not one of them.',
    );
    expect(told('zh-CN', 'update').sentence).toBe(
      'wang不能修改这条“Thing中”。角色“Employee中”的授权“thing”允许修改“Thing中”:本人负责的记录,此记录不在其中。',
    );
    expect(told('en', 'query')).toMatchObject({
      allowed: true,
      reasons: [
        { role: 'employee', grant: 'thing', right: 'query', scope: 'all', holds: true },
        { right: 'read', scope: 'below', holds: true },
        { grant: 'secret', right: 'read', scope: 'own', holds: false },
      ],
    });
    const gone = { ...wang, roles: ['ghost'] };
    const refused = explainAccess(on.model, gone, { action: 'read', entity, field: null, facts: null }, 'en');
    expect(refused.reasons).toEqual([
      expect.objectContaining({
        role: 'ghost',
        grant: null,
        holds: false,
        sentence: expect.stringContaining('does not exist any more'),
      }),
    ]);
    const disabled = explainAccess(
      on.model,
      { ...wang, active: false },
      { action: 'query', entity, field: null, facts },
      'en',
    );
    expect(disabled).toMatchObject({ allowed: false, obstacles: [{ kind: 'account' }] });
  });

  it('SEC-06 explains a function permission as the gate answers it', () => {
    for (const person of ['boss', 'wang'] as const)
      for (const name of ['metadata.configure', 'anything'])
        expect(explainFunction(on.model, subjectOf(on.as(person)), name, 'en').allowed).toBe(
          on.as(person).access.mayUse(name),
        );
    expect(explainFunction(on.model, subjectOf(on.as('boss')), 'x.y', 'zh-CN').sentence).toBe(
      'boss有功能权限“x.y”。角色“Administrator中”授予功能权限“x.y”(经“*”)。',
    );
  });
});
