import { type Allocation, columnsOf, type Place } from '../model/allocation.ts';
import { compareTypes } from '../model/column-types.ts';
import type { Fault } from '../errors/problem.ts';
import type { FieldModel, Model } from '../model/model.ts';
import { additiveSql } from './entity-schema.ts';
import type { IndexShape } from './index-shape.ts';
import { quote } from './quote.ts';
import { tableShapes, type TableShape } from './table-shape.ts';

/** One statement of a change, with what it touches. */
export interface TableStatement {
  readonly kind: 'table.add' | 'column.add' | 'column.widen' | 'constraint.add' | 'index.add' | 'index.drop';
  readonly table: string;
  readonly columns: readonly string[];
  readonly sql: string;
  /** Of `index.add` and `index.drop`: the name of the index. */
  readonly index?: string;
}

/** A question to the stored rows that must be answered with no row, or the change is refused. */
interface TableCheck {
  /** Answers one row `{n}`: how many values offend. */
  readonly sql: string;
  /** Answers the ids of some rows that offend. */
  readonly rows: string;
  readonly entity: string;
  /** The first column of the rule. */
  readonly column: string;
  readonly fault: (count: number) => Fault;
}

export interface TablePlan {
  readonly statements: readonly TableStatement[];
  readonly checks: readonly TableCheck[];
  /** What cannot be done to the tables. */
  readonly faults: readonly Fault[];
  /** What the database holds afterwards. */
  readonly laid: Laid;
}

/** What the database holds, as stored with the model version: nothing is read back from the catalogue. */
export interface Laid {
  /** Places given so far, with the types that the columns really have. */
  readonly allocation: Allocation;
  /** Indexes by name. */
  readonly indexes: Readonly<Record<string, IndexShape>>;
}

/**
 * What must be done to the tables so that they can hold `next`. Only adds and widens: a column that a document no
 * longer names stays where it is, with its data (DESIGN §4). Pure: the database is not asked.
 */
export async function planTables(
  current: Laid,
  next: { model: Model; allocation: Allocation },
): Promise<TablePlan> {
  const physical = physicalColumns(current.allocation);
  const wanted = tableShapes(next.model);
  const before = new Map<string, TableShape>();
  for (const shape of wanted.values()) {
    const there = physical.get(shape.name);
    if (there)
      before.set(shape.name, {
        ...shape,
        columns: only(shape.columns, (name) => name === 'id' || there.has(name)),
      });
  }
  const changed = withNeighbours(before, wanted);
  const additions =
    changed.after.size === 0
      ? []
      : (await additiveSql(changed.before, changed.after)).map((sql) => classify(sql, wanted));
  const types = planTypes(current.allocation, next);
  const isMoved = Object.entries(current.allocation).some(([key, place]) => types.allocation[key] !== place);
  const left = isMoved ? physicalColumns(types.allocation) : physical;
  const gone = (table: string, column: string): boolean =>
    physical.get(table)?.has(column) === true && left.get(table)?.has(column) !== true;
  const indexes = planIndexes(current.indexes, wanted, gone);
  return {
    statements: [...indexes.drops, ...types.statements, ...additions, ...indexes.adds],
    checks: indexes.checks.filter((check) =>
      check.columns.every((column) => physical.get(check.table)?.has(column)),
    ),
    faults: types.faults,
    laid: { allocation: types.allocation, indexes: indexes.after },
  };
}

function physicalColumns(allocation: Allocation): ReadonlyMap<string, Set<string>> {
  const tables = new Map<string, Set<string>>();
  for (const place of Object.values(allocation)) {
    if (place.purged && place.column === undefined) continue;
    const columns = tables.get(place.table) ?? new Set();
    tables.set(place.table, columns);
    for (const { column } of columnsOf(place)) columns.add(column);
  }
  return tables;
}

function only<V>(map: ReadonlyMap<string, V>, keep: (key: string) => boolean): ReadonlyMap<string, V> {
  return new Map([...map].filter(([key]) => keep(key)));
}

/**
 * The tables that grow, and of those they refer to the key alone: comparing 300 tables to add one column would cost
 * more than the change itself.
 */
function withNeighbours(
  before: ReadonlyMap<string, TableShape>,
  wanted: ReadonlyMap<string, TableShape>,
): { before: ReadonlyMap<string, TableShape>; after: ReadonlyMap<string, TableShape> } {
  const growing = [...wanted.values()].filter(
    (shape) => before.get(shape.name)?.columns.size !== shape.columns.size,
  );
  const some = { before: new Map<string, TableShape>(), after: new Map<string, TableShape>() };
  for (const shape of growing) {
    some.after.set(shape.name, shape);
    const old = before.get(shape.name);
    if (old) some.before.set(shape.name, old);
  }
  for (const { columns } of growing) {
    for (const { references } of columns.values()) {
      const target = references === null ? undefined : wanted.get(references.table);
      if (!target || some.after.has(target.name)) continue;
      const stub: TableShape = { ...target, columns: only(target.columns, (name) => name === 'id') };
      some.before.set(target.name, stub);
      some.after.set(target.name, stub);
    }
  }
  return some;
}

/** Reads from a generated statement what it adds. An unknown kind must not slip through the planner. */
function classify(sql: string, wanted: ReadonlyMap<string, TableShape>): TableStatement {
  const created = /^create table "([^"]+)"/.exec(sql)?.[1];
  if (created !== undefined) {
    return {
      kind: 'table.add',
      table: created,
      columns: [...(wanted.get(created)?.columns.keys() ?? [])],
      sql,
    };
  }
  const table = /^alter table "([^"]+)" add /.exec(sql)?.[1];
  const key = /^alter table "[^"]+" add constraint "[^"]+" foreign key \("([^"]+)"\)/.exec(sql)?.[1];
  if (table !== undefined && key !== undefined) return { kind: 'constraint.add', table, columns: [key], sql };
  if (table !== undefined && !/\b(drop|alter column|rename)\b/.test(sql.replace(/"[^"]*"/g, ''))) {
    const columns = [...sql.matchAll(/\badd "([^"]+)"/g)].map((match) => match[1] ?? '');
    return { kind: 'column.add', table, columns, sql };
  }
  throw new Error(`The schema generator wants more than to add: ${sql}`);
}

