import type { FieldKind } from '../contracts';

export const referenceKind: FieldKind = {
  align: 'start',
  width: 150,
  filter: 'reference',
  cell: (_value, display) =>
    Array.isArray(display) ? display.join('、') : typeof display === 'string' ? display : '',
};

export const referencesKind: FieldKind = { ...referenceKind, width: 180 };
