import { covers, scopeSql, unite, type ScopeSet } from '../access/scope-set.ts';
import type { CompiledEntity, CompiledRoles } from '../access/compile-access.ts';
import { quoteName } from '../access/quote-name.ts';
import type { EntityModel, FieldModel } from '../model/model.ts';
import { queryProblem } from './query-problem.ts';
import type { StatementParameters } from './statement-parameters.ts';
import { targetEntity } from './type-of-field.ts';

/** A column as a statement may use it: `expression` with the condition under which the actor may read it. */
export interface Cell {
  readonly path: string;
  readonly field: FieldModel;
  readonly entity: EntityModel;
  /** The quoted column; for `children` and `lines`, which have none, the alias's id. */
  readonly expression: string;
  /** `'true'` when every row that the statement yields may show it. */
  readonly readable: string;
  /** Rows that show a masked value instead; null when there are none. */
  readonly masked: string | null;
}

/** How far a field reaches of the rows that its entity shows. */
interface Reach {
  /** It is readable in all of them. */
  readonly everywhere: boolean;
  /** It shows masked values in some. */
  readonly masks: boolean;
}

const REACHES = new WeakMap<CompiledEntity, Map<string, Reach>>();

/** Decided once for a set of roles: comparing scopes costs more than the rest of a cell. */
function reachOf(rights: CompiledEntity, field: FieldModel): Reach {
  let known = REACHES.get(rights);
  if (!known) REACHES.set(rights, (known = new Map()));
  let reach = known.get(field.name);
  if (!reach) {
    const { read, masked } = rights.field(field);
    reach = {
      everywhere: covers(read, rights.visible),
      masks: masked.length > 0 && !covers(read, unite(masked, rights.visible)),
    };
    known.set(field.name, reach);
  }
  return reach;
}

/** What the sources of one statement share. */
export interface QueryScope {
  readonly roles: CompiledRoles;
  readonly parameters: StatementParameters;
  nextAlias: number;
  /** Some condition of the gate stands in the statement: there may be rows or values that the actor may not read. */
  gated?: boolean;
}

const MAX_HOPS = 4;

/**
 * The FROM clause of a statement over one entity: the main table, its parts and the records that references lead
 * to, each joined at most once and through the gate of its own entity (DESIGN §5). Its rows must be restricted to
 * `visible`, on which the cells' conditions build.
 */
export class QuerySource {
  readonly scope: QueryScope;
  readonly entity: EntityModel;
  readonly alias: string;
  readonly #assumed = new Set<string>();
  readonly #joins = new Map<string, { readonly alias: string; readonly sql: string }>();

  constructor(scope: QueryScope, entity: EntityModel, alias = 't') {
    this.scope = scope;
    this.entity = entity;
    this.alias = alias;
  }

  /** `"customer" t LEFT JOIN …` */
  from(): string {
    const joins = [...this.#joins.values()].map((join) => join.sql);
    return [`${quoteName(this.entity.table)} ${this.alias}`, ...joins].join(' ');
  }

  /** Condition for a scope set on the main table. */
  rows(set: ScopeSet): string {
    return this.#rowsOf(this.entity, set, this.alias);
  }

  /** Rows the actor may know of. */
  visible(): string {
    return this.rows(this.scope.roles.entity(this.entity).visible);
  }

  /**
   * Takes for granted what the statement's WHERE demands of every row: a cell that is readable on just this condition
   * needs it no more, neither in the filter nor for its value.
   */
  assume(condition: string): void {
    this.#assumed.add(condition);
  }

  /** A source for a subselect over another entity. */
  sub(entity: EntityModel): QuerySource {
    return new QuerySource(this.scope, entity, `s${this.scope.nextAlias++}`);
  }

  /**
   * The cell that `path` (`name`, `owner.name`) leads to, joining what is needed.
   * @param at JSON Pointer for the fault
   * @throws MRT_QUERY_FIELD_UNKNOWN also for a field that the actor can never read, so that it stays unknown to him
   */
  cell(path: string, at: string): Cell {
    const segments = path.split('.');
    if (segments.length > MAX_HOPS)
      throw queryProblem('MRT_QUERY_FIELD_UNKNOWN', { entity: this.entity.name, field: path }, at);
    let cell = this.#ownCell(this.entity, this.alias, segments[0]!, segments[0]!, 'true', at);
    for (const [index, name] of segments.entries()) {
      if (index === 0) continue;
      cell = this.#throughReference(cell, name, segments.slice(0, index + 1).join('.'), at);
    }
    return this.#assumed.has(cell.readable) ? { ...cell, readable: 'true', masked: null } : cell;
  }

  /** The column of a field of the main entity, without any gate: for what the platform checks itself. */
  rawColumn(field: FieldModel): string {
    return this.#column(this.entity, this.alias, field);
  }

  #rowsOf(entity: EntityModel, set: ScopeSet, alias: string): string {
    const sql = scopeSql(this.scope.roles.model, entity, set, alias, this.scope.parameters.bind);
    if (sql !== 'true') this.scope.gated = true;
    return sql;
  }

