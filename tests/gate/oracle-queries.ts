/*
 * What a list, a sum or a search must answer: a walk over all records in memory, cell by cell. What may not be read
 * finds, orders, groups and counts nothing (DESIGN §5).
 */
import type { Data, Rights } from './oracle-rights.ts';
import type { AggregateQuestion, Filter, ListQuestion, ValuesQuestion } from './questions.ts';
import { ENTITIES, type FieldNote, type Thing } from './setup.ts';

/** A value that may be read; null in its place means that it may not. */
export interface Cell {
  readonly value: unknown;
}

/** A field that nothing ever said could show was used to find, order or count: that is refused. */
export class NeverShown extends Error {}

export class Queries {
  readonly #data: Data;
  readonly #rights: Rights;

  constructor(data: Data, rights: Rights) {
    this.#data = data;
    this.#rights = rights;
  }

  /** The cell that a path leads to, each record on the way asked for its own gate. */
  cell(entity: string, row: Thing, path: string): Cell | null {
    const [first = '', ...rest] = path.split('.');
    if (!this.#rights.readable(entity, first, row)) return null;
    const value = row[first] ?? null;
    if (rest.length === 0 || value === null) return { value };
    const { to = '' } = noteOf(entity, first);
    const target = this.#data[to]!.find(({ id }) => id === value);
    return target && this.#rights.visible(to, target) ? this.cell(to, target, rest.join('.')) : null;
  }

  /** What is shown at a path: the value, its first character, or nothing. */
  shown(entity: string, row: Thing, path: string): unknown {
    const cell = this.cell(entity, row, path);
    if (cell) return cell.value;
    const parts = path.split('.');
    const field = parts.pop() ?? '';
    let at: Thing | undefined = row;
    let of = entity;
    for (const part of parts) {
      if (!at || !this.#rights.readable(of, part, at)) return null;
      const { to = '' } = noteOf(of, part);
      const wanted: unknown = at[part];
      at = this.#data[to]!.find(({ id }) => id === wanted);
      of = to;
      if (at && !this.#rights.visible(of, at)) return null;
    }
    const value = at?.[field];
    const isText = noteOf(of, field).kind === 'text';
    return at && isText && typeof value === 'string' && this.#rights.masked(of, field, at)
      ? `${Array.from(value)[0] ?? ''}***`
      : null;
  }

  /** @throws NeverShown */
  use(entity: string, path: string): void {
    const [first = '', ...rest] = path.split('.');
    if (!this.#rights.everShown(entity, first)) throw new NeverShown(`${entity}.${first}`);
    if (rest.length === 0) return;
    const { to = '' } = noteOf(entity, first);
    if (noteOf(entity, first).kind === 'reference' && !this.#rights.everVisible(to)) throw new NeverShown(to);
    this.use(to, rest.join('.'));
  }

  #useFilter(entity: string, filter: Filter): void {
    for (const [key, value] of Object.entries(filter)) {
      if (key === '$not') this.#useFilter(entity, value as Filter);
      else if (key.startsWith('$')) for (const each of value as Filter[]) this.#useFilter(entity, each);
      else this.use(entity, key);
    }
  }

  matches(entity: string, row: Thing, filter: Filter, negated = false): boolean {
    const parts = Object.entries(filter).map(([key, value]) => {
      if (key === '$not') return this.matches(entity, row, value as Filter, !negated);
      if (key === '$and' || key === '$or') {
        const inner = (value as Filter[]).map((each) => this.matches(entity, row, each, negated));
        return (key === '$and') === negated ? inner.some(Boolean) : inner.every(Boolean);
      }
      return this.#compares(entity, row, key, value, negated);
    });
    return negated ? parts.some(Boolean) : parts.every(Boolean);
  }

  #compares(entity: string, row: Thing, path: string, value: unknown, negated: boolean): boolean {
    const operators =
      value === null ? { $null: true } : typeof value === 'object' ? (value as Filter) : { $eq: value };
    const parts = Object.entries(operators).map(([operator, operand]) => {
      if (operator === '$not') return this.#compares(entity, row, path, operand, !negated);
      const [many = '', ...rest] = path.split('.');
      if (noteOf(entity, many).kind === 'many')
        return this.#anyOf(entity, row, many, rest.join('.'), operator, operand, negated);
      const cell = this.cell(entity, row, path);
      return cell !== null && this.#holds(entity, path, cell.value, operator, operand) !== negated;
    });
    return negated ? parts.some(Boolean) : parts.every(Boolean);
  }

  /** Does any record of many fit, as far as each may be known and its value read? */
  #anyOf(
    entity: string,
    row: Thing,
    many: string,
    path: string,
    operator: string,
    operand: unknown,
    negated: boolean,
  ): boolean {
    if (!this.#rights.readable(entity, many, row)) return false;
    const { to = '' } = noteOf(entity, many);
    const found = this.children(entity, row, many).some((child) => {
      const cell = this.cell(to, child, path);
      return cell !== null && this.#holds(to, path, cell.value, operator, operand);
    });
    return found !== negated;
  }

  /** The records of a `children` or `lines` field that one may know of and that are not in the recycle bin. */
  children(entity: string, row: Thing, many: string): readonly Thing[] {
    const { to = '', by = '' } = noteOf(entity, many);
    return this.#data[to]!.filter(
      (child) => child[by] === row.id && this.#isThere(to, child) && this.#rights.visible(to, child),
    );
  }

  #isThere(entity: string, row: Thing): boolean {
    const { parent } = ENTITIES[entity]!;
    const at = parent ? this.#data[parent.entity]!.find(({ id }) => id === row[parent.field]) : row;
    return (at?.['deleted_at'] ?? null) === null;
  }

  #holds(entity: string, path: string, value: unknown, operator: string, operand: unknown): boolean {
    const list = Array.isArray(value) ? (value as unknown[]) : null;
    const isNull = value === null || list?.length === 0;
    const wanted = operand === '$me' ? this.#rights.me : operand;
    if (operator === '$null') return isNull === operand;
    if (operator === '$ne') return value !== wanted;
    if (operator === '$nin') return !(operand as unknown[]).includes(value);
    if (isNull) return false;
    if (operator === '$under') return this.#isUnder(entity, path, value, wanted);
    if (operator === '$eq') return value === wanted;
    if (operator === '$in') return (operand as unknown[]).includes(value);
    const [lower, part] = [String(value).toLowerCase(), String(operand).toLowerCase()];
    if (operator === '$contains') return list ? list.includes(operand) : lower.includes(part);
    if (operator === '$startsWith') return lower.startsWith(part);
    const [left, right] = [Number(value), Number(operand)];
    if (operator === '$gt') return left > right;
    if (operator === '$gte') return left >= right;
    return operator === '$lt' ? left < right : left <= right;
  }

