import { fieldType, hasFieldType } from '@mortise/core/fields';
import type { FieldKind } from '../contracts';

/** Text of a value as its field type formats it, the same as in print and export. */
export const formatted: FieldKind['cell'] = (value, _display, field, scope) =>
  value === null || value === undefined || !hasFieldType(field.type)
    ? ''
    : fieldType(field.type).format(
        value,
        { ...field.def, field: field.type, label: field.label },
        {
          locale: scope.locale,
          timeZone: scope.timeZone,
          label: (_dictionary, code) => code,
          display: () => '',
        },
      );

/** Values that are typed as people write them: `12.5%`, `1小时30分`. */
export const percentKind: FieldKind = { align: 'end', width: 100, filter: 'typed', cell: formatted };
export const durationKind: FieldKind = { align: 'end', width: 110, filter: 'typed', cell: formatted };
export const timeKind: FieldKind = { align: 'start', width: 90, filter: 'typed', cell: formatted };
export const colourKind: FieldKind = { align: 'start', width: 110, filter: 'typed', cell: formatted };
export const ratingKind: FieldKind = { align: 'start', width: 110, filter: 'number', cell: formatted };
/** Codes inside of an address are spelt out by the server. */
export const addressKind: FieldKind = {
  align: 'start',
  width: 240,
  wide: true,
  filter: 'text',
  cell: (value, display, field, scope) =>
    typeof display === 'string' ? display : formatted(value, display, field, scope),
};
export const geoKind: FieldKind = { align: 'start', width: 160, filter: 'near', cell: formatted };
export const richtextKind: FieldKind = {
  align: 'start',
  width: 240,
  wide: true,
  filter: 'text',
  cell: (value, display, field, scope) => formatted(value, display, field, scope).replace(/\s+/g, ' '),
};
export const tagsKind: FieldKind = { align: 'start', width: 180, filter: 'tags', cell: formatted };
