import type { FieldKind } from '../contracts';
import { toWallTime } from '../zone-time';

export const datetimeKind: FieldKind = {
  align: 'start',
  width: 142,
  filter: 'datetime',
  cell: (value, _display, _field, scope) => toWallTime(value, scope.timeZone).slice(0, 16),
};
