import type { Fault } from '../errors/problem.ts';
import {
  checkExpression,
  ExpressionError,
  type ExpressionType,
  parseExpression,
  toExpressionType,
} from '../expression/index.ts';
import { fieldType, hasFieldType } from '../fields/registry.ts';
import type { CheckScope } from './check-scope.ts';
import { docFault } from './doc-fault.ts';
import type { EntityDocument, FieldDocument } from './documents.ts';
import { pointer } from './pointer.ts';

const CONDITIONS = ['visibleWhen', 'requiredWhen', 'readOnlyWhen'] as const;

/** Type-checks every expression of an entity document and finds circles of computed fields. */
export function checkFieldExpressions(document: EntityDocument, scope: CheckScope): Fault[] {
  const faults: Fault[] = [];
  const reads = new Map<string, readonly string[]>();
  const check = (source: string, at: string, bool: boolean): readonly string[] => {
    try {
      const checked = checkExpression(parseExpression(source), {
        field: (path) => typeAt(document.name, path, scope),
      });
      if (bool && checked.type !== 'bool' && checked.type !== 'any' && checked.type !== 'null') {
        faults.push(
          docFault(
            at,
            'MRT_DOC_EXPRESSION',
            `条件的结果须为真或假,而不是 ${checked.type}`,
            `a condition must yield true or false, not ${checked.type}`,
          ),
        );
      }
      return checked.reads;
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error;
      faults.push(
        docFault(
          at,
          'MRT_DOC_EXPRESSION',
          `${error.text['zh-CN']}(第 ${error.position + 1} 个字符)`,
          `${error.text.en} (character ${error.position + 1})`,
        ),
      );
      return [];
    }
  };

  for (const [name, def] of Object.entries(scope.fields(document.name))) {
    const at = pointer('/properties', name);
    for (const attribute of CONDITIONS) {
      const source = def[attribute];
      if (typeof source === 'string') check(source, `${at}/${attribute}`, true);
    }
    const initial = def.default;
    if (isExpression(initial)) check(initial.expr, `${at}/default/expr`, false);
    if (typeof def.compute === 'string') reads.set(name, check(def.compute, `${at}/compute`, false));
  }
  for (const [name, rule] of Object.entries(document.rules ?? {})) {
    check(rule.when, `${pointer('/rules', name)}/when`, true);
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
  for (const name of reads.keys()) {
    if (readsItself(name, reads)) {
      faults.push(
        docFault(
          `${pointer('/properties', name)}/compute`,
          'MRT_DOC_CYCLE',
          '计算字段互相引用成环',
          'computed fields refer to each other in a circle',
        ),
      );
    }
  }
  return faults;
}

/** `{ "expr": CEL }`, the form of a calculated default. */
function isExpression(value: unknown): value is { readonly expr: string } {
  return (
    typeof value === 'object' && value !== null && typeof (value as { expr?: unknown }).expr === 'string'
  );
}

/** Expression type of a path: own fields, `old.<field>`, one reference away, an attribute of a dictionary's value. */
function typeAt(entity: string, path: readonly string[], scope: CheckScope): ExpressionType | undefined {
  const own = path[0] === 'old' && path.length > 1 ? path.slice(1) : path;
  const def = scope.fieldAt(entity, own.join('.'));
  if (def === undefined) return scope.hasAttribute(entity, own) ? 'string' : undefined;
  return expressionTypeOf(def);
}

/** The type an expression sees of a field. The key is a string; children have none. */
function expressionTypeOf(def: FieldDocument): ExpressionType | undefined {
  if (def.field === 'id') return 'string';
  return hasFieldType(def.field) ? toExpressionType(fieldType(def.field).expressionType(def)) : undefined;
}

function readsItself(start: string, reads: ReadonlyMap<string, readonly string[]>): boolean {
  const seen = new Set<string>();
  const visit = (name: string): boolean =>
    (reads.get(name) ?? []).some((read) => {
      if (read === start) return true;
      if (seen.has(read)) return false;
      seen.add(read);
      return visit(read);
    });
  return visit(start);
}
