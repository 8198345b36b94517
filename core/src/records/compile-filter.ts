import { FilterValueError, type FilterOperator, type FilterScope } from '../fields/field-type.ts';
import { filterUuid } from '../fields/uuid.ts';
import type { EntityModel, FieldModel } from '../model/model.ts';
import { quoteName } from '../access/quote-name.ts';
import { problem } from '../errors/catalogue.ts';
import { conjunction, disjunction, type Cell, type QuerySource } from './query-source.ts';
import { pointerSegment, queryProblem } from './query-problem.ts';
import { targetEntity, typeOfField } from './type-of-field.ts';
import { machinesOf } from '../workflow/machines-of.ts';
import { waitingSql } from './workflow/waiting-sql.ts';
import { notDeleted } from './row-state.ts';
import { isObject } from '../text/is-object.ts';

/** The filter language of DESIGN §12 as it comes from JSON. */
export type Filter = Readonly<Record<string, unknown>>;

const OPERATORS: ReadonlySet<string> = new Set<FilterOperator>([
  'eq',
  'ne',
  'gt',
  'gte',
  'lt',
  'lte',
  'in',
  'nin',
  'like',
  'ilike',
  'contains',
  'startsWith',
  'null',
  'under',
  'near',
]);
const MAX_DEPTH = 12;
const MAX_CONDITIONS = 200;

interface Walk {
  readonly source: QuerySource;
  readonly scope: FilterScope;
  conditions: number;
}

/**
 * Compiles a filter to one SQL condition. Every comparison counts only where its field may be read, also under
 * `$not`, which is therefore pushed down to the comparisons: what is hidden decides nothing (DESIGN §5).
 * @throws MRT_QUERY_FIELD_UNKNOWN, MRT_QUERY_OPERATOR, MRT_QUERY_VALUE with the place, e.g. `/filter/$or/1/name/$in`
 */
export function compileFilter(
  source: QuerySource,
  filter: Filter,
  scope: FilterScope,
  at = '/filter',
): string {
  return group({ source, scope, conditions: 0 }, filter, at, false, 0, true);
}

/** @param certain the condition holds for every row of the statement: it stands under no OR */
function group(
  walk: Walk,
  filter: unknown,
  at: string,
  negated: boolean,
  depth: number,
  certain: boolean,
): string {
  if (!isObject(filter))
    throw queryProblem('MRT_QUERY_VALUE', { field: at, reason: 'an object is needed' }, at);
  if (depth > MAX_DEPTH)
    throw problem('MRT_REQUEST_MALFORMED', { reason: `the filter is nested deeper than ${MAX_DEPTH}` });
  const alone = certain && !negated;
  const parts = Object.entries(filter).map(([key, value]) => {
    const here = `${at}/${pointerSegment(key)}`;
    if (key === '$not') return group(walk, value, here, !negated, depth + 1, alone);
    if (key === '$and' || key === '$or') {
      if (!Array.isArray(value))
        throw queryProblem('MRT_QUERY_VALUE', { field: key, reason: 'a list is needed' }, here);
      const inner = value.map((item: unknown, index) =>
        group(walk, item, `${here}/${index}`, negated, depth + 1, alone && key === '$and'),
      );
      return (key === '$and') === negated ? disjunction(inner) : conjunction(inner);
    }
    if (key === '$waiting' && (value === true || isStateField(walk, value))) {
      // It says what the reader may do, of rows that he may know of; it holds or not, and is never unknown.
      const waiting = waitingSql(walk.source, walk.scope.roles ?? [], value === true ? null : String(value));
      return negated ? `(${waiting}) IS NOT TRUE` : waiting;
    }
    if (key.startsWith('$')) throw queryProblem('MRT_QUERY_OPERATOR', { field: at, operator: key }, here);
    return comparisons(walk, key, value, here, negated, alone);
  });
  return negated ? disjunction(parts) : conjunction(parts);
}

/** Does the value name a field that holds the state of a workflow? */
function isStateField({ source }: Walk, value: unknown): boolean {
  return machinesOf(source.scope.roles.model, source.entity).some(({ regions }) =>
    regions.some(({ field }) => field.name === value),
  );
}

/** `{ field: value }`, `{ field: { $op: value, … } }` */
function comparisons(
  walk: Walk,
  path: string,
  value: unknown,
  at: string,
  negated: boolean,
  certain: boolean,
): string {
  if (!isObject(value)) {
    return value === null
      ? comparison(walk, path, 'null', true, at, at, negated, certain)
      : comparison(walk, path, 'eq', value, at, at, negated, certain);
  }
  const alone = certain && !negated;
  const parts = Object.entries(value).map(([key, operand]) => {
    const here = `${at}/${pointerSegment(key)}`;
    if (key === '$not') return comparisons(walk, path, operand, here, !negated, alone);
    if (key === '$me' || key === '$today') return comparison(walk, path, 'eq', key, at, here, negated, alone);
    const operator = key.slice(1);
    if (!key.startsWith('$') || !OPERATORS.has(operator))
      throw queryProblem('MRT_QUERY_OPERATOR', { field: path, operator: key }, here);
    return comparison(walk, path, operator as FilterOperator, operand, at, here, negated, alone);
  });
  if (parts.length === 0)
    throw queryProblem('MRT_QUERY_VALUE', { field: path, reason: 'an operator is needed' }, at);
  return negated ? disjunction(parts) : conjunction(parts);
}

/** Splits a path at its first field that leads to many records. */
function manyAt(
  source: QuerySource,
  path: string,
): { readonly before: string; readonly after: string } | null {
  const segments = path.split('.');
  let entity = source.entity;
  for (const [index, name] of segments.entries()) {
    const field = entity.fields.get(name);
    const target = field && targetEntity(field);
    if (!field || !target || index === segments.length - 1) return null;
    if (field.type !== 'reference')
      return { before: segments.slice(0, index + 1).join('.'), after: segments.slice(index + 1).join('.') };
    const next = source.scope.roles.model.entities.get(target);
    if (!next) return null;
    entity = next;
  }
  return null;
}

