import * as fc from 'fast-check';
import type { StoredGrant } from '../../core/src/access/standing.ts';
import type { FieldLevel, GrantDocument, RecordAction, Scope } from '../../core/src/model/documents.ts';
import type { Filter, Question } from './questions.ts';
import { CONDITIONS, PEOPLE, UNITS, VARIANTS, type Setup } from './setup.ts';

/** A random world and what is asked in it: as many cases as questions. */
export interface GateCase {
  readonly setup: Setup;
  readonly questions: readonly Question[];
}

const SCOPES: readonly Scope[] = [
  'none',
  'own',
  'created',
  'subordinates',
  'unit',
  'below',
  'team',
  'territory',
  'all',
];
const LEVELS: readonly FieldLevel[] = ['hidden', 'masked', 'read', 'write'];
const FIELDS: Readonly<Record<string, readonly string[]>> = {
  thing: [
    'name',
    'code',
    'count',
    'amount',
    'grade',
    'secret',
    'note',
    'tags',
    'owner',
    'parent',
    'parts',
    'visits',
  ],
  visit: ['subject', 'minutes', 'thing', 'owner'],
  thing_line: ['item', 'quantity', 'price'],
  user: ['display_name', 'username', 'email', 'unit'],
  unit: ['name', 'parent'],
  '*': ['name', 'owner', 'amount'],
};
const ENTITIES = [
  'thing',
  'thing',
  'thing',
  'thing',
  'visit',
  'visit',
  'thing_line',
  'user',
  'unit',
  '*',
] as const;

const scope = fc.constantFrom<Scope>(...SCOPES, 'all', 'below', 'own');
const fieldsOf = (entity: string): fc.Arbitrary<Record<string, FieldLevel>> =>
  fc.dictionary(fc.constantFrom(...FIELDS[entity]!, '*', '@sensitive'), fc.constantFrom(...LEVELS), {
    maxKeys: 4,
  });
const conditionOf = (entity: string): fc.Arbitrary<string | undefined> => {
  const fitting = CONDITIONS.filter((each) => each.entity === entity).map(({ cel }) => cel);
  return fitting.length === 0
    ? fc.constant(undefined)
    : fc.option(fc.constantFrom(...fitting), { nil: undefined, freq: 3 });
};
const actions = fc.record(
  {
    query: scope,
    read: scope,
    update: scope,
    delete: scope,
    void: scope,
    restore: scope,
    print: scope,
    export: scope,
  },
  { requiredKeys: ['read'] },
);
const grantOn = (entity: string): fc.Arbitrary<GrantDocument> =>
  fc
    .record({
      effect: fc.constantFrom('allow' as const, 'allow' as const, 'allow' as const, 'deny' as const),
      actions,
      fields: fc.option(fieldsOf(entity), { nil: undefined }),
      when: conditionOf(entity),
    })
    .map(({ effect, actions: given, fields, when }) => ({
      entity,
      ...(effect === 'deny' ? { effect } : {}),
      actions: given,
      ...(fields === undefined ? {} : { fields }),
      ...(when === undefined ? {} : { when }),
    }));
const grant = fc.constantFrom(...ENTITIES).chain(grantOn);
const atMostOne = (names: readonly string[]): fc.Arbitrary<string[]> =>
  fc.constantFrom([], ...names.map((name) => [name]));
const ROLE_NAMES = ['r0', 'r1', 'r2', 'r3'] as const;
const grants = fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd'), grant, { maxKeys: 4 });
const roleAt = (index: number): fc.Arbitrary<Setup['roles'][string]> =>
  fc.record({
    grants,
    inherits: atMostOne(ROLE_NAMES.slice(index + 1)),
  });

const groupNames = ['g0', 'g1', 'g2'];
const groupAt = (index: number): fc.Arbitrary<Setup['groups'][string]> =>
  fc.record({
    roles: atMostOne(ROLE_NAMES),
    within: atMostOne(groupNames.slice(index + 1)),
  });

