import type { Dice } from './dice.ts';
import { BRANDS, nameOf, OTHER_TRADES, PLACES, STYLES, type Parts, type Style } from './pair-names.ts';

/** Names of two enterprises that look like one; null when it does not apply. */
export type Falsehood = readonly [
  how: string,
  apply: (dice: Dice, parts: Parts) => readonly [string, string] | null,
];

/** All hard negatives. */
export const FALSEHOODS: readonly Falsehood[] = [
  [
    'same brand in two cities',
    (dice, parts) => {
      const other = dice.pick(PLACES);
      if (other.city === parts.city) return null;
      const styles: readonly Style[] = ['city', 'cityRank', 'both'];
      return [nameOf(parts, dice.pick(styles)), nameOf({ ...parts, ...other }, dice.pick(styles))];
    },
  ],
  [
    'parent and branch',
    (dice, parts) => {
      const name = nameOf({ ...parts, form: '有限公司' }, dice.pick(STYLES));
      const at = dice.pick(PLACES).city;
      const word = dice.pick(['分公司', '分公司', '办事处', '营业部', '分厂', '第二分公司']);
      const branch = word === '第二分公司' ? word : at + word;
      return dice.chance(0.7) ? [name, name + branch] : [name, name.replace(/有限公司$/, '') + branch];
    },
  ],
  [
    'two branches',
    (dice, parts) => {
      const name = nameOf({ ...parts, form: '有限公司' }, dice.pick(STYLES));
      const [one, two] = [dice.pick(PLACES).city, dice.pick(PLACES).city];
      return one === two ? null : [`${name}${one}分公司`, `${name}${two}分公司`];
    },
  ],
  [
    'two works',
    (dice, parts) => {
      const name = nameOf({ ...parts, form: '' }, dice.pick(STYLES));
      const [one, two] = dice.pick([
        ['一厂', '二厂'],
        ['第一分厂', '第二分厂'],
        ['第三厂', '第四厂'],
        ['1厂', '3厂'],
        ['有限公司一厂', '有限公司二厂'],
        ['第一公司', '第二公司'],
      ] as const);
      return [name + one, name + two];
    },
  ],
  [
    'another trade',
    (dice, parts) => {
      const [one, two] = [dice.pick(OTHER_TRADES), dice.pick(OTHER_TRADES)];
      if (one === two || OTHER_TRADES.some((each) => parts.brand.endsWith(each))) return null;
      const style = dice.pick(STYLES);
      return [nameOf({ ...parts, trade: one }, style), nameOf({ ...parts, trade: two }, style)];
    },
  ],
  [
    'another brand of the same place and trade',
    (dice, parts) => {
      const style = dice.pick(STYLES);
      return [nameOf(parts, style), nameOf({ ...parts, brand: dice.pick(BRANDS) }, style)];
    },
  ],
  [
    'a brand with one character in common',
    (dice, parts) => {
      const alike = BRANDS.filter(
        (each) => each !== parts.brand && each.length === parts.brand.length && each[0] === parts.brand[0],
      );
      const style = dice.pick(STYLES);
      return alike.length === 0
        ? null
        : [nameOf(parts, style), nameOf({ ...parts, brand: dice.pick(alike) }, style)];
    },
  ],
];
