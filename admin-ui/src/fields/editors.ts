import type { Component } from 'vue';
import AddressEdit from './address/edit.vue';
import BarcodeEdit from './barcode/edit.vue';
import BooleanEdit from './boolean/edit.vue';
import ChildrenEdit from './children/edit.vue';
import ChoiceEdit from './choice/edit.vue';
import ColourEdit from './colour/edit.vue';
import DateEdit from './date/edit.vue';
import DatetimeEdit from './datetime/edit.vue';
import FilesEdit from './files/edit.vue';
import LinesEdit from './lines/edit.vue';
import ListEdit from './list/edit.vue';
import LongtextEdit from './longtext/edit.vue';
import NumberEdit from './number/edit.vue';
import RatingEdit from './rating/edit.vue';
import ReferenceEdit from './reference/edit.vue';
import RichtextEdit from './richtext/edit.vue';
import TagsEdit from './tags/edit.vue';
import TextEdit from './text/edit.vue';
import TypedEdit from './typed/edit.vue';

/** Field type → its editor, kept apart from `kinds` so that lists do not load editors. */
const editors = new Map<string, Component>([
  ['text', TextEdit],
  ['email', TextEdit],
  ['phone', TextEdit],
  ['url', TextEdit],
  ['autonumber', TextEdit],
  ['longtext', LongtextEdit],
  ['integer', NumberEdit],
  ['decimal', NumberEdit],
  ['money', NumberEdit],
  ['boolean', BooleanEdit],
  ['date', DateEdit],
  ['datetime', DatetimeEdit],
  ['choice', ChoiceEdit],
  ['reference', ReferenceEdit],
  ['references', ReferenceEdit],
  ['user', ReferenceEdit],
  ['unit', ReferenceEdit],
  ['percent', TypedEdit],
  ['time', TypedEdit],
  ['duration', TypedEdit],
  ['colour', ColourEdit],
  ['rating', RatingEdit],
  ['tags', TagsEdit],
  ['barcode', BarcodeEdit],
  ['address', AddressEdit],
  ['geo', TypedEdit],
  ['richtext', RichtextEdit],
  ['list', ListEdit],
  ['files', FilesEdit],
  ['images', FilesEdit],
  ['children', ChildrenEdit],
  ['lines', LinesEdit],
]);

/** Types whose editor also shows the value when it may not be changed. */
const SHOWS_READ_ONLY = new Set(['files', 'images', 'children', 'lines', 'list']);

/** The editor of a type; an unknown type is edited as text. */
export const editorOf = (type: string): Component => editors.get(type) ?? TextEdit;

export const showsReadOnly = (type: string): boolean => SHOWS_READ_ONLY.has(type);
