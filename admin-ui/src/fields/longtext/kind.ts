import type { FieldKind } from '../contracts';
import { textKind } from '../text/kind';

export const longtextKind: FieldKind = {
  ...textKind,
  width: 240,
  wide: true,
  cell: (value) => (typeof value === 'string' ? value.replace(/\s+/g, ' ') : ''),
};
