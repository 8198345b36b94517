/** A value of one piece: text, numbers, truth and calendar. */
type ScalarType = 'bool' | 'int' | 'decimal' | 'string' | 'date' | 'datetime';

/**
 * The type of an expression. `null` is the literal's own type; `any` is decided by the value at run time and cannot
 * be compiled to SQL. Choices and references are strings, money is a decimal.
 */
export type ExpressionType = ScalarType | 'null' | 'any' | `list<${ScalarType | 'any'}>`;

const NAMES: ReadonlySet<string> = new Set([
  'bool',
  'int',
  'decimal',
  'string',
  'date',
  'datetime',
  'null',
  'any',
]);

/** The type a field type names (`FieldType.expressionType`). A `map` and an unknown name become `any`. */
export function toExpressionType(name: string): ExpressionType {
  const element = /^list<(\w+)>$/.exec(name)?.[1];
  const known = NAMES.has(element ?? name) && element !== 'null';
  if (!known) return element === undefined ? 'any' : 'list<any>';
  return name as ExpressionType;
}

export function isNumber(type: ExpressionType): boolean {
  return type === 'int' || type === 'decimal';
}

export function isList(type: ExpressionType): boolean {
  return type.startsWith('list<');
}

/** The type of a list's items; `any` for everything else. */
export function elementType(type: ExpressionType): ExpressionType {
  return isList(type) ? (type.slice(5, -1) as ExpressionType) : 'any';
}

/** The one type both values have, or null when there is none: an integer widens to decimal, null to anything. */
export function unify(a: ExpressionType, b: ExpressionType): ExpressionType | null {
  if (a === b) return a;
  if (a === 'null') return b;
  if (b === 'null') return a;
  if (a === 'any' || b === 'any') return 'any';
  if (isNumber(a) && isNumber(b)) return 'decimal';
  if (isList(a) && isList(b)) {
    const element = unify(elementType(a), elementType(b));
    return element === null ? null : (`list<${element}>` as ExpressionType);
  }
  return null;
}
