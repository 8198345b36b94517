import * as fc from 'fast-check';
import { isDeepStrictEqual } from 'node:util';
import { beforeAll, expect, it } from 'vitest';
import { bindAccess } from '../access/bind-access.ts';
import { compileAccess } from '../access/compile-access.ts';
import { unitTreeOf } from '../access/unit-tree.ts';
import type { Context } from '../context/context.ts';
import { Problem } from '../errors/problem.ts';
import type { FieldLevel, GrantDocument, RoleDocument, Scope } from '../model/documents.ts';
import { describeEngines } from '../testing/databases.ts';
import { label } from '../testing/sample-documents.ts';
import type { RecordData } from './records.ts';
import { openRecords, type RecordsFixture } from './test-records.ts';

/*
 * Random roles, filters, orders and searches against a naive oracle that knows no SQL: it walks over all records in
 * memory and asks, cell by cell, whether some grant shows it (SEC-01, SEC-05, DESIGN §5).
 */

interface Thing {
  readonly id: string;
  readonly [field: string]: unknown;
}
type Filter = Record<string, unknown>;

const SCOPES: readonly Scope[] = ['none', 'own', 'created', 'unit', 'below', 'all'];
const LEVELS: readonly FieldLevel[] = ['hidden', 'masked', 'read', 'write'];
const FIELDS = ['name', 'count', 'amount', 'grade', 'secret', 'note', 'tags'] as const;
const IDENTIFYING: ReadonlySet<string> = new Set(['name', 'code', 'id', 'version']);
/** Fields whose masked value is shown; others are empty. */
const MASKED: ReadonlySet<string> = new Set(['name', 'secret', 'note']);
const SENSITIVE: ReadonlySet<string> = new Set(['secret']);

const scope = fc.constantFrom(...SCOPES, 'all' as const, 'below' as const);
const grant: fc.Arbitrary<GrantDocument> = fc.record({
  entity: fc.constantFrom('thing', 'thing', 'thing', '*'),
  actions: fc.record({ query: scope, read: scope }, { requiredKeys: ['read'] }),
  fields: fc.option(
    fc.dictionary(
      fc.constantFrom(...FIELDS, 'owner', 'parent', '*', '@sensitive'),
      fc.constantFrom(...LEVELS),
      { maxKeys: 4 },
    ),
    { nil: {} },
  ),
});
const userGrant: fc.Arbitrary<GrantDocument> = fc.record({
  entity: fc.constant('user'),
  actions: fc.record({ query: scope, read: scope }, { requiredKeys: [] }),
});
const roleGrants = fc.dictionary(
  fc.constantFrom('a', 'b', 'c'),
  fc.oneof({ weight: 4, arbitrary: grant }, { weight: 1, arbitrary: userGrant }),
  { minKeys: 1, maxKeys: 3 },
);

const numbers = fc.integer({ min: 0, max: 4 });
const leaf: fc.Arbitrary<Filter> = fc.oneof(
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
    grade: fc.oneof(
      fc.constantFrom('a', 'b', null),
      fc.record({ $ne: fc.constantFrom('a', 'b') }),
      fc.record({ $null: fc.boolean() }),
    ),
  }),
  fc.record({ name: fc.record({ $contains: fc.constantFrom('T', '1', '%', '甲') }) }),
  fc.record({
    amount: fc.oneof(
      fc.record({ $gte: fc.constantFrom('0', '2.00', '100') }),
      fc.record({ $null: fc.boolean() }),
    ),
  }),
  fc.record({
    secret: fc.oneof(
      fc.record({ $startsWith: fc.constantFrom('s', 'S1') }),
      fc.record({ $null: fc.boolean() }),
    ),
  }),
  fc.record({ note: fc.record({ $not: fc.record({ $contains: fc.constant('1') }) }) }),
  fc.record({
    tags: fc.oneof(fc.record({ $contains: fc.constantFrom('x', 'y') }), fc.record({ $null: fc.boolean() })),
  }),
  fc.record({ owner: fc.constantFrom('$me', null) }),
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
);
const filters: fc.Arbitrary<Filter> = fc.letrec<{ filter: Filter }>((tie) => ({
  filter: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    { weight: 3, arbitrary: leaf },
    { weight: 1, arbitrary: fc.record({ $not: tie('filter') }) },
    { weight: 1, arbitrary: fc.record({ $and: fc.array(tie('filter'), { maxLength: 3 }) }) },
    { weight: 1, arbitrary: fc.record({ $or: fc.array(tie('filter'), { maxLength: 3 }) }) },
  ),
})).filter;
const sorts = fc.constantFrom(
  '',
  'id',
  'count',
  '-count',
  'grade,-count',
  '-amount',
  'secret',
  'owner.display_name',
  'parent.count,-name',
);
const searches = fc.constantFrom('', '', '', 'T', 'T 1', '%', '010');
const people = fc.constantFrom('wang' as const, 'li' as const, 'zhao' as const);

