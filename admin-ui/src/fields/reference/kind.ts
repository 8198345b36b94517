import { listed } from '../../locales';
import type { FieldKind } from '../contracts';

export const referenceKind: FieldKind = {
  align: 'start',
  width: 150,
  filter: 'reference',
  cell: (_value, display, _field, scope) =>
    Array.isArray(display) ? listed(display, scope.locale) : typeof display === 'string' ? display : '',
};

export const referencesKind: FieldKind = { ...referenceKind, width: 180 };
