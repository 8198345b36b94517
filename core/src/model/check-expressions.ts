import type { Fault } from '../errors/problem.ts';
import {
  checkExpression,
  ExpressionError,
  type ExpressionType,
  isNumber,
  parseExpression,
  toExpressionType,
  unify,
} from '../expression/index.ts';
import { fieldType, hasFieldType } from '../fields/registry.ts';
import type { CheckScope } from './check-scope.ts';
import { docFault } from './doc-fault.ts';
import type { EntityDocument, FieldDocument } from './documents.ts';
import { pointer } from './pointer.ts';

const CONDITIONS = ['visibleWhen', 'requiredWhen', 'readOnlyWhen'] as const;

/** Type-checks every expression of an entity document. */
export function checkFieldExpressions(document: EntityDocument, scope: CheckScope): Fault[] {
  const faults: Fault[] = [];
  const check = (source: string, at: string, wanted: ExpressionType | null): void => {
    faults.push(...expressionFaults(source, at, wanted, (path) => typeAt(document.name, path, scope)));
  };

  for (const [name, def] of Object.entries(scope.fields(document.name))) {
    const at = pointer('/properties', name);
    for (const attribute of CONDITIONS) {
      const source = def[attribute];
      if (typeof source === 'string') check(source, `${at}/${attribute}`, 'bool');
    }
    const initial = def.default;
    if (isExpression(initial)) check(initial.expr, `${at}/default/expr`, null);
    if (typeof def.compute === 'string') check(def.compute, `${at}/compute`, expressionTypeOf(def) ?? null);
  }
  for (const [name, rule] of Object.entries(document.rules ?? {})) {
    check(rule.when, `${pointer('/rules', name)}/when`, 'bool');
    if (rule.at !== undefined && !scope.hasField(document.name, rule.at)) {
      faults.push(
        docFault(
          `${pointer('/rules', name)}/at`,
          'MRT_DOC_REFERENCE',
          `字段“${rule.at}”不存在`,
          `the field “${rule.at}” does not exist`,
        ),
      );
    }
  }
  return faults;
}

/** Faults of one expression: what it reads must be there, and its result of the wanted type; null takes any. */
export function expressionFaults(
  source: string,
  at: string,
  wanted: ExpressionType | null,
  field: (path: readonly string[]) => ExpressionType | undefined,
): Fault[] {
  try {
    const checked = checkExpression(parseExpression(source), { field });
    return wanted === null || fits(checked.type, wanted) ? [] : [wrongResult(at, checked.type, wanted)];
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    return [
      docFault(
        at,
        'MRT_DOC_EXPRESSION',
        `${error.text['zh-CN']}(第 ${error.position + 1} 个字符)`,
        `${error.text.en} (character ${error.position + 1})`,
      ),
    ];
  }
}

/** A number is rounded to what the field holds; everything else must be of its type. */
function fits(found: ExpressionType, wanted: ExpressionType): boolean {
  if (found === 'any' || wanted === 'any' || found === 'null' || found === wanted) return true;
  return isNumber(found) && isNumber(wanted) ? true : unify(found, wanted) === wanted;
}

function wrongResult(at: string, found: ExpressionType, wanted: ExpressionType): Fault {
  return wanted === 'bool'
    ? docFault(
        at,
        'MRT_DOC_EXPRESSION',
        `条件的结果须为真或假,而不是 ${found}`,
        `a condition must yield true or false, not ${found}`,
      )
    : docFault(
        at,
        'MRT_DOC_EXPRESSION',
        `公式的结果须为 ${wanted},而不是 ${found}`,
        `the formula must yield ${wanted}, not ${found}`,
      );
}

/** `{ "expr": CEL }`, the form of a calculated default. */
function isExpression(value: unknown): value is { readonly expr: string } {
  return (
    typeof value === 'object' && value !== null && typeof (value as { expr?: unknown }).expr === 'string'
  );
}

/** Expression type of a path: own fields, `old.<field>`, one reference away, an attribute of a dictionary's value. */
export function typeAt(
  entity: string,
  path: readonly string[],
  scope: CheckScope,
): ExpressionType | undefined {
  const own = path[0] === 'old' && path.length > 1 ? path.slice(1) : path;
  const def = scope.fieldAt(entity, own.join('.'));
  if (def === undefined) return scope.hasAttribute(entity, own) ? 'string' : undefined;
  return expressionTypeOf(def);
}

/** The type an expression sees of a field. The key is a string; children have none. */
export function expressionTypeOf(def: FieldDocument): ExpressionType | undefined {
  if (def.field === 'id') return 'string';
  return hasFieldType(def.field) ? toExpressionType(fieldType(def.field).expressionType(def)) : undefined;
}
