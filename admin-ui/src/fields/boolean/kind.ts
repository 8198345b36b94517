import type { FieldKind } from '../contracts';

export const booleanKind: FieldKind = {
  align: 'center',
  width: 90,
  filter: 'boolean',
  cell: (value, _display, _field, scope) => (typeof value === 'boolean' ? scope.yes(value) : ''),
};