interface Case {
  readonly grants: readonly Record<string, GrantDocument>[];
  readonly person: 'wang' | 'li' | 'zhao';
  readonly filter: Filter;
  readonly sort: string;
  readonly search: string;
}
const cases: fc.Arbitrary<Case> = fc.record({
  grants: fc.array(roleGrants, { minLength: 1, maxLength: 3 }),
  person: people,
  filter: filters,
  sort: sorts,
  search: searches,
});

/** A field that no grant can ever show: using it is an error. */
class NeverReadable extends Error {}

class Oracle {
  readonly #things: readonly Thing[];
  readonly #users: readonly Thing[];
  readonly #grants: readonly Record<string, GrantDocument>[];
  readonly #me: { readonly id: string; readonly unit: string; readonly units: readonly string[] };

  constructor(
    things: readonly Thing[],
    users: readonly Thing[],
    grants: Case['grants'],
    me: { id: string; unit: string; units: readonly string[] },
  ) {
    this.#things = things;
    this.#users = users;
    this.#grants = grants;
    this.#me = me;
  }

  #applying(entity: string): GrantDocument[] {
    return this.#grants.flatMap((role) => {
      const all = Object.values(role);
      const own = all.filter((each) => each.entity === entity);
      return own.length > 0 ? own : all.filter((each) => each.entity === '*');
    });
  }

  #within(row: Thing, reach: Scope | undefined): boolean {
    const { id, unit, units } = this.#me;
    if (reach === 'all') return true;
    if (reach === 'own') return row['owner'] === id;
    if (reach === 'created') return row['created_by'] === id;
    if (reach === 'unit') return row['unit'] === unit;
    return reach === 'below' && units.includes(String(row['unit']));
  }

  /** Is there any row that could be seen? */
  sees(entity: string): boolean {
    return this.#applying(entity).some(({ actions }) =>
      [actions.query, actions.read].some((reach) => reach !== undefined && reach !== 'none'),
    );
  }

  visible(entity: string, row: Thing): boolean {
    return this.#applying(entity).some(
      ({ actions }) => this.#within(row, actions.query) || this.#within(row, actions.read),
    );
  }

  #level(field: string, each: GrantDocument): FieldLevel {
    const fields = each.fields ?? {};
    return (
      fields[field] ?? (SENSITIVE.has(field) ? (fields['@sensitive'] ?? 'hidden') : (fields['*'] ?? 'write'))
    );
  }

  #shows(entity: string, field: string, each: GrantDocument, row: Thing | null): boolean {
    const identifying = entity === 'user' ? field === 'display_name' : IDENTIFYING.has(field);
    const scopes = [each.actions.read, ...(identifying ? [each.actions.query] : [])];
    return scopes.some((reach) =>
      row === null ? reach !== undefined && reach !== 'none' : this.#within(row, reach),
    );
  }

  /** `row` null: is there any row in which it could be read? */
  readable(
    entity: string,
    field: string,
    row: Thing | null,
    levels: readonly FieldLevel[] = ['read', 'write'],
  ): boolean {
    if (field === 'id') return row === null || this.visible(entity, row);
    return this.#applying(entity).some(
      (each) => levels.includes(this.#level(field, each)) && this.#shows(entity, field, each, row),
    );
  }

  /** The value at a path, or null in `cell` when it may not be read. */
  #cell(entity: string, row: Thing, path: readonly string[]): { readonly value: unknown } | null {
    const [first = '', ...rest] = path;
    if (!this.readable(entity, first, null, LEVELS.slice(1))) throw new NeverReadable(first);
    const target = first === 'owner' ? 'user' : 'thing';
    const record = (target === 'user' ? this.#users : this.#things).find((each) => each.id === row[first]);
    if (rest.length > 0) {
      if (
        ![...this.#users, ...this.#things].some(() =>
          this.#applying(target).some(({ actions }) =>
            [actions.query, actions.read].some((reach) => reach !== undefined && reach !== 'none'),
          ),
        )
      )
        throw new NeverReadable(first);
      this.#declared(target, rest);
    }
    if (!this.readable(entity, first, row)) return null;
    if (rest.length === 0) return { value: row[first] ?? null };
    if (row[first] === null || row[first] === undefined) return { value: null };
    return record && this.visible(target, record) ? this.#cell(target, record, rest) : null;
  }

  /** The rest of a path is checked also where no record is reached. */
  #declared(entity: string, path: readonly string[]): void {
    const [first = '', ...rest] = path;
    if (!this.readable(entity, first, null, LEVELS.slice(1))) throw new NeverReadable(first);
    if (rest.length === 0) return;
    const target = first === 'owner' ? 'user' : 'thing';
    if (
      !this.#applying(target).some(({ actions }) =>
        [actions.query, actions.read].some((reach) => reach !== undefined && reach !== 'none'),
      )
    )
      throw new NeverReadable(first);
    this.#declared(target, rest);
  }

  cellOf(row: Thing, path: string): { readonly value: unknown } | null {
    return this.#cell('thing', row, path.split('.'));
  }

  matches(row: Thing, filter: Filter, negated = false): boolean {
    const parts = Object.entries(filter).map(([key, value]) => {
      if (key === '$not') return this.matches(row, value as Filter, !negated);
      if (key === '$and' || key === '$or') {
        const inner = (value as Filter[]).map((each) => this.matches(row, each, negated));
        return (key === '$and') === negated ? inner.some(Boolean) : inner.every(Boolean);
      }
      return this.#compares(row, key, value, negated);
    });
    return negated ? parts.some(Boolean) : parts.every(Boolean);
  }

  #compares(row: Thing, path: string, value: unknown, negated: boolean): boolean {
    const operators =
      value === null ? { $null: true } : typeof value === 'object' ? (value as Filter) : { $eq: value };
    const parts = Object.entries(operators).map(([operator, operand]) => {
      if (operator === '$not') return this.#compares(row, path, operand, !negated);
      const cell = this.cellOf(row, path);
      return cell !== null && this.#holds(path, cell.value, operator, operand) !== negated;
    });
    return negated ? parts.some(Boolean) : parts.every(Boolean);
  }

  #holds(path: string, value: unknown, operator: string, operand: unknown): boolean {
    const list = Array.isArray(value) ? (value as unknown[]) : null;
    const isNull = value === null || list?.length === 0;
    if (operator === '$null') return isNull === operand;
    if (operator === '$ne') return value !== operand;
    if (operator === '$nin') return !(operand as unknown[]).includes(value);
    if (isNull) return false;
    const wanted = operand === '$me' ? this.#me.id : operand;
    if (operator === '$eq') return value === wanted;
    if (operator === '$in') return (operand as unknown[]).includes(value);
    if (operator === '$contains')
      return list
        ? list.includes(operand)
        : String(value).toLowerCase().includes(String(operand).toLowerCase());
    if (operator === '$startsWith')
      return String(value).toLowerCase().startsWith(String(operand).toLowerCase());
    const [left, right] = [Number(value), Number(operand)];
    if (operator === '$gt') return left > right;
    if (operator === '$gte') return left >= right;
    if (operator === '$lt') return left < right;
    return left <= right;
  }

  found(row: Thing, search: string): boolean {
    return search
      .split(' ')
      .filter(Boolean)
      .every((word) =>
        ['name', 'phone'].some(
          (field) =>
            this.readable('thing', field, row) &&
            String(row[field] ?? '')
              .toLowerCase()
              .includes(word.toLowerCase()),
        ),
      );
  }

  #usable(filter: Filter): void {
    // A field that can never be read is refused also where no row is looked at.
    for (const [key, value] of Object.entries(filter)) {
      if (key === '$not') this.#usable(value as Filter);
      else if (key.startsWith('$')) for (const each of value as Filter[]) this.#usable(each);
      else this.#declared('thing', key.split('.'));
    }
  }

  list({ filter, sort, search }: Case): Thing[] {
    this.#usable(filter);
    const keys = sort
      .split(',')
      .filter(Boolean)
      .map((term) => ({ path: term.replace('-', ''), down: term.startsWith('-') }));
    for (const { path } of keys) this.#declared('thing', path.split('.'));
    const rows = this.#things
      .filter((row) => this.visible('thing', row))
      .filter((row) => this.matches(row, filter) && this.found(row, search))
      .filter((row) => keys.every(({ path }) => this.cellOf(row, path) !== null));
    const order = [
      ...keys,
      ...(keys.some(({ path }) => path === 'id') ? [] : [{ path: 'id', down: keys.at(-1)?.down ?? false }]),
    ];
    return rows.toSorted((a, b) => {
      for (const { path, down } of order) {
        const [x, y] = [this.cellOf(a, path)?.value ?? null, this.cellOf(b, path)?.value ?? null];
        if (x === y) continue;
        const sign = down ? -1 : 1;
        if (x === null || y === null) return (x === null ? 1 : -1) * sign;
        const number = path === 'amount' || path.endsWith('count');
        const less = number ? Number(x) < Number(y) : String(x) < String(y);
        return (less ? -1 : 1) * sign;
      }
      return 0;
    });
  }
}

