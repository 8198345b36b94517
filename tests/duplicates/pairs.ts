import { readFileSync } from 'node:fs';
import { pinyin } from 'pinyin-pro';
import { TRADITIONAL_PAIRS } from '../../core/src/duplicates/traditional-pairs.ts';
import { seededRandom, type Dice } from './dice.ts';

/** What is typed or stored of a company. */
export interface Company {
  readonly name: string;
  readonly phone?: string;
  readonly address?: string;
}

/** Two records and whether they are one enterprise. */
export interface Pair {
  readonly stored: Company;
  readonly typed: Company;
  readonly same: boolean;
  /** How the second was made of the first. */
  readonly how: string;
}

interface Parts {
  readonly province: string;
  readonly city: string;
  readonly brand: string;
  readonly trade: string;
  readonly form: string;
}

const BRANDS = readFileSync(new URL('../../metadata/demo/company-names.txt', import.meta.url), 'utf8')
  .trim()
  .split('\n');
/** Trades as registers know them, on purpose not taken from the product's own list. */
const TRADES =
  '酒业 食品 饮料 乳业 包装 印刷 机械 商贸 贸易 科技 实业 餐饮管理 农业开发 酒店管理 广告传媒 生物科技 供应链管理 调味品 茶业 粮油 糖业 彩印 物流 电子商务 文化传播 投资 置业 建材 化工 医药 酿造 冷链 烘焙 生态农业 文旅 新材料 智能装备 冻品 珠宝 教育咨询'.split(
    ' ',
  );
const OTHER_TRADES = '食品 包装 机械 印刷 酒业 化工 物流 医药 建材 广告传媒'.split(' ');
const FORMS = ['有限公司', '有限责任公司', '股份有限公司', '集团有限公司', '(集团)有限公司', '公司'];
const MUNICIPAL = ['北京', '上海', '天津', '重庆'];
const TRADITIONAL = new Map(
  TRADITIONAL_PAIRS.flatMap((line) =>
    Array.from({ length: line.length / 2 }, (_, at): [string, string] => [line[at * 2 + 1]!, line[at * 2]!]),
  ),
);
const COMMON = [...new Set(BRANDS.join(''))].filter((character) => /[\u4e00-\u9fff]/u.test(character));
const HOMOPHONES = new Map<string, string[]>();
for (const character of COMMON) {
  const sound = pinyin(character, { toneType: 'none' });
  HOMOPHONES.set(sound, [...(HOMOPHONES.get(sound) ?? []), character]);
}

interface Place {
  readonly province: string;
  readonly city: string;
}

function readPlaces(): readonly Place[] {
  const file = new URL('../../metadata/dictionaries/city.json', import.meta.url);
  const { values } = JSON.parse(readFileSync(file, 'utf8')) as {
    values: Record<string, { label: { 'zh-CN': string }; parent?: string }>;
  };
  return Object.values(values).flatMap(({ label, parent }) => {
    const name = label['zh-CN'];
    const province = parent && values[parent]?.label['zh-CN'];
    return province && /市$/.test(name) ? [{ province, city: name.replace(/市$/, '') }] : [];
  });
}
const PLACES = readPlaces();

/** Makes `count` pairs, true and false ones in turn. */
export function makePairs(count: number, seed: number): readonly Pair[] {
  const dice = seededRandom(seed);
  return Array.from({ length: count }, (_, at) => (at % 2 === 0 ? truePair(dice) : falsePair(dice)));
}

function company(dice: Dice): Parts {
  const place = dice.pick(PLACES);
  const brand = dice.pick(BRANDS);
  const trade = dice.pick(TRADES);
  return {
    ...place,
    brand,
    trade: brand.endsWith(trade.slice(-2)) || brand.length > 4 ? '' : trade,
    form: dice.pick(FORMS),
  };
}

type Style = 'none' | 'city' | 'cityRank' | 'province' | 'both';
const STYLES: readonly Style[] = ['none', 'city', 'cityRank', 'province', 'both'];

function placeText({ province, city }: Parts, style: Style): string {
  const own = MUNICIPAL.includes(city);
  if (style === 'none') return '';
  if (style === 'city') return city;
  if (style === 'cityRank') return `${city}市`;
  if (style === 'province') return own ? city : province;
  const rank = /^(?:内蒙古|广西|西藏|宁夏|新疆)$/.test(province) ? '' : '省';
  return own ? `${city}市` : `${province}${rank}${city}${rank === '' ? '' : '市'}`;
}

function nameOf(parts: Parts, style: Style): string {
  return `${placeText(parts, style)}${parts.brand}${parts.trade}${parts.form}`;
}

function phoneOf(dice: Dice): string {
  return `0${dice.int(310, 999)}${dice.int(2, 8)}${String(dice.int(0, 999_999)).padStart(6, '0')}`;
}

function writtenPhone(dice: Dice, phone: string): string {
  const [area, rest] = [phone.slice(0, 4), phone.slice(4)];
  return dice.pick([
    `${area}-${rest}`,
    `(${area})${rest}`,
    `+86 ${area.slice(1)} ${rest.slice(0, 3)} ${rest.slice(3)}`,
    `${area} ${rest.slice(0, 3)}-${rest.slice(3)}`,
    `${area}-${rest}转${dice.int(1, 99)}`,
    rest,
  ]);
}

type Mutation = readonly [how: string, apply: (dice: Dice, parts: Parts, style: Style) => string | null];

const inBrand = (parts: Parts, style: Style, brand: string): string => nameOf({ ...parts, brand }, style);

const MUTATIONS: readonly Mutation[] = [
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

function truePair(dice: Dice): Pair {
  for (;;) {
    const parts = company(dice);
    const style = dice.pick(STYLES);
    const [how, apply] = dice.pick(MUTATIONS);
    const typed = apply(dice, parts, style);
    const stored = nameOf(parts, style);
    if (typed === null || typed === stored || (how === 'brand with place' && style === 'none')) continue;
    // Every third also changes form, and half of the pairs have a phone, written otherwise.
    const name = dice.chance(0.3) ? swapForm(dice, typed) : typed;
    const phone = dice.chance(0.4) ? phoneOf(dice) : null;
    return {
      stored: { name: stored, ...(phone ? { phone: writtenPhone(dice, phone) } : {}) },
      typed: { name, ...(phone ? { phone: writtenPhone(dice, phone) } : {}) },
      same: true,
      how,
    };
  }
}

function swapForm(dice: Dice, name: string): string {
  return name.replace(
    /(?:股份|集团)?有限(?:责任)?公司$/u,
    dice.pick(['有限公司', '有限责任公司', '股份有限公司', '公司']),
  );
}

type Falsehood = readonly [
  how: string,
  apply: (dice: Dice, parts: Parts) => readonly [string, string] | null,
];

const FALSEHOODS: readonly Falsehood[] = [
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

function falsePair(dice: Dice): Pair {
  for (;;) {
    const parts = company(dice);
    const [how, apply] = dice.pick(FALSEHOODS);
    const names = apply(dice, parts);
    if (!names || names[0] === names[1]) continue;
    // Parts of one enterprise often share the switchboard.
    const shared =
      how !== 'a brand with one character in common' && how.includes('branch') && dice.chance(0.3);
    const phone = phoneOf(dice);
    const [stored, typed] = dice.chance(0.5) ? names : [names[1], names[0]];
    return {
      stored: { name: stored, ...(shared ? { phone: writtenPhone(dice, phone) } : {}) },
      typed: { name: typed, ...(shared ? { phone: writtenPhone(dice, phone) } : {}) },
      same: false,
      how,
    };
  }
}
