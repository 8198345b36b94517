import { pinyin } from 'pinyin-pro';
import type { Dice } from './dice.ts';
import {
  COMMON,
  FORMS,
  HOMOPHONES,
  nameOf,
  placeText,
  STYLES,
  TRADITIONAL,
  type Parts,
  type Style,
} from './pair-names.ts';

/** Another way of writing the name of the same enterprise; null when it does not apply. */
export type Mutation = readonly [
  how: string,
  apply: (dice: Dice, parts: Parts, style: Style) => string | null,
];

const inBrand = (parts: Parts, style: Style, brand: string): string => nameOf({ ...parts, brand }, style);

/** All ways in which names are written otherwise. */
export const MUTATIONS: readonly Mutation[] = [
  ['suffix', (dice, parts, style) => nameOf({ ...parts, form: dice.pick(FORMS) }, style)],
  ['no suffix', (_, parts, style) => nameOf({ ...parts, form: '' }, style)],
  ['place otherwise', (dice, parts) => nameOf(parts, dice.pick(STYLES))],
  ['no place', (_, parts) => nameOf(parts, 'none')],
  [
    'place in brackets',
    (_, parts) => `${parts.brand}${parts.trade}(${parts.city})${parts.form.replace(/[()]/g, '')}`,
  ],
  ['place in wide brackets', (_, parts) => `${parts.brand}（${parts.city}）${parts.trade}${parts.form}`],
  ['place behind brand', (_, parts) => `${parts.brand}${parts.city}${parts.trade}${parts.form}`],
  [
    'place at the end',
    (_, parts) => (parts.trade ? `${parts.brand}${parts.trade}${parts.city}${parts.form}` : null),
  ],
  [
    'traditional',
    (_, parts, style) => Array.from(nameOf(parts, style), (each) => TRADITIONAL.get(each) ?? each).join(''),
  ],
  ['spaces', (_, parts, style) => ` ${placeText(parts, style)} ${parts.brand}　${parts.trade} ${parts.form}`],
  ['abbreviated', (_, parts) => `${parts.brand}${parts.trade}`],
  ['brand with place', (_, parts) => (parts.brand.length > 2 ? `${parts.city}${parts.brand}` : null)],
  [
    'homophone',
    (dice, parts, style) => {
      const at = dice.int(0, parts.brand.length - 1);
      const sound = pinyin(parts.brand[at] ?? '', { toneType: 'none' });
      const others = (HOMOPHONES.get(sound) ?? []).filter((each) => each !== parts.brand[at]);
      if (others.length === 0) return null;
      return inBrand(parts, style, parts.brand.slice(0, at) + dice.pick(others) + parts.brand.slice(at + 1));
    },
  ],
  [
    'typo',
    (dice, parts, style) => {
      if (parts.brand.length < 3) return null;
      const at = dice.int(0, parts.brand.length - 2);
      const { brand } = parts;
      return inBrand(
        parts,
        style,
        dice.pick([
          brand.slice(0, at) + brand[at + 1] + brand[at] + brand.slice(at + 2),
          brand.slice(0, at) + brand[at] + brand.slice(at),
          brand.slice(0, at) + dice.pick(COMMON) + brand.slice(at + 1),
          brand.length > 3
            ? brand.slice(0, at) + brand.slice(at + 1)
            : brand.slice(0, at) + brand[at] + brand.slice(at),
        ]),
      );
    },
  ],
  [
    'typo in the trade',
    (dice, parts, style) => {
      if (parts.trade.length < 2) return null;
      const at = dice.int(0, parts.trade.length - 1);
      return nameOf(
        { ...parts, trade: parts.trade.slice(0, at) + dice.pick(COMMON) + parts.trade.slice(at + 1) },
        style,
      );
    },
  ],
];
