import type { DefinitionFault, ValueFault } from './field-type.ts';

/** Codes of faulty values; stable, clients may rely on them. */
export type ValueFaultCode =
  | 'MRT_VALUE_REQUIRED'
  | 'MRT_VALUE_UNKNOWN_FIELD'
  | 'MRT_VALUE_TYPE'
  | 'MRT_VALUE_TOO_LONG'
  | 'MRT_VALUE_TOO_SHORT'
  | 'MRT_VALUE_FORMAT'
  | 'MRT_VALUE_PATTERN'
  | 'MRT_VALUE_CHARACTERS'
  | 'MRT_VALUE_RANGE'
  | 'MRT_VALUE_DECIMALS'
  | 'MRT_VALUE_OPTION'
  | 'MRT_VALUE_COUNT'
  | 'MRT_VALUE_REPEATED'
  | 'MRT_VALUE_INVALID';

/** A fault of a value, in both languages; `at` points below the value. */
export function valueFault(code: ValueFaultCode, zh: string, en: string, at?: string): ValueFault {
  return { code, message: { 'zh-CN': zh, en }, ...(at === undefined ? {} : { at }) };
}

/** A fault of a field's definition, in both languages; `at` is relative to the field, e.g. `/maxLength`. */
export function definitionFault(at: string, code: string, zh: string, en: string): DefinitionFault {
  return { at, code, message: { 'zh-CN': zh, en } };
}
