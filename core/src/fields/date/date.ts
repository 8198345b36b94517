import { textAttribute } from '../attribute.ts';
import { asIs, printed } from '../as-is.ts';
import { addDays, isCalendarDate } from '../calendar.ts';
import { definitionFault, valueFault } from '../fault.ts';
import { FilterValueError } from '../field-type.ts';
import type { DefinitionFault, FieldDefinition, FieldType, FilterScope } from '../field-type.ts';
import { readDateCell } from '../read-date.ts';
import { ORDERED_OPERATORS, scalarFilter } from '../scalar-filter.ts';

/**
 * A date from a filter: `2026-11-21`, `$today`, or `$today` with days added (`$today+30`, `$today-7`).
 * @throws FilterValueError
 */
export function filterDate(value: unknown, scope: FilterScope): string {
  if (value === null) throw new FilterValueError('use {"$null": true} to find empty values');
  if (typeof value === 'string') {
    const relative = /^\$today([+-]\d{1,5})?$/.exec(value);
    if (relative) return addDays(scope.today, Number(relative[1] ?? 0));
    if (isCalendarDate(value)) return value;
  }
  throw new FilterValueError('a date such as "2026-11-21" is expected');
}

function checkDefinition(def: FieldDefinition): DefinitionFault[] {
  const faults: DefinitionFault[] = [];
  for (const name of ['minimum', 'maximum']) {
    const value = textAttribute(def, name);
    if (value !== undefined && !isCalendarDate(value)) {
      faults.push(definitionFault(`/${name}`, 'MRT_FIELD_DATE', '没有这一天。', 'There is no such day.'));
    }
  }
  const [minimum, maximum] = [textAttribute(def, 'minimum'), textAttribute(def, 'maximum')];
  if (!faults.length && minimum && maximum && minimum > maximum) {
    faults.push(
      definitionFault('/minimum', 'MRT_FIELD_RANGE', 'minimum 晚于 maximum。', 'minimum is after maximum.'),
    );
  }
  return faults;
}

const DATE_ATTRIBUTE = { type: 'string', pattern: '^\\d{4}-\\d{2}-\\d{2}$' };

/** A day of the calendar without a time (ENG-03), years 1 to 9999. */
export const date: FieldType = {
  name: 'date',
  label: { 'zh-CN': '日期', en: 'Date' },
  definition: {
    type: 'object',
    properties: {
      minimum: { ...DATE_ATTRIBUTE, description: '最早日期 / Earliest date' },
      maximum: { ...DATE_ATTRIBUTE, description: '最晚日期 / Latest date' },
    },
  },
  check: checkDefinition,
  columnType: () => 'date',
  valueSchema: () => ({ type: 'string', format: 'date' }),
  expressionType: () => 'date',
  normalise: asIs,
  checkValue(value, def) {
    if (typeof value !== 'string' || !isCalendarDate(value)) {
      return valueFault(
        'MRT_VALUE_FORMAT',
        '应为存在的日期,如 2026-11-21。',
        'It must be a date that exists, such as 2026-11-21.',
      );
    }
    const [minimum, maximum] = [textAttribute(def, 'minimum'), textAttribute(def, 'maximum')];
    if (minimum && value < minimum)
      return valueFault('MRT_VALUE_RANGE', `不能早于 ${minimum}。`, `It must not be before ${minimum}.`);
    if (maximum && value > maximum)
      return valueFault('MRT_VALUE_RANGE', `不能晚于 ${maximum}。`, `It must not be after ${maximum}.`);
    return null;
  },
  toColumn: asIs,
  fromColumn: asIs,
  operators: ORDERED_OPERATORS,
  sortable: true,
  filter: (operator, column, value, bind, _def, scope) =>
    scalarFilter({ cast: 'date', read: (item) => filterDate(item, scope) }, operator, column, value, bind),
  format: printed,
  parse: (cell) => readDateCell(cell),
};
