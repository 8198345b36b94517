import type { FieldKind } from '../contracts';

export const textKind: FieldKind = {
  align: 'start',
  width: 160,
  filter: 'text',
  cell: (value) => (value === null || value === undefined ? '' : String(value)),
};
