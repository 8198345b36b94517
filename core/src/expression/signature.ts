import { isDate, toMoment } from './calendar.ts';
import type { FunctionDefinition, Operation, Signature, TypedNode } from './node.ts';
import { type ExpressionType, isList, isNumber, unify } from './types.ts';

/** What a parameter accepts; null and `any` are accepted everywhere. */
const ACCEPTS = {
  bool: (type: ExpressionType): boolean => type === 'bool',
  int: (type: ExpressionType): boolean => type === 'int',
  number: isNumber,
  string: (type: ExpressionType): boolean => type === 'string',
  date: (type: ExpressionType): boolean => type === 'date',
  calendar: (type: ExpressionType): boolean => type === 'date' || type === 'datetime',
  ordered: (type: ExpressionType): boolean => isNumber(type) || type === 'date' || type === 'datetime',
  scalar: (type: ExpressionType): boolean => !isList(type),
  numeral: (type: ExpressionType): boolean => isNumber(type) || type === 'string',
  sized: (type: ExpressionType): boolean => type === 'string' || isList(type),
} as const;

export type Parameter = keyof typeof ACCEPTS;

/** Refuses an argument whose type the parameter does not accept. */
export function accept(
  types: readonly ExpressionType[],
  index: number,
  parameter: Parameter,
  signature: Signature,
): void {
  const type = types[index] as ExpressionType;
  if (type !== 'null' && type !== 'any' && !ACCEPTS[parameter](type)) signature.wrong(index, parameter);
}

/** A function of fixed parameters; the last may be left out `optional` times. */
export function define(
  parameters: readonly Parameter[],
  type: ExpressionType | ((types: readonly ExpressionType[]) => ExpressionType),
  operation: Operation,
): FunctionDefinition {
  return {
    minimum: parameters.length,
    maximum: parameters.length,
    resolve(_args, signature) {
      parameters.forEach((parameter, index) => accept(signature.types, index, parameter, signature));
      return { type: typeof type === 'function' ? type(signature.types) : type, operation };
    },
  };
}

/** `int` when every number is one; null counts as an integer, `any` makes the result `any`. */
export function numberType(types: readonly ExpressionType[]): ExpressionType {
  if (types.includes('any')) return 'any';
  return types.includes('decimal') ? 'decimal' : 'int';
}

/** Turns a text constant into the date or moment that the other side asks for. */
function asCalendar(node: TypedNode, type: ExpressionType, signature: Signature): TypedNode {
  if ((type !== 'date' && type !== 'datetime') || node.kind !== 'constant' || typeof node.value !== 'string')
    return node;
  if (node.type !== 'string') return node;
  const value = type === 'datetime' ? toMoment(node.value) : isDate(node.value) ? node.value : null;
  if (value === null) signature.notConstant(-1, node.value);
  return { ...node, type, value };
}

/** The arguments brought to one type, and that type. Text constants beside dates become dates. */
export function align(
  args: readonly TypedNode[],
  signature: Signature,
): { readonly type: ExpressionType; readonly args: readonly TypedNode[] } {
  const calendar = args.find((arg) => arg.type === 'date' || arg.type === 'datetime')?.type;
  const aligned = calendar ? args.map((arg) => asCalendar(arg, calendar, signature)) : args;
  let type: ExpressionType = 'null';
  for (const arg of aligned) {
    const common = unify(type, arg.type);
    if (common === null) signature.mismatch(type, arg.type);
    type = common;
  }
  // A bare null has no type in SQL; here it takes the others'.
  const typed = aligned.map((arg) =>
    arg.type === 'null' ? ({ kind: 'constant', value: null, type, position: arg.position } as const) : arg,
  );
  return { type, args: typed };
}
