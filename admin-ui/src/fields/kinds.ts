import type { FieldView } from '@mortise/core/contract';
import type { FieldKind } from './contracts';
import { booleanKind } from './boolean/kind';
import { choiceKind } from './choice/kind';
import { childrenKind } from './children/kind';
import { dateKind } from './date/kind';
import { datetimeKind } from './datetime/kind';
import { filesKind } from './files/kind';
import { linesKind } from './lines/kind';
import { listKind } from './list/kind';
import { longtextKind } from './longtext/kind';
import { decimalKind, integerKind, moneyKind } from './number/kind';
import { referenceKind, referencesKind } from './reference/kind';
import { textKind } from './text/kind';
import {
  addressKind,
  colourKind,
  durationKind,
  geoKind,
  percentKind,
  ratingKind,
  richtextKind,
  tagsKind,
  timeKind,
} from './typed/kind';

/** Field type → its behaviour in lists and filters. */
const kinds = new Map<string, FieldKind>([
  ['text', textKind],
  ['email', textKind],
  ['phone', textKind],
  ['url', textKind],
  ['autonumber', { ...textKind, width: 120 }],
  ['longtext', longtextKind],
  ['integer', integerKind],
  ['decimal', decimalKind],
  ['money', moneyKind],
  ['boolean', booleanKind],
  ['date', dateKind],
  ['datetime', datetimeKind],
  ['choice', choiceKind],
  ['reference', referenceKind],
  ['references', referencesKind],
  ['user', referenceKind],
  ['unit', referenceKind],
  ['percent', percentKind],
  ['time', timeKind],
  ['duration', durationKind],
  ['colour', colourKind],
  ['rating', ratingKind],
  ['tags', tagsKind],
  ['address', addressKind],
  ['geo', geoKind],
  ['richtext', richtextKind],
  ['barcode', { ...textKind, width: 140 }],
  ['list', listKind],
  ['files', filesKind],
  ['images', filesKind],
  ['children', childrenKind],
  ['lines', linesKind],
]);

/** The behaviour of a field's type; an unknown type is shown as text, never hidden. */
export function kindOf(field: Pick<FieldView, 'type'>): FieldKind {
  return kinds.get(field.type) ?? textKind;
}

/** Every type that has a behaviour here. */
export const knownTypes = (): readonly string[] => [...kinds.keys()];