const until = fc.constantFrom(null, null, null, '2026-11-21', '2026-11-22');
const personalOn = (entity: string): fc.Arbitrary<Omit<StoredGrant, 'id'>> =>
  fc
    .record({
      effect: fc.constantFrom('allow' as const, 'deny' as const),
      isField: fc.boolean(),
      action: fc.constantFrom<RecordAction>('query', 'read', 'read', 'update', 'delete', 'print'),
      scope: fc.constantFrom(null, ...SCOPES.filter((each) => each !== 'none')),
      field: fc.constantFrom(...FIELDS[entity]!),
      level: fc.constantFrom(...LEVELS),
      until,
    })
    .map(({ effect, isField, action, scope: rows, field, level, until: last }) => ({
      user: '',
      effect,
      about: isField ? ('field' as const) : ('action' as const),
      entity,
      action: isField ? null : action,
      scope: rows,
      field: isField ? field : null,
      level: isField ? level : null,
      function: null,
      reason: '',
      until: last,
    }));
const personal = fc
  .array(fc.constantFrom('thing', 'thing', 'visit', 'thing_line', 'user').chain(personalOn), { maxLength: 2 })
  .map((all) => all.map((each, index) => ({ ...each, id: `p${index}` })));

const someone = fc.constantFrom(...Object.values(PEOPLE).map(({ id }) => id));
const team = fc.record({
  team: fc.nat({ max: 1 }),
  leader: fc.option(someone, { nil: null }),
  members: fc.array(someone, { maxLength: 3 }),
  from: fc.constantFrom(null, null, '2026-11-22', '2026-11-23'),
  until,
});

const withheld = fc.subarray(
  [
    'name',
    'code',
    'secret',
    'note',
    'amount',
    'owner',
    'parts',
    'visits',
    'thing_line.price',
    'thing_line.item',
  ],
  { maxLength: 3 },
);
const share = fc
  .record({
    entity: fc.constantFrom('thing' as const, 'thing' as const, 'thing' as const, 'visit' as const),
    record: fc.nat({ max: 29 }),
    to: fc.oneof(someone, fc.constantFrom(...Object.values(UNITS))),
    level: fc.constantFrom('read' as const, 'write' as const),
    until: fc.constantFrom(null, null, '2026-11-21', '2026-11-22'),
    unread: withheld,
    further: withheld,
  })
  .map(({ further, ...each }) => ({ ...each, unwritten: [...new Set([...each.unread, ...further])] }));
const shares = fc.uniqueArray(share, {
  minLength: 4,
  maxLength: 12,
  // Of the visits there are fewer.
  selector: ({ entity, record, to }) => `${entity} ${entity === 'visit' ? record % 24 : record} ${to}`,
});

const STAFF = ['s0', 's1', 's2', 's3'] as const;
const superior = fc.record({ id: someone, supervisor: fc.option(someone, { nil: null }) });
const staff = fc.array(
  fc.record({
    user: fc.option(someone, { nil: null, freq: 4 }),
    supervisor: fc.constantFrom(null, ...STAFF),
    regions: fc.record({ area: fc.subarray(['east', 'sh', 'west']) }),
  }),
  { maxLength: STAFF.length },
);
const filter = fc
  .record({
    unit: fc.constantFrom(...Object.values(UNITS)),
    of: fc.oneof(
      { weight: 9, arbitrary: fc.constantFrom(...CONDITIONS) },
      { weight: 1, arbitrary: fc.constant({ entity: 'thing', cel: 'gone == 1' }) },
    ),
  })
  .map(({ unit, of: { entity, cel } }) => ({ unit, entity, condition: cel }));
const deputy = fc.record({
  owner: someone,
  deputy: someone,
  from: fc.constantFrom('2026-11-01', '2026-11-22', '2026-11-23'),
  until: fc.constantFrom('2026-11-21', '2026-11-22', '2026-12-31'),
  todo: fc.boolean(),
  records: fc.constantFrom(true, false, null),
});
const numbered = <T>(of: fc.Arbitrary<T[]>, letter: string): fc.Arbitrary<(T & { id: string })[]> =>
  of.map((all) => all.map((each, index) => ({ ...each, id: `${letter}${index}` })));

