import type { Component } from 'vue';
import BarcodeDisplay from './barcode/display.vue';
import ColourDisplay from './colour/display.vue';
import RichtextDisplay from './richtext/display.vue';
import TagsDisplay from './tags/display.vue';

/** Field type → how a value looks where it is only shown, for types that are more than their text. */
const displays = new Map<string, Component>([
  ['barcode', BarcodeDisplay],
  ['colour', ColourDisplay],
  ['tags', TagsDisplay],
  ['richtext', RichtextDisplay],
]);

/** The component that shows a value in a cell or form; undefined where the text of the kind is enough. */
export const displayOf = (type: string): Component | undefined => displays.get(type);
