import {
  checkExpression,
  compileSqlCondition,
  evaluator,
  parseExpression,
  type CheckedExpression,
  type ExpressionType,
  type SqlColumn,
} from '../expression/index.ts';
import type { Bind } from '../fields/field-type.ts';
import { expressionTypeOf } from '../model/check-expressions.ts';
import type { EntityModel, FieldModel } from '../model/model.ts';
import { ACTOR_MARKERS, type ActorParameters } from './actor-parameters.ts';
import { quoteName } from './quote-name.ts';
import type { ScopedRow } from './scope-set.ts';

/** A condition of a grant (`when`), checked against the entity it is about. */
export interface RowCondition {
  readonly source: string;
  readonly expression: CheckedExpression;
  /** Names of the fields it reads. */
  readonly reads: readonly string[];
}

const COMPILED = new WeakMap<EntityModel, Map<string, RowCondition>>();

/** The condition, checked once for an entity. @throws ExpressionError when it does not fit, which the check of the role has found before */
export function rowCondition(entity: EntityModel, source: string): RowCondition {
  let known = COMPILED.get(entity);
  if (!known) COMPILED.set(entity, (known = new Map()));
  let condition = known.get(source);
  if (!condition) {
    const expression = checkExpression(parseExpression(source), { field: (path) => typeOf(entity, path) });
    const reads = expression.reads.map((path) => path.split('.')[0] ?? path);
    known.set(source, (condition = { source, expression, reads }));
  }
  return condition;
}

function typeOf(entity: EntityModel, path: readonly string[]): ExpressionType | undefined {
  const field = path.length === 1 ? entity.fields.get(path[0]!) : undefined;
  return field && isAskable(field) ? expressionTypeOf(field.def) : undefined;
}

/** May a condition read the field? One that is in the record itself, so that rows in memory and in SQL agree. */
function isAskable(field: FieldModel): boolean {
  return field.column !== null && !field.derived;
}

/** The condition on the rows of `alias`, with markers for the actor's values and the clock. */
export function conditionSql(
  condition: RowCondition,
  entity: EntityModel,
  alias: string,
  bind: Bind,
): string {
  const placeholder = (name: keyof typeof ACTOR_MARKERS) => (): string => bind(ACTOR_MARKERS[name]);
  const sql = compileSqlCondition(condition.expression, {
    column: (path) => columnOf(entity, alias, path),
    bind: (value) => bind(value),
    today: '',
    now: '',
    timeZone: '',
    user: { id: '', unit: null, roles: [] },
    placeholders: {
      id: placeholder('me'),
      unit: placeholder('unit'),
      roles: placeholder('roles'),
      now: placeholder('now'),
      today: placeholder('today'),
      timeZone: placeholder('timeZone'),
    },
  });
  return `(${sql})`;
}

function columnOf(entity: EntityModel, alias: string, path: readonly string[]): SqlColumn | undefined {
  const type = typeOf(entity, path);
  const column = entity.fields.get(path[0] ?? '')?.column;
  if (type === undefined || !column) return undefined;
  const name = quoteName(column.name);
  const sql =
    column.table === entity.table
      ? `${alias}.${name}`
      : `(SELECT part.${name} FROM ${quoteName(column.table)} part WHERE part.id = ${alias}.id)`;
  const storage = column.type === 'uuid' || column.type === 'uuid[]' ? column.type : null;
  return storage ? { sql, type, storage } : { sql, type };
}

/** Does it hold of a record in memory, whose values are in the form of the API? */
export function conditionHolds(condition: RowCondition, row: ScopedRow, actor: ActorParameters): boolean {
  const values = row as Readonly<Record<string, unknown>>;
  const evaluate = evaluator({
    field: ([name = '']) => values[name] ?? null,
    now: new Date(actor.now),
    timeZone: actor.timeZone,
    user: { id: actor.me ?? '', unit: actor.unit, roles: actor.roles },
  });
  return evaluate(condition.expression) === true;
}
