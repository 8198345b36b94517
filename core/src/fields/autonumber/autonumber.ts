import { mapAttribute, numberAttribute, textAttribute } from '../attribute.ts';
import { asIs, printed } from '../as-is.ts';
import { cleanLine } from '../clean-text.ts';
import { definitionFault } from '../fault.ts';
import type { DefinitionFault, DefinitionScope, FieldDefinition, FieldType } from '../field-type.ts';
import { checkText } from '../text-check.ts';
import { TEXT_OPERATORS, textFilter } from '../text-filter.ts';
import { numberParts } from './number-pattern.ts';

const DEFAULT_LENGTH = 40;
const lengthOf = (def: FieldDefinition): number => numberAttribute(def, 'maxLength', DEFAULT_LENGTH);

function checkNumber(def: FieldDefinition, scope: DefinitionScope): DefinitionFault[] {
  const { entity } = scope;
  const parts = numberParts(textAttribute(def, 'pattern') ?? '');
  if (parts === null) {
    return [
      definitionFault(
        '/pattern',
        'MRT_FIELD_PATTERN',
        '编号规则须含一个 {seq:位数},其余为文字或 {字段}。',
        'The pattern needs one {seq:digits}; the rest is text or {field}.',
      ),
    ];
  }
  if (entity === undefined) return [];
  const fields = parts.flatMap((part) => (part.kind === 'field' ? [part.field] : []));
  const unknown = (at: string, name: string): DefinitionFault[] =>
    scope.hasField(entity, name)
      ? []
      : [definitionFault(at, 'MRT_FIELD_UNKNOWN', `没有字段“${name}”。`, `There is no field “${name}”.`)];
  return [
    ...fields.flatMap((name) => unknown('/pattern', name)),
    ...Object.keys(mapAttribute(def, 'per')).flatMap((name) => unknown(`/per/${name}`, name)),
  ];
}

/** A number given on first saving (DM-CODE-05…07). Which number is next is the records engine's question. */
export const autonumber: FieldType = {
  name: 'autonumber',
  label: { 'zh-CN': '自动编号', en: 'Automatic number' },
  definition: {
    type: 'object',
    required: ['pattern'],
    properties: {
      pattern: {
        type: 'string',
        minLength: 1,
        maxLength: 200,
        description: '编号规则,如 "{importance}{area_code}{seq:3}" / e.g. "{importance}{area_code}{seq:3}"',
      },
      maxLength: {
        type: 'integer',
        minimum: 1,
        maximum: 100,
        description: `最长,默认 ${DEFAULT_LENGTH} / Longest number, default ${DEFAULT_LENGTH}`,
      },
      per: {
        type: 'object',
        minProperties: 1,
        additionalProperties: { const: true },
        description:
          '按哪些字段分别计数;默认为流水号之前的各部分 / Fields the sequence counts by; default: all parts before it',
      },
      counting: {
        enum: ['gapless', 'fast'],
        description:
          '“gapless”(默认):不缺号,同一流水号的新记录依次保存;“fast”:互不等待,可能缺号 / "gapless" (default): no number is left out, new records of one sequence are saved one after another; "fast": nobody waits, numbers may be left out',
      },
      editable: { type: 'boolean', description: '允许手工填写 / May be typed in' },
    },
  },
  check: checkNumber,
  columnType: (def) => `varchar(${lengthOf(def)})`,
  valueSchema: (def) => ({ type: 'string', maxLength: lengthOf(def) }),
  expressionType: () => 'string',
  normalise: (value) => (typeof value === 'string' ? cleanLine(value) : asIs(value)),
  checkValue: (value, def) => checkText(value, value, lengthOf(def)),
  toColumn: asIs,
  fromColumn: asIs,
  operators: TEXT_OPERATORS,
  sortable: true,
  filter: (operator, column, value, bind) => textFilter(operator, column, value, bind),
  format: printed,
  parse: (cell) => cleanLine(cell),
};
