import type { FieldKind } from '../contracts';

export const dateKind: FieldKind = {
  align: 'start',
  width: 110,
  filter: 'date',
  cell: (value) => (typeof value === 'string' ? value.slice(0, 10) : ''),
};
