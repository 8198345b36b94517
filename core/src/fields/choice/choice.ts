import { flagAttribute, mapAttribute, numberAttribute, textAttribute } from '../attribute.ts';
import { isObject } from '../../text/is-object.ts';
import { arrayFilter } from '../array-filter.ts';
import { asIs } from '../as-is.ts';
import { valueFault } from '../fault.ts';
import { FilterValueError } from '../field-type.ts';
import type { DisplayScope, FieldDefinition, FieldType, JsonSchema } from '../field-type.ts';
import { filterText } from '../filter-value.ts';
import { joinLabels, readLabels } from '../label-list.ts';
import { EQUALITY_OPERATORS, scalarFilter } from '../scalar-filter.ts';
import { localise } from '../../text/locale.ts';
import type { LocaleText } from '../../text/locale.ts';
import { checkChoice } from './check-choice.ts';
import { CHOICE_DEFINITION, CODE_PATTERN } from './choice-definition.ts';

const CODE = new RegExp(CODE_PATTERN, 'u');
const MOST_VALUES = 200;
const isMultiple = (def: FieldDefinition): boolean => flagAttribute(def, 'multiple');
const mostOf = (def: FieldDefinition): number => numberAttribute(def, 'maxCount', MOST_VALUES);

function optionLabel(def: FieldDefinition, code: string): LocaleText | undefined {
  const option = mapAttribute(def, 'options')[code];
  return isObject(option) ? (option['label'] as LocaleText) : undefined;
}

function codeSchema(def: FieldDefinition): JsonSchema {
  const codes = Object.keys(mapAttribute(def, 'options'));
  return codes.length ? { type: 'string', enum: codes } : { type: 'string', pattern: CODE_PATTERN };
}

function filterCode(value: unknown): string {
  const code = filterText(value);
  if (!CODE.test(code)) throw new FilterValueError('the code of a value is expected');
  return code;
}

function codesUnder(
  value: unknown,
  def: FieldDefinition,
  descendants: (dictionary: string, code: string) => readonly string[],
): string[] {
  const dictionary = textAttribute(def, 'dictionary');
  if (dictionary === undefined) throw new FilterValueError('$under needs a field with a tree dictionary');
  const roots = Array.isArray(value) ? value.map(filterCode) : [filterCode(value)];
  return [...new Set(roots.flatMap((code) => [code, ...descendants(dictionary, code)]))];
}

function print(code: unknown, def: FieldDefinition, scope: DisplayScope): string {
  if (typeof code !== 'string') return '';
  const own = optionLabel(def, code);
  if (own) return localise(own, scope.locale);
  const dictionary = textAttribute(def, 'dictionary');
  return dictionary === undefined ? code : scope.label(dictionary, code) || code;
}

/** Code of a label or code in a spreadsheet cell. Whether a code of a dictionary exists is the caller's question. */
function codeOf(
  label: string,
  def: FieldDefinition,
  find?: (dictionary: string, label: string) => string | undefined,
): string | undefined {
  const options = mapAttribute(def, 'options');
  for (const code of Object.keys(options)) {
    const text = optionLabel(def, code);
    if (code === label || text?.['zh-CN'] === label || text?.en === label) return code;
  }
  const dictionary = textAttribute(def, 'dictionary');
  if (dictionary === undefined) return undefined;
  return find?.(dictionary, label) ?? (CODE.test(label) ? label : undefined);
}

/** One or several values of a dictionary, tree dictionaries included, or of options of its own (ENG-03). */
export const choice: FieldType = {
  name: 'choice',
  label: { 'zh-CN': '选项', en: 'Choice' },
  definition: CHOICE_DEFINITION,
  check: checkChoice,
  columnType: (def) => (isMultiple(def) ? 'text[]' : 'text'),
  valueSchema: (def) =>
    isMultiple(def)
      ? { type: 'array', items: codeSchema(def), uniqueItems: true, maxItems: mostOf(def) }
      : codeSchema(def),
  expressionType: (def) => (isMultiple(def) ? 'list<string>' : 'string'),
  normalise(value) {
    if (!Array.isArray(value)) return asIs(value);
    return value.length ? [...new Set(value as unknown[])] : null;
  },
  checkValue(value, def) {
    if (isMultiple(def) !== Array.isArray(value)) {
      return isMultiple(def)
        ? valueFault('MRT_VALUE_TYPE', '应为选项代码的列表。', 'It must be a list of codes.')
        : valueFault('MRT_VALUE_TYPE', '应为一个选项代码。', 'It must be one code.');
    }
    const codes: readonly unknown[] = Array.isArray(value) ? value : [value];
    const options = mapAttribute(def, 'options');
    const own = Object.keys(options).length > 0;
    const bad = codes.findIndex(
      (code) => typeof code !== 'string' || !CODE.test(code) || (own && !Object.hasOwn(options, code)),
    );
    if (bad < 0) return null;
    return valueFault(
      'MRT_VALUE_OPTION',
      '不是可选的值。',
      'It is not one of the values.',
      Array.isArray(value) ? `/${bad}` : undefined,
    );
  },
  toColumn: asIs,
  fromColumn: asIs,
  operators: [...EQUALITY_OPERATORS, 'contains', 'under'],
  sortable: true,
  filter(operator, column, value, bind, def, scope) {
    const [of, given] =
      operator === 'under'
        ? (['in', codesUnder(value, def, (dictionary, code) => scope.descendants(dictionary, code))] as const)
        : ([operator, value] as const);
    return isMultiple(def)
      ? arrayFilter({ cast: 'text', read: filterCode }, of, column, given, bind)
      : scalarFilter({ cast: 'text', read: filterCode, unordered: true }, of, column, given, bind);
  },
  format(value, def, scope) {
    if (!Array.isArray(value)) return print(value, def, scope);
    return joinLabels(
      value.map((code) => print(code, def, scope)),
      scope.locale,
    );
  },
  parse(cell, def, scope) {
    const text = cell.trim();
    if (text === '') return null;
    const find = (label: string): string | undefined => codeOf(label, def, scope?.code?.bind(scope));
    if (isMultiple(def)) return readLabels(text, find);
    const code = find(text);
    if (code === undefined) throw new Error(`“${cell}” is not one of the values`);
    return code;
  },
};
