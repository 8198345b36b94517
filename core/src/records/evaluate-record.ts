import { evaluator, type CheckedExpression } from '../expression/index.ts';
import { Big } from 'big.js';
import type { Context } from '../context/context.ts';
import type { Fault } from '../errors/problem.ts';
import type { EntityModel, FieldModel } from '../model/model.ts';
import type { Dictionaries } from '../store/dictionaries.ts';
import { calculationsOf } from './calculations.ts';
import { fitDerived } from './derived/fit-derived.ts';
import { pointerSegment } from './query-problem.ts';
import type { RelatedValues } from './related-values.ts';
import { isEmptyValue } from './same-value.ts';
import { typeOfField } from './type-of-field.ts';
import { faultAt, faultWith } from './value-fault.ts';
import { writeFields } from './write-fields.ts';

/** A record (or line) while it is calculated. */
export interface Calculated {
  readonly entity: EntityModel;
  readonly values: Record<string, unknown>;
  readonly previous: Readonly<Record<string, unknown>> | null;
  /** JSON Pointer of the record within the request: `''`, `/lines/0`. */
  readonly at: string;
}

/** What expressions need besides the record. */
export interface CalculationScope {
  readonly context: Context;
  readonly dictionaries: Dictionaries;
  readonly related: RelatedValues;
}

function under(scope: CalculationScope, entity: EntityModel, args: readonly unknown[]): boolean {
  const [value, code, path] = args;
  const [first, second] = String(path)
    .replace(/^old\./, '')
    .split('.');
  const own = entity.fields.get(first ?? '');
  const field =
    second === undefined
      ? own
      : scope.context.model.entities.get(String(own?.def['entity']))?.fields.get(second);
  const dictionary = field?.def['dictionary'];
  if (typeof dictionary !== 'string') return false;
  const below = scope.dictionaries.descendants(dictionary, String(code));
  return (Array.isArray(value) ? value : [value]).some(
    (each) => each === code || below.includes(String(each)),
  );
}

/** Evaluates expressions over a record, whose values may change between two of them. */
function evaluatorOf(
  record: Calculated,
  scope: CalculationScope,
  named: Readonly<Record<string, unknown>> = {},
): (expression: CheckedExpression) => unknown {
  const { context, related } = scope;
  return evaluator({
    field(path) {
      const old = path[0] === 'old' && path.length > 1 && !record.entity.fields.has('old');
      const [first = '', second] = old ? path.slice(1) : path;
      if (second === undefined && !record.entity.fields.has(first) && first in named) return named[first];
      const value = (old ? record.previous : record.values)?.[first] ?? null;
      if (second === undefined || value === null) return value;
      const field = record.entity.fields.get(first);
      if (field?.type !== 'choice') return related.value(record.entity, first, value, second);
      const attribute = scope.dictionaries.value(String(field.def['dictionary']), String(value))?.data[
        second
      ];
      return attribute === undefined ? null : String(attribute);
    },
    now: context.now,
    timeZone: context.timeZone,
    user: { id: context.actor.id, unit: context.actor.unit, roles: context.actor.roles },
    functions: { under: (...args) => under(scope, record.entity, args) },
  });
}

/** Evaluates an expression on a record. @param named values beside the fields, e.g. the opinion of a transition */
export function evaluate(
  expression: CheckedExpression,
  record: Calculated,
  scope: CalculationScope,
  named: Readonly<Record<string, unknown>> = {},
): unknown {
  return evaluatorOf(record, scope, named)(expression);
}

/** A calculated value as the field stores it: rounded to its decimals (half away from zero), cut to nothing else. */
function fit(field: FieldModel, value: unknown): unknown {
  if (value === null || value === undefined) return null;
  const scale = /^numeric\(\d+,\s*(\d+)\)/.exec(field.column?.type ?? '')?.[1];
  const { type, def } = typeOfField(field);
  if (scale !== undefined) return new Big(String(value)).round(Number(scale), 1).toFixed(Number(scale));
  if (field.type === 'integer') return Number(new Big(String(value)).round(0, 1));
  return type.normalise(value, def);
}