interface Types {
  readonly statements: TableStatement[];
  readonly faults: Fault[];
  readonly allocation: Allocation;
}

function planTypes(before: Allocation, next: { model: Model; allocation: Allocation }): Types {
  const statements: TableStatement[] = [];
  const faults: Fault[] = [];
  const real = physicalTypes(before);
  for (const entity of next.model.entities.values()) {
    for (const field of [...entity.fields.values(), ...entity.retiredFields.values()]) {
      const { column } = field;
      const columns = column === null ? undefined : real.get(column.table);
      const type = column === null ? undefined : columns?.get(column.name);
      if (!column || type === undefined || type === column.type) continue;
      const step = compareTypes(type, column.type);
      if (step === 'other') faults.push(retyped(field, type));
      if (step !== 'widen') continue;
      columns?.set(column.name, column.type);
      const sql = `alter table ${quote(column.table)} alter column ${quote(column.name)} type ${column.type}`;
      statements.push({ kind: 'column.widen', table: column.table, columns: [column.name], sql });
    }
  }
  const allocation: Record<string, Place> = {};
  for (const [key, place] of Object.entries(next.allocation)) {
    const type = place === before[key] ? place.type : real.get(place.table)?.get(place.column ?? '');
    allocation[key] = type === undefined || type === place.type ? place : { ...place, type };
  }
  return { statements, faults, allocation };
}

/** Table → column → the type that it really has. */
function physicalTypes(allocation: Allocation): ReadonlyMap<string, Map<string, string>> {
  const tables = new Map<string, Map<string, string>>();
  for (const place of Object.values(allocation)) {
    for (const { column, type } of columnsOf(place)) {
      const columns = tables.get(place.table) ?? new Map<string, string>();
      tables.set(place.table, columns.set(column, type));
    }
  }
  return tables;
}

function retyped(field: FieldModel, type: string): Fault {
  return {
    path: `entity/${field.entity}#/properties/${field.name}/field`,
    code: 'MRT_PLAN_RETYPE',
    message: {
      'zh-CN': `字段“${field.label['zh-CN']}”的数据列为 ${type},不能改为 ${field.column?.type}。请另建字段。`,
      en: `The column of “${field.label.en}” is ${type} and cannot become ${field.column?.type}; add another field instead.`,
    },
  };
}

interface Indexes {
  readonly drops: TableStatement[];
  readonly adds: TableStatement[];
  readonly checks: (TableCheck & { readonly table: string; readonly columns: readonly string[] })[];
  readonly after: Record<string, IndexShape>;
}

/** @param gone is the column dropped by this change? Its indexes go with it. */
function planIndexes(
  before: Laid['indexes'],
  wanted: ReadonlyMap<string, TableShape>,
  gone: (table: string, column: string) => boolean,
): Indexes {
  const result: Indexes = { drops: [], adds: [], checks: [], after: {} };
  for (const index of Object.values(before)) {
    if (index.columns.some((column) => gone(index.table, column))) continue;
    const shape = wanted.get(index.table);
    // An index whose table or column the model does not name (its plugin is disabled) waits like the column itself.
    const known = shape !== undefined && index.columns.every((column) => shape.columns.has(column));
    if (!known || shape.indexes.get(index.name)?.sql === index.sql) {
      result.after[index.name] = index;
      continue;
    }
    const sql = `drop index if exists ${quote(index.name)}`;
    result.drops.push({
      kind: 'index.drop',
      table: index.table,
      columns: index.columns,
      sql,
      index: index.name,
    });
  }
  for (const shape of wanted.values()) {
    for (const index of shape.indexes.values()) {
      if (result.after[index.name]) continue;
      result.after[index.name] = index;
      result.adds.push({
        kind: 'index.add',
        table: index.table,
        columns: index.columns,
        sql: index.sql,
        index: index.name,
      });
      if (index.unique) result.checks.push(duplicatesCheck(shape, index));
    }
  }
  return result;
}

function duplicatesCheck(shape: TableShape, index: IndexShape): Indexes['checks'][number] {
  const list = index.columns.map(quote).join(', ');
  const filled = index.columns.map((column) => `${quote(column)} is not null`);
  if (index.sql.includes('"deleted_at" is null')) filled.push('"deleted_at" is null');
  const doubled = `select ${list} from ${quote(index.table)} where ${filled.join(' and ')} group by ${list} having count(*) > 1`;
  return {
    table: index.table,
    columns: index.columns,
    entity: shape.entity,
    column: index.columns[0] ?? '',
    rows: `select id from ${quote(index.table)} where (${list}) in (${doubled}) and ${filled.join(' and ')} order by ${list}, id limit 50`,
    sql: `select count(*)::int as n from (select 1 from ${quote(index.table)} where ${filled.join(' and ')} group by ${list} having count(*) > 1) doubled`,
    fault: (count) => ({
      path: `entity/${shape.entity}#/unique`,
      code: 'MRT_PLAN_DUPLICATES',
      message: {
        'zh-CN': `${index.columns.join('、')} 有 ${count} 组重复的值,不能设为唯一。请先合并或修改。`,
        en: `${count} value(s) of ${index.columns.join(', ')} occur more than once, so they cannot be made unique. Merge or change them first.`,
      },
    }),
  };
}
