import type { FieldType } from '../field-type.ts';
import { relatedType } from '../related-type.ts';

/** Rows written inside their parent, in one transaction, e.g. the lines of an order. */
export const lines: FieldType = relatedType({ name: 'lines', label: { 'zh-CN': '明细', en: 'Lines' } });
