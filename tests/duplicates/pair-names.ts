import { readFileSync } from 'node:fs';
import { pinyin } from 'pinyin-pro';
import { TRADITIONAL_PAIRS } from '../../core/src/duplicates/traditional-pairs.ts';
import type { Dice } from './dice.ts';

/** What a name is made of. */
export interface Parts {
  readonly province: string;
  readonly city: string;
  readonly brand: string;
  readonly trade: string;
  readonly form: string;
}

/** Real names and brands. */
export const BRANDS = readFileSync(new URL('../../metadata/demo/company-names.txt', import.meta.url), 'utf8')
  .trim()
  .split('\n');
/** Trades as registers know them; most, but not all of their parts stand in the product's word list. */
const TRADES =
  '酒业 食品 饮料 乳业 包装 印刷 机械 商贸 贸易 科技 实业 餐饮管理 农业开发 酒店管理 广告传媒 生物科技 供应链管理 调味品 茶业 粮油 糖业 彩印 物流 电子商务 文化传播 投资 置业 建材 化工 医药 酿造 冷链 烘焙 生态农业 文旅 新材料 智能装备 冻品 珠宝 教育咨询'.split(
    ' ',
  );
/** No two of them are near to each other. */
export const OTHER_TRADES = '食品 包装 机械 印刷 酒业 化工 物流 医药 建材 广告传媒'.split(' ');
/** Legal forms. */
export const FORMS = ['有限公司', '有限责任公司', '股份有限公司', '集团有限公司', '(集团)有限公司', '公司'];
const MUNICIPAL = ['北京', '上海', '天津', '重庆'];
/** Simplified → traditional. */
export const TRADITIONAL = new Map(
  TRADITIONAL_PAIRS.flatMap((line) =>
    Array.from({ length: line.length / 2 }, (_, at): [string, string] => [line[at * 2 + 1]!, line[at * 2]!]),
  ),
);
/** Characters that stand in names. */
export const COMMON = [...new Set(BRANDS.join(''))].filter((character) => /[\u4e00-\u9fff]/u.test(character));
/** Syllable → characters. */
export const HOMOPHONES = new Map<string, string[]>();
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
    return province && name.endsWith('市') ? [{ province, city: name.replace(/市$/, '') }] : [];
  });
}
/** Cities with their provinces. */
export const PLACES = readPlaces();

/** A company by chance. */
export function company(dice: Dice): Parts {
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

/** How the place is written. */
export type Style = 'none' | 'city' | 'cityRank' | 'province' | 'both';
/** All of them. */
export const STYLES: readonly Style[] = ['none', 'city', 'cityRank', 'province', 'both'];

/** The place in front of a name. */
export function placeText({ province, city }: Parts, style: Style): string {
  const own = MUNICIPAL.includes(city);
  if (style === 'none') return '';
  if (style === 'city') return city;
  if (style === 'cityRank') return `${city}市`;
  if (style === 'province') return own ? city : province;
  const rank = /^(?:内蒙古|广西|西藏|宁夏|新疆)$/.test(province) ? '' : '省';
  return own ? `${city}市` : `${province}${rank}${city}${rank === '' ? '' : '市'}`;
}

/** The full name. */
export function nameOf(parts: Parts, style: Style): string {
  return `${placeText(parts, style)}${parts.brand}${parts.trade}${parts.form}`;
}

/** Digits of a number with area code. */
export function phoneOf(dice: Dice): string {
  return `0${dice.int(310, 999)}${dice.int(2, 8)}${String(dice.int(0, 999_999)).padStart(6, '0')}`;
}

/** The number as somebody writes it. */
export function writtenPhone(dice: Dice, phone: string): string {
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