function comparison(
  walk: Walk,
  path: string,
  operator: FilterOperator,
  value: unknown,
  fieldAt: string,
  at: string,
  negated: boolean,
  certain: boolean,
): string {
  walk.conditions += 1;
  if (walk.conditions > MAX_CONDITIONS)
    throw problem('MRT_REQUEST_MALFORMED', {
      reason: `the filter has more than ${MAX_CONDITIONS} conditions`,
    });
  const many = manyAt(walk.source, path);
  if (many) return anyOf(walk, many.before, many.after, operator, value, fieldAt, at, negated);
  const cell = walk.source.cell(path, fieldAt);
  const condition = compare(walk, cell, operator, value, at);
  if (certain) walk.source.assume(cell.readable);
  return conjunction([negated ? `(${condition}) IS NOT TRUE` : `(${condition})`, cell.readable]);
}

function compare(walk: Walk, cell: Cell, operator: FilterOperator, value: unknown, at: string): string {
  const { type, def } = typeOfField(cell.field);
  const tree = operator === 'under' ? treeOf(walk, cell) : null;
  const supported = type.operators.includes(operator) || tree !== null;
  if (!supported || !cell.field.column)
    throw queryProblem('MRT_QUERY_OPERATOR', { field: cell.path, operator: `$${operator}` }, at);
  const operand = placeholders(value, walk.scope);
  try {
    if (tree !== null) return underTree(walk, cell, tree, operand);
    return type.filter(
      operator,
      cell.expression,
      operand,
      walk.source.scope.parameters.bind,
      def,
      walk.scope,
    );
  } catch (error) {
    if (error instanceof FilterValueError)
      throw queryProblem('MRT_QUERY_VALUE', { field: cell.path, reason: error.message }, at);
    throw error;
  }
}

/** `$me` and `$today` as values. */
function placeholders(value: unknown, scope: FilterScope): unknown {
  if (value === '$me') return scope.user;
  if (value === '$today') return scope.today;
  if (isObject(value) && Object.keys(value).length === 1) {
    if ('$me' in value) return scope.user;
    if ('$today' in value) return scope.today;
  }
  // One level: the operand of `$in`. A deeper list is no operand, and its depth is the client's.
  return Array.isArray(value)
    ? value.map((item: unknown) => (Array.isArray(item) ? item : placeholders(item, scope)))
    : value;
}

/** A tree: what is in it, and the reference of its records to the one above. */
interface Tree {
  readonly entity: EntityModel;
  readonly parent: FieldModel;
}

/** The tree that a reference, or the id itself, leads into. */
function treeOf(walk: Walk, cell: Cell): Tree | null {
  if (cell.field.type !== 'reference' && cell.field.type !== 'id') return null;
  const name = cell.field.type === 'id' ? cell.entity.name : targetEntity(cell.field);
  const entity = name === null ? undefined : walk.source.scope.roles.model.entities.get(name);
  const parent =
    entity &&
    [...entity.fields.values()].find(
      (field) =>
        field.type === 'reference' &&
        field.def['tree'] === true &&
        field.def['entity'] === entity.name &&
        field.column,
    );
  return entity && parent ? { entity, parent } : null;
}

/**
 * The record itself and what lies under it. A step down the tree counts only where its reference may be read: what is
 * hidden on the way leads nowhere (DESIGN §5).
 */
function underTree(walk: Walk, cell: Cell, { entity, parent }: Tree, value: unknown): string {
  const root = `${walk.source.scope.parameters.bind(filterUuid(value))}::uuid`;
  const rights = walk.source.scope.roles.entity(entity);
  const field = rights.field(parent);
  if (rights.visible.length === 0 || field.read.length + field.masked.length === 0)
    return `${cell.expression} = ${root}`;
  const step = walk.source.sub(entity);
  const up = step.cell(parent.name, '');
  const gate = conjunction([step.visible(), up.readable]);
  const where = gate === 'true' ? '' : ` WHERE ${gate}`;
  return `${cell.expression} IN (WITH RECURSIVE below AS (SELECT ${root} AS id UNION SELECT ${step.alias}.id FROM ${step.from()} JOIN below b ON ${up.expression} = b.id${where}) SELECT id FROM below)`;
}

/** A comparison on records of which there may be many: does any readable one match? */
function anyOf(
  walk: Walk,
  before: string,
  after: string,
  operator: FilterOperator,
  value: unknown,
  fieldAt: string,
  at: string,
  negated: boolean,
): string {
  const cell = walk.source.cell(before, fieldAt);
  const target = walk.source.scope.roles.model.entities.get(targetEntity(cell.field)!);
  if (!target)
    throw queryProblem('MRT_QUERY_FIELD_UNKNOWN', { entity: cell.entity.name, field: before }, fieldAt);
  const inner = walk.source.sub(target);
  const by = cell.field.def['by'];
  const link =
    cell.field.type === 'references'
      ? `${inner.alias}.id = ANY(${cell.expression})`
      : `${inner.alias}.${quoteName(target.fields.get(String(by))?.column?.name ?? String(by))} = ${cell.expression}`;
  const match = comparison({ ...walk, source: inner }, after, operator, value, fieldAt, at, false, false);
  const where = conjunction([link, inner.visible(), notDeleted(inner), match]);
  const exists = `EXISTS (SELECT 1 FROM ${inner.from()} WHERE ${where})`;
  return conjunction([negated ? `NOT ${exists}` : exists, cell.readable]);
}
