import { textAttribute } from '../attribute.ts';
import { isObject } from '../../text/is-object.ts';
import { asIs } from '../as-is.ts';
import { cleanLine, toHalfWidth } from '../clean-text.ts';
import { definitionFault, valueFault } from '../fault.ts';
import { FilterValueError } from '../field-type.ts';
import type { DisplayScope, FieldDefinition, FieldType, ParseScope, ValueFault } from '../field-type.ts';
import { filterText, nullFilter, refuseOperator } from '../filter-value.ts';
import { CODE_PATTERN } from '../choice/choice-definition.ts';
import { checkText } from '../text-check.ts';
import { escapeLike } from '../text-filter.ts';

/** The parts of an address, each of which may be missing. `region` is a code of the field's dictionary. */
interface Address {
  readonly region?: string | null;
  readonly street?: string | null;
  readonly postcode?: string | null;
}

const LENGTHS = { region: 60, street: 300, postcode: 10 } as const;
const PARTS = ['region', 'street', 'postcode'] as const;
const POSTCODE = /^[0-9A-Za-z][0-9A-Za-z -]{2,9}$/;
const CODE = new RegExp(CODE_PATTERN, 'u');
const dictionaryOf = (def: FieldDefinition): string | undefined => textAttribute(def, 'dictionary');
const isAddress = (value: unknown): value is Address => isObject(value);

function clean(part: (typeof PARTS)[number], value: unknown): unknown {
  if (typeof value !== 'string') return value ?? null;
  return part === 'postcode' ? cleanLine(toHalfWidth(value).toUpperCase()) : cleanLine(value);
}

/** Every part in its stored form; null when nothing is left. */
function normalise(value: unknown): unknown {
  if (!isAddress(value)) return asIs(value);
  const known: Record<string, unknown> = {};
  for (const part of PARTS) {
    const cleaned = clean(part, value[part]);
    if (cleaned !== null) known[part] = cleaned;
  }
  return Object.keys(known).length > 0 ? known : null;
}

function checkAddress(value: unknown, def: FieldDefinition): ValueFault | null {
  if (!isAddress(value))
    return valueFault('MRT_VALUE_TYPE', '应为地址对象。', 'It must be an address object.');
  for (const part of PARTS) {
    const given = value[part] ?? null;
    const fault = given === null ? null : checkText(given, clean(part, given), LENGTHS[part]);
    if (fault) return { ...fault, at: `/${part}` };
  }
  const { region, postcode } = value;
  if (region && (dictionaryOf(def) === undefined || !CODE.test(region)))
    return valueFault('MRT_VALUE_OPTION', '不是可选的地区。', 'It is not one of the regions.', '/region');
  if (postcode && clean('postcode', postcode) !== null && !POSTCODE.test(String(clean('postcode', postcode))))
    return valueFault('MRT_VALUE_FORMAT', '应为邮政编码。', 'It must be a postcode.', '/postcode');
  return null;
}

function regionNames(value: Address, def: FieldDefinition, scope: DisplayScope): readonly string[] {
  const dictionary = dictionaryOf(def);
  if (!value.region || dictionary === undefined) return [];
  return scope.path?.(dictionary, value.region) ?? [scope.label(dictionary, value.region) || value.region];
}

/** 北京市朝阳区建国路1号 100022; in English from the smallest to the greatest: 1 Jianguo Road, Chaoyang, Beijing 100022. */
function print(value: unknown, def: FieldDefinition, scope: DisplayScope): string {
  if (!isAddress(value)) return '';
  const names = regionNames(value, def, scope);
  const place =
    scope.locale === 'en'
      ? [value.street, ...[...names].reverse()].filter(Boolean).join(', ')
      : [...names, value.street].filter(Boolean).join('');
  return [place, value.postcode].filter(Boolean).join(' ');
}

/** Region from the front (or, as English has it, from the back), postcode from the end, the rest is the street. */
function read(cell: string, def: FieldDefinition, scope: ParseScope | undefined): unknown {
  const line = cleanLine(cell) ?? '';
  const code = /(?:^|[\s,])(?:邮编[::\s]*)?(\d{6})$/.exec(line);
  const rest = (code ? line.slice(0, code.index) : line).replace(/[\s,]+$/, '');
  const dictionary = dictionaryOf(def);
  const found = dictionary === undefined ? undefined : scope?.region?.(dictionary, rest);
  return normalise({ region: found?.code, street: found ? found.rest : rest, postcode: code?.[1] });
}

const TEXT = (column: string): string => `concat_ws(' ', ${column} ->> 'street', ${column} ->> 'postcode')`;

/** A postal address in its parts (ENG-03): region from a dictionary, street, postcode; printed as one line. */
export const address: FieldType = {
  name: 'address',
  label: { 'zh-CN': '地址', en: 'Address' },
  definition: {
    type: 'object',
    properties: {
      dictionary: {
        type: 'string',
        pattern: '^[a-z][a-z0-9_]{0,39}$',
        description: '地区字典,可为树形 / Dictionary of regions, a tree or a list',
      },
    },
  },
  check(def, scope) {
    const dictionary = dictionaryOf(def);
    return dictionary === undefined || scope.hasDictionary(dictionary)
      ? []
      : [
          definitionFault(
            '/dictionary',
            'MRT_FIELD_DICTIONARY',
            `没有字典“${dictionary}”。`,
            `There is no dictionary “${dictionary}”.`,
          ),
        ];
  },
  columnType: () => 'jsonb',
  valueSchema: () => ({
    type: 'object',
    additionalProperties: false,
    properties: Object.fromEntries(
      PARTS.map((part) => [part, { type: ['string', 'null'], maxLength: LENGTHS[part] }]),
    ),
  }),
  expressionType: () => 'map',
  normalise,
  checkValue: checkAddress,
  toColumn: (value) => (value === null || value === undefined ? null : JSON.stringify(value)),
  fromColumn: (value) => (typeof value === 'string' ? (JSON.parse(value) as unknown) : asIs(value)),
  searchText: TEXT,
  codes(value, def) {
    const dictionary = dictionaryOf(def);
    const region = isAddress(value) ? value.region : null;
    return dictionary !== undefined && region ? [{ dictionary, code: region, at: '/region' }] : [];
  },
  operators: ['contains', 'under', 'null'],
  sortable: false,
  filter(operator, column, value, bind, def, scope) {
    if (operator === 'null') return nullFilter(column, value);
    if (operator === 'contains')
      return `${TEXT(column)} ILIKE ${bind(`%${escapeLike(filterText(value).normalize('NFC'))}%`)}::text`;
    if (operator !== 'under') return refuseOperator(operator);
    const dictionary = dictionaryOf(def);
    if (dictionary === undefined) throw new FilterValueError('the field has no dictionary of regions');
    const roots = (Array.isArray(value) ? value : [value]).map(filterText);
    const codes = [...new Set(roots.flatMap((code) => [code, ...scope.descendants(dictionary, code)]))];
    return `${column} ->> 'region' = ANY(${bind(codes)}::text[])`;
  },
  format: print,
  parse: (cell, def, scope) => (cell.trim() === '' ? null : read(cell, def, scope)),
};
