import type { FieldKind } from '../contracts';

export const childrenKind: FieldKind = {
  align: 'start',
  width: 120,
  wide: true,
  related: true,
  filter: 'none',
  cell: () => '',
};