  #ownCell(entity: EntityModel, alias: string, name: string, path: string, before: string, at: string): Cell {
    const field = entity.fields.get(name);
    const rights = this.scope.roles.entity(entity);
    const cell = field && rights.field(field);
    if (!field || !cell || cell.read.length + cell.masked.length === 0) {
      throw queryProblem('MRT_QUERY_FIELD_UNKNOWN', { entity: entity.name, field: name }, at);
    }
    const reach = reachOf(rights, field);
    const scoped = reach.everywhere ? 'true' : this.#rowsOf(entity, cell.read, alias);
    const readable = this.#assumed.has(scoped) ? 'true' : scoped;
    const masked = readable === 'true' || !reach.masks ? null : this.#rowsOf(entity, cell.masked, alias);
    return {
      path,
      field,
      entity,
      expression: this.#column(entity, alias, field),
      readable: conjunction([before, readable]),
      masked: masked === null ? null : conjunction([before, masked]),
    };
  }

  #column(entity: EntityModel, alias: string, field: FieldModel): string {
    if (!field.column) return `${alias}.id`;
    if (field.column.table === entity.table) return `${alias}.${quoteName(field.column.name)}`;
    const part = this.#join(
      `${alias}/${field.column.table}`,
      (joined) => `LEFT JOIN ${quoteName(field.column!.table)} ${joined} ON ${joined}.id = ${alias}.id`,
    );
    return `${part}.${quoteName(field.column.name)}`;
  }

  #throughReference(from: Cell, name: string, path: string, at: string): Cell {
    const targetName = from.field.type === 'reference' ? targetEntity(from.field) : null;
    const target = targetName === null ? undefined : this.scope.roles.model.entities.get(targetName);
    if (!target) throw queryProblem('MRT_QUERY_FIELD_UNKNOWN', { entity: from.entity.name, field: path }, at);
    const visible = this.scope.roles.entity(target).visible;
    if (visible.length === 0)
      throw queryProblem('MRT_QUERY_FIELD_UNKNOWN', { entity: from.entity.name, field: path }, at);
    const alias = this.#join(`${this.alias}:${from.path}`, (joined) => {
      const gate = this.#rowsOf(target, visible, joined);
      const on = conjunction([`${joined}.id = ${from.expression}`, gate]);
      return `LEFT JOIN ${quoteName(target.table)} ${joined} ON ${on}`;
    });
    const inner = this.#ownCell(target, alias, name, path, 'true', at);
    // An empty reference is an empty value. A reference to what the actor may not know of is an unreadable one.
    const reached = conjunction([`${alias}.id IS NOT NULL`, inner.readable]);
    return {
      ...inner,
      readable: conjunction([from.readable, `(${from.expression} IS NULL OR ${reached})`]),
      masked:
        inner.masked === null ? null : conjunction([from.readable, `${alias}.id IS NOT NULL`, inner.masked]),
    };
  }

  #join(key: string, build: (alias: string) => string): string {
    const known = this.#joins.get(key);
    if (known) return known.alias;
    const alias = `j${this.scope.nextAlias++}`;
    // Reserve the place first: what the join builds on is already there.
    const sql = build(alias);
    this.#joins.set(key, { alias, sql });
    return alias;
  }
}

/** Joins conditions with AND, leaving out `true` and repetitions. */
export function conjunction(conditions: readonly string[]): string {
  const needed = [...new Set(conditions)].filter((condition) => condition !== 'true');
  if (needed.includes('false')) return 'false';
  return needed.length === 0 ? 'true' : needed.length === 1 ? needed[0]! : `(${needed.join(' AND ')})`;
}

/** Joins conditions with OR, leaving out `false`. */
export function disjunction(conditions: readonly string[]): string {
  const needed = conditions.filter((condition) => condition !== 'false');
  if (needed.includes('true')) return 'true';
  return needed.length === 0 ? 'false' : needed.length === 1 ? needed[0]! : `(${needed.join(' OR ')})`;
}
