import { decimalType, LIMIT_ATTRIBUTES } from '../decimal-type.ts';
import { definitionFault } from '../fault.ts';
import type { DefinitionFault, DefinitionScope, FieldDefinition, FieldType } from '../field-type.ts';

const DAYS: ReadonlySet<string | undefined> = new Set(['date', 'datetime']);

function checkForeign(def: FieldDefinition, scope: DefinitionScope): DefinitionFault[] {
  const faults: DefinitionFault[] = [];
  if (def['foreign'] === true && (def['compute'] !== undefined || def['rollup'] !== undefined))
    faults.push(
      definitionFault(
        '/foreign',
        'MRT_FIELD_FOREIGN',
        '计算的金额不能有多种币种,请用本位币金额计算。',
        'A calculated amount has one currency; calculate with the equivalents.',
      ),
    );
  const day = def['rateOn'];
  if (day !== undefined && def['foreign'] !== true)
    faults.push(
      definitionFault(
        '/rateOn',
        'MRT_FIELD_FOREIGN',
        'rateOn 须与 foreign 一起使用。',
        'rateOn needs foreign.',
      ),
    );
  if (typeof day === 'string' && scope.entity !== undefined && !scope.hasField(scope.entity, day))
    faults.push(
      definitionFault('/rateOn', 'MRT_FIELD_UNKNOWN', `没有字段“${day}”。`, `There is no field “${day}”.`),
    );
  else if (
    typeof day === 'string' &&
    scope.entity !== undefined &&
    !DAYS.has(scope.fieldType(scope.entity, day))
  )
    faults.push(
      definitionFault(
        '/rateOn',
        'MRT_FIELD_FOREIGN',
        `rateOn 须为日期或日期时间字段,“${day}”不是。`,
        `rateOn needs a date or date and time field; “${day}” is none.`,
      ),
    );
  return faults;
}

/** An amount (ENG-03): `numeric(15,2)`, text in the API (`"1200.00"`); its currency stands in `<name>_currency`. */
export const money: FieldType = decimalType(
  {
    name: 'money',
    label: { 'zh-CN': '金额', en: 'Money' },
    definition: {
      type: 'object',
      properties: {
        ...LIMIT_ATTRIBUTES,
        foreign: {
          type: 'boolean',
          description:
            '可用多种币种,保存当日汇率和本位币金额 / Several currencies, with the rate of the day and the equivalent kept',
        },
        rateOn: {
          type: 'string',
          pattern: '^[a-z][a-z0-9_]{0,39}$',
          description:
            '取哪一天的汇率:日期字段,默认今天 / Whose day the rate is of: a date field, by default today',
        },
      },
    },
    check: checkForeign,
  },
  () => ({ precision: 15, scale: 2 }),
);
