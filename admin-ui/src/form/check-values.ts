import { Validator, type Schema } from '@cfworker/json-schema';
import { fieldType, hasFieldType } from '@mortise/core/fields';
import type { FieldView, LocaleText } from '@mortise/core/contract';

/** What is wrong with a value: key and parameters of a text of the screens, or the field type's own words. */
export type ValueFault =
  | { readonly key: string; readonly parameters?: Readonly<Record<string, string | number>> }
  | { readonly message: LocaleText };

const isEmpty = (value: unknown): boolean =>
  value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0);

const number = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);
const string = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
const limits = (def: FieldView['def']): Schema => ({
  ...(number(def['minLength']) === undefined ? {} : { minLength: def['minLength'] as number }),
  ...(number(def['maxLength']) === undefined ? {} : { maxLength: def['maxLength'] as number }),
  ...(string(def['pattern']) === undefined ? {} : { pattern: def['pattern'] as string }),
});

/** JSON Schema of a value that can be told in the browser; the server's stricter one decides. */
function schemaOf(field: FieldView): Schema | null {
  const { def } = field;
  switch (field.type) {
    case 'text':
    case 'longtext':
      return { type: 'string', ...limits(def) };
    case 'email':
      return { type: 'string', ...limits(def), pattern: '^[^\\s@]+@[^\\s@]+\\.[^\\s@]+$' };
    case 'integer':
      return { type: 'integer', ...range(def) };
    case 'decimal':
      return { type: 'string', pattern: `^-?\\d+(\\.\\d{1,${number(def['scale']) ?? 6}})?$` };
    case 'money':
      return { type: 'string', pattern: '^-?\\d{1,13}(\\.\\d{1,2})?$' };
    case 'date':
      return { type: 'string', format: 'date' };
    default:
      return null;
  }
}

function range(def: FieldView['def']): Schema {
  const minimum = number(def['minimum']);
  const maximum = number(def['maximum']);
  return { ...(minimum === undefined ? {} : { minimum }), ...(maximum === undefined ? {} : { maximum }) };
}

const KEYS: Readonly<Record<string, string>> = {
  minLength: 'fault.tooShort',
  maxLength: 'fault.tooLong',
  minimum: 'fault.tooSmall',
  maximum: 'fault.tooLarge',
};

function faultOf(field: FieldView, keyword: string): ValueFault {
  const limit = field.def[keyword];
  const key = KEYS[keyword];
  if (key && (typeof limit === 'number' || typeof limit === 'string')) return { key, parameters: { limit } };
  if (['integer', 'decimal', 'money', 'date', 'email'].includes(field.type))
    return { key: `fault.${field.type}` };
  return { key: 'fault.format' };
}

/** Types whose own check is short and needs nothing but the value; its message is the one the server would give. */
const CHECKED_BY_TYPE: ReadonlySet<string> = new Set([
  'percent',
  'time',
  'duration',
  'colour',
  'rating',
  'tags',
  'barcode',
  'geo',
]);

function typeFault(field: FieldView, value: unknown): ValueFault | null {
  if (!CHECKED_BY_TYPE.has(field.type) || !hasFieldType(field.type)) return null;
  const def = { ...field.def, field: field.type, label: field.label };
  const fault = fieldType(field.type).checkValue(value, def);
  return fault ? { message: fault.message } : null;
}

const validators = new WeakMap<FieldView, Validator | null>();

/** Checks one value before it is sent, so that a slip shows at once. Null when nothing is wrong here. */
export function checkValue(field: FieldView, value: unknown, required: boolean): ValueFault | null {
  if (isEmpty(value)) return required ? { key: 'fault.required' } : null;
  const own = typeFault(field, value);
  if (own) return own;
  let validator = validators.get(field);
  if (validator === undefined) {
    const schema = schemaOf(field);
    validator = schema ? new Validator(schema, '2020-12') : null;
    validators.set(field, validator);
  }
  const result = validator?.validate(value);
  const first = result?.errors.find((error) => error.keyword !== 'type') ?? result?.errors[0];
  return first ? faultOf(field, first.keyword) : null;
}