  /** Up the tree, as far as each step may be read. */
  #isUnder(entity: string, path: string, value: unknown, root: unknown): boolean {
    const target = targetOf(entity, path);
    const seen = new Set<unknown>();
    let at: unknown = value;
    while (at !== null && at !== undefined && !seen.has(at)) {
      if (at === root) return true;
      seen.add(at);
      const wanted: unknown = at;
      const record = this.#data[target]!.find(({ id }) => id === wanted);
      if (!record || !this.#rights.visible(target, record)) return false;
      at = this.cell(target, record, 'parent')?.value;
    }
    return false;
  }

  #found(entity: string, row: Thing, search: string): boolean {
    const words = search.split(' ').filter(Boolean);
    return words.every((word) =>
      (SEARCHED[entity] ?? []).some(
        (field) =>
          this.#rights.readable(entity, field, row) &&
          String(row[field] ?? '')
            .toLowerCase()
            .includes(word.toLowerCase()),
      ),
    );
  }

  #inState(entity: string, row: Thing, state: ListQuestion['state']): boolean {
    const isVoid = row['is_void'] === true;
    if (state === 'deleted')
      return (
        (row['deleted_at'] ?? null) !== null &&
        (this.#rights.may(entity, 'delete', row) || this.#rights.may(entity, 'restore', row))
      );
    if (!this.#isThere(entity, row)) return false;
    return state === 'all' || (isVoid && hasVoid(entity)) === (state === 'void');
  }

  /** The records of a list in their order. @throws NeverShown */
  list({ entity, filter, sort, search, state, action }: ListQuestion): readonly Thing[] {
    this.#useFilter(entity, filter);
    const keys = sort
      .split(',')
      .filter(Boolean)
      .map((term) => ({ path: term.replace('-', ''), down: term.startsWith('-') }));
    for (const { path } of keys) this.use(entity, path);
    const rows = this.#data[entity]!.filter(
      (row) =>
        this.#rights.visible(entity, row) &&
        this.#inState(entity, row, state) &&
        (action === null || this.#rights.may(entity, action, row)) &&
        this.matches(entity, row, filter) &&
        this.#found(entity, row, search) &&
        keys.every(({ path }) => this.cell(entity, row, path) !== null),
    );
    const order = [...keys, { path: 'id', down: keys.at(-1)?.down ?? false }];
    return rows.toSorted((a, b) => {
      for (const { path, down } of order) {
        const [x, y] = [this.cell(entity, a, path)?.value ?? null, this.cell(entity, b, path)?.value ?? null];
        if (x === y) continue;
        const less = x === null ? false : y === null || isLess(x, y, kindOf(entity, path));
        return less === down ? 1 : -1;
      }
      return 0;
    });
  }

  /** Groups as `key → figure`. @throws NeverShown */
  aggregate({ entity, groupBy, fn, field, filter }: AggregateQuestion): readonly (readonly unknown[])[] {
    this.#useFilter(entity, filter);
    const used = [...groupBy, ...(field === null ? [] : [field])];
    for (const path of used) this.use(entity, path);
    const groups = new Map<string, { keys: unknown[]; values: unknown[] }>();
    if (groupBy.length === 0) groups.set('[]', { keys: [], values: [] });
    for (const row of this.#data[entity]!) {
      if (!this.#rights.visible(entity, row) || !this.#inState(entity, row, 'live')) continue;
      if (!this.matches(entity, row, filter)) continue;
      const cells = used.map((path) => this.cell(entity, row, path));
      if (cells.includes(null)) continue;
      const keys = groupBy.map((_, index) => cells[index]!.value);
      const name = JSON.stringify(keys);
      const group = groups.get(name) ?? { keys, values: [] };
      groups.set(name, group);
      group.values.push(field === null ? true : cells.at(-1)!.value);
    }
    return [...groups.values()].map(({ keys, values }) => [
      ...keys,
      figure(
        fn,
        values.filter((value) => value !== null),
      ),
    ]);
  }

  /** @throws NeverShown */
  values({ entity, field, search }: ValuesQuestion): ReadonlyMap<string, number> {
    this.use(entity, field);
    const uses = new Map<string, number>();
    for (const row of this.#data[entity]!) {
      if (!this.#rights.visible(entity, row) || !this.#inState(entity, row, 'live')) continue;
      const cell = this.cell(entity, row, field)?.value ?? null;
      for (const value of (Array.isArray(cell) ? cell : [cell]) as unknown[])
        if (typeof value === 'string' && value.toLowerCase().includes(search.toLowerCase()))
          uses.set(value, (uses.get(value) ?? 0) + 1);
    }
    return uses;
  }
}

/** Fields in which the words of a list's search are looked for. */
const SEARCHED: Readonly<Record<string, readonly string[]>> = {
  thing: ['name', 'phone'],
  user: ['display_name'],
};

function hasVoid(entity: string): boolean {
  return ENTITIES[entity]!.parent === undefined;
}

function noteOf(entity: string, field: string): FieldNote {
  return ENTITIES[entity]?.fields[field] ?? { kind: 'text' };
}

function targetOf(entity: string, path: string): string {
  let at = entity;
  for (const part of path.split('.')) at = noteOf(at, part).to ?? at;
  return at;
}

function kindOf(entity: string, path: string): FieldNote['kind'] {
  const parts = path.split('.');
  const last = parts.pop() ?? '';
  return noteOf(parts.length === 0 ? entity : targetOf(entity, parts.join('.')), last).kind;
}

function isLess(x: unknown, y: unknown, kind: FieldNote['kind']): boolean {
  return kind === 'number' ? Number(x) < Number(y) : String(x) < String(y);
}

/** Sums as plain numbers; nothing to sum up is null. */
function figure(fn: AggregateQuestion['fn'], values: readonly unknown[]): unknown {
  if (fn === 'count') return values.length;
  if (values.length === 0) return null;
  const numbers = values.map(Number);
  const cents = numbers.reduce((sum, each) => sum + Math.round(each * 100), 0);
  return fn === 'sum' ? cents / 100 : fn === 'min' ? Math.min(...numbers) : Math.max(...numbers);
}
