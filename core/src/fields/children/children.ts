import type { FieldType } from '../field-type.ts';
import { relatedType } from '../related-type.ts';

/** Records of another entity that belong here and are written by themselves, e.g. a customer's contacts. */
export const children: FieldType = relatedType({
  name: 'children',
  label: { 'zh-CN': '子记录', en: 'Children' },
});