const setup: fc.Arbitrary<Setup> = fc.record({
  variant: fc.nat({ max: VARIANTS.length - 1 }),
  person: fc.constantFrom(
    'wang' as const,
    'wang' as const,
    'li' as const,
    'zhao' as const,
    'boss' as const,
    'nobody' as const,
  ),
  roles: fc.record({ r0: roleAt(0), r1: roleAt(1), r2: roleAt(2), r3: roleAt(3) }),
  ownRoles: fc.subarray([...ROLE_NAMES], { minLength: 1, maxLength: 3 }),
  groups: fc.record({ g0: groupAt(0), g1: groupAt(1), g2: groupAt(2) }),
  ownGroups: atMostOne(groupNames),
  personal,
  teams: fc.array(team, { maxLength: 2 }),
  shares: fc.oneof(fc.constant([]), shares),
  staff: numbered(staff, 's'),
  superiors: fc.array(superior, { maxLength: 4 }),
  filters: numbered(
    fc.oneof(
      { weight: 3, arbitrary: fc.array(filter, { maxLength: 0 }) },
      { weight: 1, arbitrary: fc.array(filter, { minLength: 1, maxLength: 2 }) },
    ),
    'f',
  ),
  deputies: numbered(fc.array(deputy, { maxLength: 2 }), 'd'),
  knowsShares: fc.boolean(),
});

const numbers = fc.integer({ min: 0, max: 4 });
const thingLeaf = fc.oneof(
  fc.record({
    count: fc.oneof(
      numbers,
      fc.record({ $gt: numbers }),
      fc.record({ $lte: numbers }),
      fc.record({ $ne: numbers }),
      fc.record({ $in: fc.array(numbers, { maxLength: 3 }) }),
      fc.record({ $nin: fc.array(numbers, { maxLength: 3 }) }),
      fc.record({ $gte: numbers, $lt: numbers }),
      fc.constant(null),
    ),
  }),
  fc.record({
    grade: fc.oneof(fc.constantFrom('a', 'b', null), fc.record({ $ne: fc.constantFrom('a', 'b') })),
  }),
  fc.record({ name: fc.record({ $contains: fc.constantFrom('T', '1', '%', '甲') }) }),
  fc.record({
    amount: fc.oneof(fc.record({ $gte: fc.constantFrom('0', '2.00', '100') }), fc.constant(null)),
  }),
  fc.record({ secret: fc.oneof(fc.record({ $startsWith: fc.constantFrom('s', 'S1') }), fc.constant(null)) }),
  fc.record({ note: fc.record({ $not: fc.record({ $contains: fc.constant('1') }) }) }),
  fc.record({ tags: fc.record({ $contains: fc.constantFrom('x', 'y') }) }),
  fc.record({ owner: fc.constantFrom('$me', null) }),
  fc.record({ unit: fc.record({ $under: fc.constantFrom(UNITS.sales, UNITS.north) }) }),
  fc.record({ parent: fc.record({ $under: fc.constantFrom('thing:0', 'thing:1', 'thing:4') }) }),
  fc.record({ id: fc.record({ $under: fc.constantFrom('thing:0', 'thing:2') }) }),
  fc.record({
    'owner.display_name': fc.oneof(
      fc.constant('Name of wang'),
      fc.record({ $ne: fc.constant('Name of li') }),
    ),
  }),
  fc.record({
    'parent.count': fc.oneof(numbers, fc.record({ $null: fc.boolean() }), fc.record({ $ne: numbers })),
  }),
  fc.record({ 'parent.owner.display_name': fc.record({ $contains: fc.constant('wang') }) }),
  fc.record({ 'owner.unit.name': fc.constantFrom('Sales', 'North') }),
  fc.record({
    'visits.minutes': fc.oneof(
      fc.record({ $gt: fc.constantFrom(5, 20) }),
      fc.record({ $null: fc.boolean() }),
    ),
  }),
  fc.record({ 'visits.owner.display_name': fc.constant('Name of li') }),
  fc.record({ 'parts.price': fc.record({ $gte: fc.constantFrom('0', '6') }) }),
  fc.record({ 'parts.item': fc.record({ $contains: fc.constantFrom('line', '3') }) }),
);
const visitLeaf = fc.oneof(
  fc.record({
    minutes: fc.oneof(fc.record({ $gt: fc.constantFrom(5, 20) }), fc.record({ $ne: fc.constant(10) })),
  }),
  fc.record({ subject: fc.record({ $contains: fc.constantFrom('visit', '2') }) }),
  fc.record({ owner: fc.constant('$me') }),
  fc.record({ 'thing.name': fc.record({ $contains: fc.constantFrom('T', '甲') }) }),
  fc.record({ 'thing.secret': fc.oneof(fc.constant(null), fc.record({ $startsWith: fc.constant('S') })) }),
  fc.record({ 'thing.owner.unit': fc.constantFrom(UNITS.north, UNITS.press) }),
  fc.record({ 'thing.parts.price': fc.record({ $gte: fc.constant('6') }) }),
);
const lineLeaf = fc.oneof(
  fc.record({ price: fc.oneof(fc.record({ $gte: fc.constantFrom('0', '6') }), fc.constant(null)) }),
  fc.record({ quantity: fc.record({ $lte: numbers }) }),
  fc.record({ 'thing.grade': fc.constantFrom('a', null) }),
);
const userLeaf = fc.oneof(
  fc.record({ display_name: fc.record({ $contains: fc.constantFrom('wang', 'Name') }) }),
  fc.record({ username: fc.constantFrom('li', 'wang') }),
  fc.record({ 'unit.name': fc.constant('Sales') }),
);
const filterOf = (leaf: fc.Arbitrary<Filter>): fc.Arbitrary<Filter> =>
  fc.letrec<{ filter: Filter }>((tie) => ({
    filter: fc.oneof(
      { maxDepth: 3, depthSize: 'small' },
      { weight: 3, arbitrary: leaf },
      { weight: 2, arbitrary: fc.constant({}) },
      { weight: 1, arbitrary: fc.record({ $not: tie('filter') }) },
      { weight: 1, arbitrary: fc.record({ $and: fc.array(tie('filter'), { maxLength: 3 }) }) },
      { weight: 1, arbitrary: fc.record({ $or: fc.array(tie('filter'), { maxLength: 3 }) }) },
    ),
  })).filter;
