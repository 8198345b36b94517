import { decimalType, LIMIT_ATTRIBUTES } from '../decimal-type.ts';
import type { FieldType } from '../field-type.ts';

/** An amount (ENG-03): `numeric(15,2)`, text in the API (`"1200.00"`); its currency stands in `<name>_currency`. */
export const money: FieldType = decimalType(
  {
    name: 'money',
    label: { 'zh-CN': '金额', en: 'Money' },
    definition: { type: 'object', properties: { ...LIMIT_ATTRIBUTES } },
    check: () => [],
  },
  () => ({ precision: 15, scale: 2 }),
);