/** Counts over both engines: statements are cached under the names of the roles. */
let number = 0;

describeEngines('gate and filter against a naive oracle (SEC-01, SEC-05)', (open) => {
  let on: RecordsFixture;
  let things: Thing[] = [];
  let users: Thing[] = [];

  beforeAll(async () => {
    on = await openRecords(await open());
    const owners = [on.people.wang, on.people.li, on.people.zhao, on.people.boss];
    const made: string[] = [];
    for (let index = 0; index < 30; index += 1) {
      const owner = owners[index % 4]!;
      const parent = index % 3 === 0 ? null : (made[(index * 7) % Math.max(made.length, 1)] ?? null);
      const creator = index % 5 === 0 ? on.as('wang', ['administrator']) : on.as('boss');
      const record = await on.records.create(creator, 'thing', {
        name: `${index % 2 ? 'Thing' : '甲'} ${index}`,
        owner: owner.id,
        unit: index % 7 === 0 ? on.units.north : owner.unit,
        parent,
        count: index % 6 === 0 ? null : index % 5,
        amount: index % 4 === 0 ? null : `${index % 9}.50`,
        grade: [null, 'a', 'b'][index % 3],
        note: `note ${index}`,
        secret: index % 3 === 1 ? null : `S${index}`,
        tags: index % 4 === 1 ? ['x', 'y'] : index % 4 === 2 ? ['x'] : null,
        phone: `010-${10000000 + index}`,
      });
      made.push(String(record['id']));
    }
    things = (
      await on.records.list(on.system, 'thing', {
        limit: 1000,
        fields: [...FIELDS, 'owner', 'unit', 'created_by', 'parent', 'phone'],
      })
    ).items as Thing[];
    users = (
      await on.records.list(on.system, 'user', {
        limit: 1000,
        fields: ['display_name', 'owner', 'unit', 'created_by'],
      })
    ).items as Thing[];
  });

  const contextOf = ({ grants, person }: Case): Context => {
    number += 1;
    const roles = grants.map((each, index): RoleDocument => ({
      name: `case_${number}_${index}`,
      label: label('x'),
      grants: each,
    }));
    const base = on.as(person);
    const model = { ...on.model, roles: new Map(roles.map((role) => [role.name, role])) };
    const tree = unitTreeOf([
      { id: on.units.sales, parent: null },
      { id: on.units.north, parent: on.units.sales },
      { id: on.units.press, parent: null },
    ]);
    return {
      ...base,
      model,
      access: bindAccess(
        compileAccess(
          model,
          roles.map((role) => role.name),
        ),
        base.actor,
        tree,
      ),
    };
  };

  /** What the list must answer: rows in order, or the code of its refusal. */
  const expectedOf = (oracle: Oracle, given: Case): { answer: readonly Thing[] | null; refused: string } => {
    if (!oracle.sees('thing')) return { answer: null, refused: 'MRT_ACCESS_DENIED' };
    try {
      return { answer: oracle.list(given), refused: '' };
    } catch (error) {
      if (error instanceof NeverReadable) return { answer: null, refused: 'MRT_QUERY_FIELD_UNKNOWN' };
      throw error;
    }
  };

  /** Ids in order (any order without a sort) and the total, or the code. */
  const shapeOf = (
    answer: string | readonly Thing[] | { items: readonly RecordData[]; total?: number },
    sort: string,
  ) => {
    if (typeof answer === 'string') return answer;
    const rows = 'items' in answer ? answer.items : answer;
    const ids = rows.map((row) => String(row['id']));
    return {
      ids: sort === '' ? ids.toSorted() : ids,
      total: 'items' in answer ? answer.total : answer.length,
    };
  };

  /** Cells that show what they must not, or hide what they must show. */
  const wrongCells = (oracle: Oracle, item: RecordData): string[] => {
    const row = things.find((each) => each.id === item['id'])!;
    return FIELDS.filter((field) => {
      const shown = item[field] ?? null;
      const value = row[field] ?? null;
      if (oracle.readable('thing', field, row)) return !isDeepStrictEqual(shown, value);
      const masked = oracle.readable('thing', field, row, ['masked']) && typeof value === 'string';
      return shown !== (masked && MASKED.has(field) ? `${value.slice(0, 1)}***` : null);
    });
  };

  /** What the cases were about, lest the test agree over nothing. */
  const seen = { refused: 0, empty: 0, some: 0 };

  it('lists the same records in the same order with the same cells, counts and sums', async () => {
    await fc.assert(
      fc.asyncProperty(cases, async (given) => {
        const context = contextOf(given);
        const { id, unit } = on.people[given.person];
        const oracle = new Oracle(things, users, given.grants, {
          id,
          unit,
          units: context.access.parameters.units,
        });
        const request = {
          filter: given.filter,
          search: given.search,
          sort: given.sort,
          limit: 1000,
          fields: FIELDS,
          count: 'exact' as const,
        };
        const expected = expectedOf(oracle, given);
        const answer = await on.records.list(context, 'thing', request).catch((error: unknown) => {
          if (error instanceof Problem) return error.code;
          throw error;
        });
        const kind = expected.answer === null ? 'refused' : expected.answer.length === 0 ? 'empty' : 'some';
        seen[kind] += 1;
        expect(shapeOf(answer, given.sort)).toEqual(shapeOf(expected.answer ?? expected.refused, given.sort));
        const items = typeof answer === 'string' ? [] : answer.items;
        expect(items.flatMap((item) => wrongCells(oracle, item))).toEqual([]);
      }),
      { numRuns: 300 },
    );
    expect(seen.some).toBeGreaterThan(40);
    expect(seen.empty).toBeGreaterThan(20);
    expect(seen.refused).toBeGreaterThan(10);
  });
});
