import {
  checkExpression,
  evaluateExpression,
  ExpressionError,
  parseExpression,
  toExpressionType,
  type CheckedExpression,
  type ExpressionType,
} from '@mortise/core/expression';
import { fieldType, hasFieldType } from '@mortise/core/fields';
import type { DictionaryView, EntityView, FieldView, RecordData } from '@mortise/core/contract';

/** Who and when, besides the record's own values. */
export interface ConditionScope {
  readonly user: { readonly id: string; readonly unit: string | null; readonly roles: readonly string[] };
  readonly timeZone: string;
  readonly dictionaries: ReadonlyMap<string, DictionaryView>;
}

function typeOf(field: FieldView | undefined): ExpressionType | undefined {
  if (!field) return undefined;
  if (!hasFieldType(field.type)) return 'string';
  const def = { ...field.def, field: field.type, label: field.label };
  return toExpressionType(fieldType(field.type).expressionType(def));
}

const cache = new WeakMap<EntityView, Map<string, CheckedExpression | null>>();

/** The checked expression, once per entity version. Null where it reads what this user may not see. */
function compile(source: string, entity: EntityView): CheckedExpression | null {
  let known = cache.get(entity);
  if (!known) cache.set(entity, (known = new Map()));
  let checked = known.get(source);
  if (checked === undefined) {
    const fields = new Map(entity.fields.map((field) => [field.name, field]));
    try {
      checked = checkExpression(parseExpression(source), {
        field: (path) => {
          const name = path[0] === 'old' ? path[1] : path[0];
          if (name === undefined) return undefined;
          return path.length > (path[0] === 'old' ? 2 : 1)
            ? 'any'
            : (typeOf(fields.get(name)) ?? (name === 'id' ? 'string' : 'any'));
        },
      });
    } catch (error) {
      // The server checked it; what fails here is only a function the browser does not know.
      if (!(error instanceof ExpressionError)) throw error;
      checked = null;
    }
    known.set(source, checked);
  }
  return checked;
}

/** Paths that an expression reads: `customer.address`. None where it cannot be told. */
export function readsOf(source: string, entity: EntityView): readonly string[] {
  return compile(source, entity)?.reads ?? [];
}

/** Is `code` itself or an ancestor of it `above`? */
function isUnder(dictionary: DictionaryView | undefined, code: string, above: string): boolean {
  const parents = new Map(dictionary?.values.map((value) => [value.code, value.parent]));
  for (let at: string | null | undefined = code; at; at = parents.get(at)) if (at === above) return true;
  return false;
}

/** Value of an expression over a draft (`old` is the stored record). Undefined when it cannot be told here. */
export function evaluate(
  source: string,
  entity: EntityView,
  draft: RecordData,
  stored: RecordData,
  scope: ConditionScope,
): unknown {
  const checked = compile(source, entity);
  if (!checked) return undefined;
  const fields = new Map(entity.fields.map((field) => [field.name, field]));
  try {
    return evaluateExpression(checked, {
      field: (path) => (path[0] === 'old' ? stored[path.slice(1).join('.')] : draft[path.join('.')]),
      now: new Date(),
      timeZone: scope.timeZone,
      user: scope.user,
      functions: {
        under: (value, code, path) => {
          const name = Array.isArray(path) ? String(path[0]) : String(path);
          const dictionary = scope.dictionaries.get(String(fields.get(name)?.def['dictionary']));
          const codes = Array.isArray(value) ? value : [value];
          return codes.some((each) => typeof each === 'string' && isUnder(dictionary, each, String(code)));
        },
      },
    });
  } catch (error) {
    if (error instanceof ExpressionError) return undefined;
    throw error;
  }
}

/** A condition of a document; without one the answer is `otherwise`, so that nothing disappears by accident. */
export function holds(
  source: unknown,
  otherwise: boolean,
  entity: EntityView,
  draft: RecordData,
  stored: RecordData,
  scope: ConditionScope,
): boolean {
  if (typeof source !== 'string' || source === '') return otherwise;
  const result = evaluate(source, entity, draft, stored, scope);
  return typeof result === 'boolean' ? result : result === undefined ? otherwise : false;
}

/** Dictionaries whose tree the entity's conditions walk (`under(…)`). */
export function dictionariesOfConditions(entity: EntityView): string[] {
  const texts = JSON.stringify([entity.forms, entity.fields.map((field) => field.def)]);
  if (!texts.includes('under(')) return [];
  return entity.fields
    .filter((field) => texts.includes(`under(${field.name}`) && typeof field.def['dictionary'] === 'string')
    .map((field) => String(field.def['dictionary']));
}
