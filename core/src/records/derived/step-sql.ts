import { quoteName } from '../../access/quote-name.ts';
import { compileSql, compileSqlCondition, type SqlColumn, type SqlScope } from '../../expression/index.ts';
import type { ComputeNode, DerivedNode, RollupNode } from '../../model/derived/derived-node.ts';
import { upperOf } from '../../model/derived/derived-graph.ts';
import { DERIVED_PART } from '../../model/derived/derived-fields.ts';
import { pathType } from '../../model/derived/path-type.ts';
import type { EntityModel, FieldModel, Model } from '../../model/model.ts';
import { StatementParameters } from '../statement-parameters.ts';
import { fitSql } from './fit-derived.ts';

/** Stands for the business day among the constants of a statement that outlives it; no text that PostgreSQL can hold. */
const TODAY = '\0today';

/** The constants of a statement, as they are on a day. */
export function constantsOn(day: string, { constants }: DerivedStatement): readonly unknown[] {
  return constants.map((value) => (value === TODAY ? day : value));
}

/** A statement whose first parameter are the ids, the others as given. */
export interface DerivedStatement {
  readonly text: string;
  readonly constants: readonly unknown[];
}

/** The table of an entity's derived fields. @throws Error for an entity without */
export function derivedTable(entity: EntityModel): string {
  const table = entity.parts.get(DERIVED_PART);
  if (table === undefined) throw new Error(`${entity.name} has no derived fields`);
  return quoteName(table);
}

/** A FROM clause that grows with the columns asked of it. Nothing is gated: formulas are the administrator's. */
class Source {
  readonly #model: Model;
  readonly #entity: EntityModel;
  readonly #alias: string;
  readonly #joins = new Map<string, string>();

  constructor(model: Model, entity: EntityModel, alias: string) {
    this.#model = model;
    this.#entity = entity;
    this.#alias = alias;
  }

