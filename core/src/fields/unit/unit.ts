import type { FieldType } from '../field-type.ts';
import { recordAlias } from '../record-alias.ts';

/** A unit of the organisation (ENG-03): a reference to `unit`; `multiple` takes several. */
export const unit: FieldType = recordAlias({
  name: 'unit',
  label: { 'zh-CN': '部门', en: 'Department' },
  entity: 'unit',
});
