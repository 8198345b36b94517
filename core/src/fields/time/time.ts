import { flagAttribute, textAttribute } from '../attribute.ts';
import { asIs, printed } from '../as-is.ts';
import { toHalfWidth } from '../clean-text.ts';
import { definitionFault, valueFault } from '../fault.ts';
import { FilterValueError } from '../field-type.ts';
import type { DefinitionFault, FieldDefinition, FieldType } from '../field-type.ts';
import { ORDERED_OPERATORS, scalarFilter } from '../scalar-filter.ts';

const TIME_PATTERN = '^([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?$';
const TIME = new RegExp(TIME_PATTERN, 'u');
const CELL =
  /^(上午|下午|凌晨|中午|晚上|am|pm)?\s*(\d{1,2})(?:[:点时](\d{1,2}))?(?:[:分](\d{1,2}))?[点时分秒]?\s*(am|pm)?$/i;
/** 上午 and AM leave the hour alone except twelve; these add twelve to an hour below it. */
const AFTERNOON = /^(下午|晚上|中午|pm)$/i;

const hasSeconds = (def: FieldDefinition): boolean => flagAttribute(def, 'seconds');
/** One width for all values of a field, so that their order as text is their order in the day. */
const fix = (text: string, def: FieldDefinition): string =>
  hasSeconds(def) ? (text.length === 5 ? `${text}:00` : text) : text.slice(0, 5);

function checkDefinition(def: FieldDefinition): DefinitionFault[] {
  const [minimum, maximum] = [textAttribute(def, 'minimum'), textAttribute(def, 'maximum')];
  return minimum !== undefined && maximum !== undefined && fix(minimum, def) > fix(maximum, def)
    ? [definitionFault('/minimum', 'MRT_FIELD_RANGE', 'minimum 晚于 maximum。', 'minimum is after maximum.')]
    : [];
}

/** `9:30`, `09:30:15`, `上午9点30分`, `3:05 PM`, or a spreadsheet's share of a day (`0.395833`). */
function readTimeCell(cell: string): string | null {
  const text = toHalfWidth(cell).trim();
  if (/^0?\.\d+$/.test(text)) {
    const seconds = Math.round(Number(text) * 86_400) % 86_400;
    return [seconds / 3600, (seconds / 60) % 60, seconds % 60].map((part) => two(Math.floor(part))).join(':');
  }
  const match = CELL.exec(text);
  if (!match) return null;
  const half = match[1] ?? match[5];
  const typed = Number(match[2]);
  if (half !== undefined && typed > 12 && !AFTERNOON.test(half)) return null;
  const hour =
    half === undefined ? typed : AFTERNOON.test(half) ? (typed < 12 ? typed + 12 : typed) : typed % 12;
  const time = [hour, Number(match[3] ?? 0), Number(match[4] ?? 0)].map(two).join(':');
  return TIME.test(time) ? time : null;
}

const two = (part: number): string => String(part).padStart(2, '0');

/** A time of the day without a date (ENG-03): `09:30`, with `seconds` `09:30:00`. */
export const time: FieldType = {
  name: 'time',
  label: { 'zh-CN': '时刻', en: 'Time of day' },
  definition: {
    type: 'object',
    properties: {
      seconds: { type: 'boolean', description: '精确到秒 / With seconds' },
      minimum: { type: 'string', pattern: TIME_PATTERN, description: '最早 / Earliest' },
      maximum: { type: 'string', pattern: TIME_PATTERN, description: '最晚 / Latest' },
    },
  },
  check: checkDefinition,
  columnType: () => 'varchar(8)',
  valueSchema: () => ({ type: 'string', pattern: TIME_PATTERN }),
  expressionType: () => 'string',
  normalise: (value, def) => (typeof value === 'string' ? fix(value, def) : asIs(value)),
  checkValue(value, def) {
    if (typeof value !== 'string' || !TIME.test(value))
      return valueFault('MRT_VALUE_FORMAT', '应为时刻,如 09:30。', 'It must be a time such as 09:30.');
    if (!hasSeconds(def) && value.length === 8 && !value.endsWith(':00'))
      return valueFault('MRT_VALUE_FORMAT', '不记秒。', 'Seconds are not kept.');
    const [minimum, maximum] = [textAttribute(def, 'minimum'), textAttribute(def, 'maximum')];
    if (minimum !== undefined && fix(value, def) < fix(minimum, def))
      return valueFault('MRT_VALUE_RANGE', `不能早于 ${minimum}。`, `It must not be before ${minimum}.`);
    if (maximum !== undefined && fix(value, def) > fix(maximum, def))
      return valueFault('MRT_VALUE_RANGE', `不能晚于 ${maximum}。`, `It must not be after ${maximum}.`);
    return null;
  },
  toColumn: asIs,
  fromColumn: asIs,
  operators: ORDERED_OPERATORS,
  sortable: true,
  filter(operator, column, value, bind, def) {
    const read = (item: unknown): string => {
      if (typeof item !== 'string' || !TIME.test(item))
        throw new FilterValueError('a time such as "09:30" is expected');
      return fix(item, def);
    };
    return scalarFilter({ cast: 'text', read }, operator, column, value, bind);
  },
  format: printed,
  parse(cell, def) {
    if (cell.trim() === '') return null;
    const value = readTimeCell(cell);
    if (value === null) throw new Error(`“${cell}” is not a time such as 09:30`);
    return fix(value, def);
  },
};