  from(): string {
    return [`${quoteName(this.#entity.table)} ${this.#alias}`, ...this.#joins.values()].join('');
  }

  column(field: FieldModel, entity = this.#entity, alias = this.#alias): string {
    const { table, name } = field.column!;
    const at = table === entity.table ? alias : this.#join(table, `${alias}.id`, `${alias}_${table}`);
    return `${at}.${quoteName(name)}`;
  }

  /** What an expression names so. */
  readonly sqlColumn = (path: readonly string[]): SqlColumn | undefined => {
    const [first = '', second] = path;
    const own = this.#entity.fields.get(first);
    const type = pathType(this.#model, this.#entity, path);
    if (!own || type === undefined) return undefined;
    let field: FieldModel = own;
    let sql: string;
    if (second === undefined) sql = this.column(own);
    else {
      const target = this.#model.entities.get(String(own.def['entity']));
      const found = target?.fields.get(second);
      if (!target || !found?.column) return undefined;
      field = found;
      sql = this.column(
        found,
        target,
        this.#join(target.table, this.column(own), `${this.#alias}_${own.name}`),
      );
    }
    const storage = field.column?.type;
    return storage === 'uuid' || storage === 'uuid[]' ? { sql, type, storage } : { sql, type };
  };

  #join(table: string, id: string, wanted: string): string {
    const alias = quoteName(`~${wanted}`.slice(0, 60));
    this.#joins.set(alias, ` LEFT JOIN ${quoteName(table)} ${alias} ON ${alias}.id = ${id}`);
    return alias;
  }
}

function sqlScope(model: Model, source: Source, parameters: StatementParameters): SqlScope {
  return {
    column: source.sqlColumn,
    bind: (value) => parameters.bind(value),
    today: TODAY,
    // Derived fields may not ask for the moment or the user; the check of documents sees to that.
    now: '',
    timeZone: model.settings.timeZone,
    user: { id: '', unit: null, roles: [] },
  };
}

/** Counted are live records: not in the recycle bin, not void, and not lines of such a record. */
function liveness(model: Model, node: RollupNode): string {
  const conditions = (entity: EntityModel, alias: string): string[] => [
    ...(entity.fields.has('deleted_at') ? [`${alias}."deleted_at" IS NULL`] : []),
    ...(entity.fields.has('is_void') ? [`${alias}."is_void" IS NOT TRUE`] : []),
  ];
  const upper = upperOf(model, node);
  const own = conditions(node.child, 'c');
  if (upper) {
    const link = node.child.fields.get(node.child.parent!.field)!.column!;
    const above = [`u.id = c.${quoteName(link.name)}`, ...conditions(upper, 'u')].join(' AND ');
    own.push(`EXISTS (SELECT 1 FROM ${quoteName(upper.table)} u WHERE ${above})`);
  }
  return own.map((condition) => ` AND ${condition}`).join('');
}

/** Roll-ups over the same records, as one grouped subselect. */
function rollupJoin(
  model: Model,
  nodes: readonly RollupNode[],
  alias: string,
  ids: string,
  parameters: StatementParameters,
): string {
  const { child, by } = nodes[0]!;
  const source = new Source(model, child, 'c');
  const link = source.column(by);
  const columns = nodes.map(({ rollup, where }, index) => {
    const value = rollup.field === undefined ? '*' : source.column(child.fields.get(rollup.field)!);
    const only =
      where === null
        ? ''
        : ` FILTER (WHERE ${compileSqlCondition(where, sqlScope(model, source, parameters))})`;
    return `${rollup.function}(${value})${only} AS v${index}`;
  });
  return ` LEFT JOIN (SELECT ${link} AS id, ${columns.join(', ')} FROM ${source.from()} WHERE ${link} = ANY(${ids})${liveness(model, nodes[0]!)} GROUP BY 1) ${alias} ON ${alias}.id = t.id`;
}

function groupKey({ child, by }: RollupNode): string {
  return `${child.name}.${by.name}`;
}

/**
 * Brings the derived fields of one step up to date in the records `$1`, in one statement, and answers those that
 * changed with their new values.
 */
export function stepSql(model: Model, entity: EntityModel, nodes: readonly DerivedNode[]): DerivedStatement {
  const parameters = new StatementParameters();
  const ids = `${parameters.bind(null)}::uuid[]`;
  const source = new Source(model, entity, 't');
  const joins: string[] = [];
  const values = new Map<DerivedNode, string>();
  const rollups = Map.groupBy(
    nodes.filter((node) => node.kind === 'rollup'),
    groupKey,
  );
  for (const group of rollups.values()) {
    const alias = `a${joins.length}`;
    joins.push(rollupJoin(model, group, alias, ids, parameters));
    for (const [index, node] of group.entries()) {
      const isTotal = node.rollup.function === 'count' || node.rollup.function === 'sum';
      const value = `${alias}.v${index}`;
      values.set(node, isTotal ? `coalesce(${value}, 0)` : value);
    }
  }
  for (const node of nodes.filter((each): each is ComputeNode => each.kind === 'compute'))
    values.set(node, compileSql(node.expression, sqlScope(model, source, parameters)));
  const names = nodes.map(({ field }) => quoteName(field.column!.name));
  const list = nodes.map((node) => fitSql(node.field.column!.type, values.get(node)!));
  const set = names.map((name) => `${name} = excluded.${name}`).join(', ');
  const isNew = `(${names.map((name) => `k.${name}`).join(', ')}) IS DISTINCT FROM (${names.map((name) => `excluded.${name}`).join(', ')})`;
  const text =
    `INSERT INTO ${derivedTable(entity)} AS k (id, ${names.join(', ')}) ` +
    `SELECT t.id, ${list.join(', ')} FROM ${source.from()}${joins.join('')} WHERE t.id = ANY(${ids}) ORDER BY t.id ` +
    `ON CONFLICT (id) DO UPDATE SET ${set} WHERE ${isNew} RETURNING k.id, ${names.map((name) => `k.${name}`).join(', ')}`;
  return { text, constants: parameters.values.slice(1) };
}

/** Locks the derived rows of the records `$1` in the order of their ids, and makes those that are not there yet. */
export function lockSql(entity: EntityModel): DerivedStatement {
  const table = derivedTable(entity);
  const text =
    `INSERT INTO ${table} (id) SELECT id FROM ${quoteName(entity.table)} WHERE id = ANY($1::uuid[]) ORDER BY id ` +
    'ON CONFLICT (id) DO UPDATE SET id = excluded.id WHERE false';
  return { text, constants: [] };
}
