import { checkExpression, type TypeScope } from './check.ts';
import { ExpressionError } from './expression-error.ts';
import type { ExpressionUser, SqlArgument, SqlSite, TypedNode } from './node.ts';
import type { Expression } from './syntax.ts';
import { type ExpressionType, isList, isNumber } from './types.ts';
import { isNumeric, numberText, type Value } from './value.ts';

/** A column as the query names it. */
export interface SqlColumn {
  /** Quoted, qualified: `c."name"`. */
  readonly sql: string;
  readonly type: ExpressionType;
  /** `uuid` or `uuid[]` where the column is one: texts are compared with it without losing its index. */
  readonly storage?: 'uuid' | 'uuid[]';
}

/** Placeholders of a statement, each bound when it is asked for. */
interface SqlPlaceholders {
  id(): string;
  unit(): string;
  roles(): string;
  now(): string;
  today(): string;
  timeZone(): string;
}

/** What SQL is compiled for. */
export interface SqlScope {
  /** The column of a field path; undefined where the query cannot reach it. */
  column(path: readonly string[]): SqlColumn | undefined;
  /** Adds a parameter and gives its placeholder. Values are texts. */
  bind(value: string): string;
  /** Business date, `YYYY-MM-DD`. */
  readonly today: string;
  /** The moment, ISO 8601. */
  readonly now: string;
  readonly timeZone: string;
  readonly user: ExpressionUser;
  /** Stand for the user's values and the clock, where one text serves many users and moments. */
  readonly placeholders?: SqlPlaceholders;
  /** The condition that a tree value is `code` or lies below it; `type` is the column's, `path` the field's. */
  under?(columnSql: string, type: ExpressionType, code: string, path: string): string;
}

/**
 * PostgreSQL SQL with the same result as `evaluateExpression`: a boolean that is never null for conditions, numbers
 * as numeric without trailing zeros. Never fails on a value (no division by zero, no overflow).
 * @throws ExpressionError for faults of the expression and for what SQL cannot do
 */
export function compileSql(expression: Expression, scope: SqlScope): string {
  const { root } = checkExpression(expression, columnTypes(scope));
  const writer = new Writer(scope);
  if (root.type === 'int') return writer.boundedInteger(root);
  if (root.type === 'decimal') return `trim_scale(${writer.argument(root).numeric()})`;
  return writer.argument(root).value();
}

/** The same for a WHERE clause: null counts as false there, so comparisons stay bare and can use an index. */
export function compileSqlCondition(expression: Expression, scope: SqlScope): string {
  const { root } = checkExpression(expression, columnTypes(scope));
  if (root.type !== 'bool' && root.type !== 'null') {
    throw new ExpressionError('type', root.position, {
      name: 'where',
      index: 1,
      expected: 'bool',
      actual: root.type,
    });
  }
  return new Writer(scope).argument(root).condition();
}