/** A calculated value as the field stores it, its faults added to `faults`. */
export function fitChecked(field: FieldModel, value: unknown, record: Calculated, faults: Fault[]): unknown {
  if (field.derived) return fitDerived(field.column?.type ?? '', value);
  const fitted = fit(field, value);
  if (fitted === null) return null;
  const { type, def } = typeOfField(field);
  const fault = type.checkValue(fitted, def);
  if (fault) faults.push(faultWith(`${record.at}/${pointerSegment(field.name)}`, fault.code, fault.message));
  return fitted;
}

/** Fills the fields of a new record that were not sent with their defaults. */
export function applyDefaults(record: Calculated, scope: CalculationScope, faults: Fault[]): void {
  const evaluate = evaluatorOf(record, scope);
  for (const each of calculationsOf(scope.context.model, record.entity).defaults) {
    const { name } = each.field;
    if (record.values[name] !== undefined) continue;
    const value = 'expression' in each ? evaluate(each.expression) : each.value;
    record.values[name] = fitChecked(each.field, value, record, faults);
  }
}

/** Nothing refers to a new record yet. */
function emptyRollups({ entity, values }: Calculated): void {
  for (const { name, derived, def, column } of entity.fields.values()) {
    if (!derived || def.rollup === undefined) continue;
    const isTotal = def.rollup.function === 'count' || def.rollup.function === 'sum';
    values[name] = isTotal ? fitDerived(column?.type ?? '', 0) : null;
  }
}

/** Calculates the computed fields, each after those it reads. */
export function applyComputed(record: Calculated, scope: CalculationScope, faults: Fault[]): void {
  if (record.previous === null) emptyRollups(record);
  const evaluate = evaluatorOf(record, scope);
  for (const { field, expression } of calculationsOf(scope.context.model, record.entity).computed) {
    record.values[field.name] = fitChecked(field, evaluate(expression), record, faults);
  }
}

/**
 * Calculates the formulas of a stored record anew, those over other records left out.
 * @returns the fields that were calculated; a value that does not fit the field becomes null
 */
export function recalculate(
  record: Calculated,
  scope: CalculationScope,
  isWanted: (field: FieldModel) => boolean,
): readonly FieldModel[] {
  const wanted = calculationsOf(scope.context.model, record.entity).computed.filter(
    ({ field }) => !field.derived && !field.system && isWanted(field),
  );
  const evaluate = evaluatorOf(record, scope);
  for (const { field, expression } of wanted) {
    const faults: Fault[] = [];
    const value = fitChecked(field, evaluate(expression), record, faults);
    record.values[field.name] = faults.length > 0 ? null : value;
  }
  return wanted.map(({ field }) => field);
}

/**
 * Faults of the finished record: what is missing, what is read-only now, which rules do not hold.
 * @param isChecked whether the plain `required` of a field is asked (always on create, on update of sent fields)
 */
export function checkRecord(
  record: Calculated,
  scope: CalculationScope,
  isChecked: (field: FieldModel) => boolean,
): Fault[] {
  const { entity, values, at } = record;
  const calculations = calculationsOf(scope.context.model, entity);
  const evaluate = evaluatorOf(record, scope);
  const faults: Fault[] = [];
  const missing = new Set<string>();
  for (const field of writeFields(entity).required)
    if (isEmptyValue(values[field.name]) && isChecked(field)) missing.add(field.name);
  for (const { field, expression } of calculations.requiredWhen) {
    if (isEmptyValue(values[field.name]) && evaluate(expression) === true) missing.add(field.name);
  }
  for (const name of missing)
    faults.push(faultAt(`${at}/${pointerSegment(name)}`, 'MRT_VALUE_REQUIRED', '必填。', 'It is required.'));
  for (const { name, rule, expression } of calculations.rules) {
    if (rule.level === 'warning' || evaluate(expression) === true) continue;
    const path = rule.at === undefined ? at : `${at}/${pointerSegment(rule.at)}`;
    faults.push(faultWith(path, `MRT_RULE_${name.toUpperCase()}`, rule.message));
  }
  return faults;
}

/** Names of the fields that may not be changed in the stored record (`readOnlyWhen`). */
export function lockedFields(record: Calculated, scope: CalculationScope): ReadonlySet<string> {
  const evaluate = evaluatorOf(record, scope);
  const locked = calculationsOf(scope.context.model, record.entity).readOnlyWhen.filter(
    ({ expression }) => evaluate(expression) === true,
  );
  return new Set(locked.map(({ field }) => field.name));
}
