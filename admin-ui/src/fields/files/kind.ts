import type { FieldKind } from '../contracts';

export const filesKind: FieldKind = {
  align: 'end',
  width: 80,
  wide: true,
  filter: 'none',
  cell: (value) => (Array.isArray(value) && value.length > 0 ? String(value.length) : ''),
};