const FILTERS: Readonly<Record<string, fc.Arbitrary<Filter>>> = {
  thing: filterOf(thingLeaf),
  visit: filterOf(visitLeaf),
  thing_line: filterOf(lineLeaf),
  user: filterOf(userLeaf),
};
const SORTS: Readonly<Record<string, readonly string[]>> = {
  thing: [
    'id',
    'count',
    '-count',
    'grade,-count',
    '-amount',
    'secret',
    'owner.display_name',
    'parent.count,-name',
    'parent.owner.unit.name',
  ],
  visit: ['id', '-minutes', 'subject', 'thing.name', 'thing.secret,-minutes'],
  thing_line: ['id', 'price', '-quantity', 'thing.name'],
  user: ['id', 'display_name', 'unit.name,-username'],
};
const LISTED = ['thing', 'thing', 'thing', 'visit', 'visit', 'thing_line', 'user'] as const;

const list: fc.Arbitrary<Question> = fc.constantFrom(...LISTED).chain((entity) =>
  fc.record({
    kind: fc.constant('list' as const),
    entity: fc.constant(entity),
    filter: FILTERS[entity]!,
    sort: fc.constantFrom('', ...SORTS[entity]!),
    search: entity === 'thing' ? fc.constantFrom('', '', '', 'T', 'T 1', '%', '010') : fc.constant(''),
    state: fc.constantFrom(
      'live' as const,
      'live' as const,
      'all' as const,
      'void' as const,
      'deleted' as const,
    ),
    action: fc.constantFrom(null, null, null, 'print' as const, 'export' as const),
    page: fc.constantFrom(3, 1000, 1000),
  }),
);
const MEASURES: Readonly<Record<string, readonly string[]>> = {
  thing: ['count', 'amount', 'parent.amount'],
  visit: ['minutes', 'thing.count'],
  thing_line: ['price', 'quantity'],
  user: [],
};
const GROUPS: Readonly<Record<string, readonly string[]>> = {
  thing: ['grade', 'owner', 'secret', 'owner.display_name', 'parent.grade', 'unit.name'],
  visit: ['owner', 'thing.grade', 'minutes', 'thing.owner'],
  thing_line: ['thing', 'quantity', 'thing.grade'],
  user: ['unit', 'email'],
};
const aggregate: fc.Arbitrary<Question> = fc.constantFrom(...LISTED).chain((entity) =>
  fc
    .record({
      groupBy: fc.subarray([...GROUPS[entity]!], { maxLength: Math.min(2, GROUPS[entity]!.length) }),
      fn: fc.constantFrom('count' as const, 'sum' as const, 'min' as const, 'max' as const),
      field: fc.constantFrom(null, ...MEASURES[entity]!),
      filter: FILTERS[entity]!,
    })
    .map(({ groupBy, fn, field, filter }) => ({
      kind: 'aggregate' as const,
      entity,
      groupBy,
      fn: field === null ? ('count' as const) : fn,
      field,
      filter,
    })),
);
const values: fc.Arbitrary<Question> = fc.oneof(
  fc.record({
    kind: fc.constant('values' as const),
    entity: fc.constant('thing'),
    field: fc.constantFrom('tags', 'name', 'secret', 'phone'),
    search: fc.constantFrom('', 'T', '1', 'x'),
  }),
  fc.record({
    kind: fc.constant('values' as const),
    entity: fc.constant('visit'),
    field: fc.constantFrom('subject'),
    search: fc.constantFrom('', '2'),
  }),
);
const which = fc.nat({ max: 29 });
const read: fc.Arbitrary<Question> = fc.oneof(
  fc.record({
    kind: fc.constant('read' as const),
    entity: fc.constant('thing'),
    record: which,
    include: fc.subarray(['parts', 'visits']),
  }),
  fc.record({
    kind: fc.constant('read' as const),
    entity: fc.constantFrom('visit', 'thing_line', 'user'),
    record: which,
    include: fc.constant([]),
  }),
);
const history: fc.Arbitrary<Question> = fc.record({
  kind: fc.constant('history' as const),
  entity: fc.constantFrom('thing', 'thing', 'visit'),
  record: which,
});
const find: fc.Arbitrary<Question> = fc.record({
  kind: fc.constant('find' as const),
  text: fc.constantFrom(
    'Thing 7',
    '甲 4',
    'Thing',
    '01010000003',
    'Name of li',
    'visit 3',
    'S7',
    'note 3',
    'thnig 7',
  ),
});
const write: fc.Arbitrary<Question> = fc
  .record({
    operation: fc.constantFrom('update' as const, 'update' as const, 'delete' as const, 'void' as const),
    entity: fc.constantFrom('thing', 'thing', 'visit'),
    records: fc.array(which, { minLength: 1, maxLength: 3 }),
    of: fc.nat({ max: 3 }),
  })
  .map(({ operation, entity, records, of }) => ({
    kind: 'write' as const,
    operation,
    entity,
    records: [...new Set(records)],
    patch:
      entity === 'visit'
        ? [{ minutes: 99 }, { subject: 'zz' }, { minutes: 1 }, { subject: 'yy', minutes: 40 }][of]!
        : [{ note: 'zz' }, { count: 99 }, { amount: '77.00' }, { secret: 'zz', name: 'yy' }][of]!,
  }));

const question: fc.Arbitrary<Question> = fc.oneof(
  { weight: 10, arbitrary: list },
  { weight: 3, arbitrary: aggregate },
  { weight: 1, arbitrary: values },
  { weight: 3, arbitrary: read },
  { weight: 1, arbitrary: history },
  { weight: 1, arbitrary: find },
  { weight: 1, arbitrary: write },
);

/** Worlds with `questions` questions each. */
export function gateCases(questions: number): fc.Arbitrary<GateCase> {
  return fc.record({ setup, questions: fc.array(question, { minLength: questions, maxLength: questions }) });
}