function columnTypes(scope: SqlScope): TypeScope {
  return { field: (path) => scope.column(path)?.type };
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

const SQL_TYPE: Readonly<Record<string, string>> = {
  bool: 'boolean',
  int: 'numeric',
  decimal: 'numeric',
  string: 'text',
  date: 'date',
  datetime: 'timestamptz',
};

class Writer {
  readonly #scope: SqlScope;

  constructor(scope: SqlScope) {
    this.#scope = scope;
  }

  /** An integer outside JavaScript's exact range has no result, here as there. */
  boundedInteger(node: TypedNode): string {
    if (node.kind === 'field' || node.kind === 'constant') return this.#value(node);
    const limit = Number.MAX_SAFE_INTEGER;
    return `(select case when abs(v) <= ${limit} then v::bigint end from (select ${this.argument(node).numeric()} as v) as result)`;
  }

  argument(node: TypedNode): SqlArgument {
    return {
      node,
      value: () => this.#typed(node),
      raw: () => this.#value(node),
      uuid: this.#uuid(node),
      numeric: () => this.#numeric(node),
      text: () => (node.type === 'null' ? 'null::text' : this.#typed(node)),
      truth: () => (isTotal(node) ? this.#typed(node) : `coalesce(${this.#boolean(node)}, false)`),
      condition: () => this.#condition(node),
    };
  }

  #boolean(node: TypedNode): string {
    return node.type === 'null' ? 'null::boolean' : this.#typed(node);
  }

  #condition(node: TypedNode): string {
    const operation = node.kind === 'apply' ? node.operation : undefined;
    if (node.kind !== 'apply' || !operation?.condition) return this.#boolean(node);
    return operation.condition(
      node.args.map((arg) => this.argument(arg)),
      this.#site(node),
    );
  }

  #numeric(node: TypedNode): string {
    if (node.type === 'null') return 'null::numeric';
    const sql = this.#typed(node);
    const exact = node.kind === 'apply' && node.operation.numeric && isNumber(node.type);
    return exact ? sql : `(${sql})::numeric`;
  }

  /** What has no type SQL knows (a JSON column) can be asked for null, nothing else. */
  #typed(node: TypedNode): string {
    if (node.kind === 'field' && (node.type === 'any' || node.type === 'list<any>')) {
      throw new ExpressionError('field-not-in-sql', node.position, { field: node.path.join('.') });
    }
    return this.#value(node);
  }

  #uuid(node: TypedNode): (() => string) | null {
    if (node.kind === 'field') {
      const column = this.#column(node);
      return column.storage ? () => column.sql : null;
    }
    const placeholders = this.#scope.placeholders;
    if (placeholders && node.kind === 'actor' && node.name !== 'roles') {
      const { name } = node;
      return () => `${placeholders[name]()}::uuid`;
    }
    const text =
      node.kind === 'constant'
        ? node.value
        : node.kind === 'actor' && node.name !== 'roles'
          ? this.#scope.user[node.name]
          : null;
    return typeof text === 'string' && UUID.test(text) ? () => `${this.#scope.bind(text)}::uuid` : null;
  }

  #value(node: TypedNode): string {
    switch (node.kind) {
      case 'constant':
        return this.#constant(node.value, node.type);
      case 'field':
        return this.#field(node);
      case 'actor':
        return this.#actor(node.name);
      case 'apply':
        return node.operation.sql(
          node.args.map((arg) => this.argument(arg)),
          this.#site(node),
        );
      case 'host':
        throw new ExpressionError('not-in-sql', node.position, { name: node.name });
      default:
        throw new ExpressionError('list-place', node.position);
    }
  }

  #constant(value: Value, type: ExpressionType): string {
    if (value === null) return `null::${SQL_TYPE[type] ?? 'text'}`;
    if (typeof value === 'boolean') return String(value);
    if (isNumeric(value)) return numberText(value);
    return `${this.#scope.bind(String(value))}::${SQL_TYPE[type] ?? 'text'}`;
  }

  #field(node: TypedNode & { readonly kind: 'field' }): string {
    const column = this.#column(node);
    if (column.storage) return `(${column.sql})::${isList(column.type) ? 'text[]' : 'text'}`;
    return column.sql;
  }

  #column(node: TypedNode & { readonly kind: 'field' }): SqlColumn {
    const column = this.#scope.column(node.path);
    if (!column) throw new ExpressionError('field-not-in-sql', node.position, { field: node.path.join('.') });
    return column;
  }

  #actor(name: 'id' | 'unit' | 'roles'): string {
    const { user, placeholders } = this.#scope;
    if (placeholders)
      return name === 'roles' ? `${placeholders.roles()}::text[]` : `(${placeholders[name]()}::uuid)::text`;
    if (name !== 'roles') return this.#constant(user[name], 'string');
    return `array[${user.roles.map((role) => `${this.#scope.bind(role)}::text`).join(', ')}]::text[]`;
  }

  #site(node: TypedNode): SqlSite {
    const scope = this.#scope;
    return {
      position: node.position,
      get now() {
        return `${scope.placeholders?.now() ?? scope.bind(scope.now)}::timestamptz`;
      },
      get today() {
        return `${scope.placeholders?.today() ?? scope.bind(scope.today)}::date`;
      },
      get timeZone() {
        return `${scope.placeholders?.timeZone() ?? scope.bind(scope.timeZone)}::text`;
      },
      under: (field, code) => {
        if (!scope.under || field.kind !== 'field')
          throw new ExpressionError('not-in-sql', node.position, { name: 'under' });
        return scope.under(this.#column(field).sql, field.type, code, field.path.join('.'));
      },
    };
  }
}

function isTotal(node: TypedNode): boolean {
  return node.kind === 'apply'
    ? node.operation.total === true
    : node.kind === 'constant' && node.value !== null;
}
