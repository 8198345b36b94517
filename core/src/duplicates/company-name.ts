import { BRANCH_WORDS, LATIN_FORM, LEGAL_FORMS, LONGEST_TRADE, TRADES } from './company-words.ts';
import { lettersOf, plainText } from './plain-text.ts';
import type { PlaceName, Places } from './places.ts';

/** A company's name in its parts. Every part is plain text (`plainText`) without spaces and punctuation. */
export interface CompanyName {
  /** What people call it: never empty for a name that has letters. */
  readonly brand: string;
  /** Trade words in order, synonyms made one. */
  readonly trades: readonly string[];
  /** Codes of the most exact places named. */
  readonly places: ReadonlySet<string>;
  /** County, district or town, without its rank (茅台镇 → 茅台); empty when none is named. */
  readonly county: string;
  /** The part of an enterprise that is meant, e.g. 北京分公司; null for the enterprise itself. */
  readonly branch: { readonly text: string; readonly places: ReadonlySet<string> } | null;
  /** Numerals that tell one works from another: 一厂 → 1, 第二分公司 → 2. */
  readonly numbers: string;
  /** Brand and trade as written, without place and legal form. */
  readonly core: string;
  /** Everything but the legal form. */
  readonly whole: string;
}

const LEAST_BRAND = 2;
const NUMERALS = '一二三四五六七八九十';
const BRACKETS = /[([{【〔〈《「<]([^)\]}】〕〉》」>]*)[)\]}】〕〉》」>]/gu;
const SAYS_NOTHING =
  /^(?:集团|股份|控股|有限|中国|普通合伙|有限合伙|个体|个体工商户|合伙|本部|总部|原.*|曾用名.*)$/u;
const NUMBERED =
  /第?([\d一二三四五六七八九十]+)(?:分?厂|分?公司|分?店|车间|[号门]店|营业部|门市部|经营部|分[部院校行])$/u;
const COUNTY = /^([\u4e00-\u9fff]{1,3}?)(?:自治县|县|区|镇|乡|旗)(?=[\u4e00-\u9fff]{2})/u;
const COUNTY_WITHOUT_PLACE =
  /^(?!开发区|工业区|高新区|住宅区|风景区|旅游区|保税区)([\u4e00-\u9fff]{2,3}?)(?:自治县|县|镇|(?<=^..)区)(?=[\u4e00-\u9fff]{2})/u;
const COUNTY_CITY = /^([\u4e00-\u9fff]{1,2}[^超夜集股门楼花菜城都])市(?=[\u4e00-\u9fff]{2})/u;
const ZONES =
  /^(?:经济技术|高新技术产业|高新技术|经济|高新|工业|综合保税|保税|自由贸易试验|自贸)(?:开发区|区|园区)/u;

/** Takes a company's name apart; never fails. */
export function companyName(name: string, places: Places): CompanyName {
  const found: PlaceName[] = [];
  const plain = withoutLatinForm(plainText(name));
  const open = plain.replace(BRACKETS, (_, inside: string) => {
    const text = lettersOf(inside);
    if (SAYS_NOTHING.test(text)) return '';
    const place = places.atStart(text);
    if (place && place.name.length === text.length) {
      found.push(place);
      return '';
    }
    return text;
  });
  const letters = lettersOf(open) || lettersOf(plain) || plain;
  const { head, branch } = splitBranch(letters, places);
  const numbered = NUMBERED.exec(branch ? branch.text : head);
  const numbers = numbered ? arabic(numbered[1] as string) : '';
  const bare =
    numbered && !branch && numbered.index >= LEAST_BRAND ? head.slice(0, numbered.index) : withoutForm(head);
  const front = placesAtFront(bare, places, found);
  const { brand, trades, core } = brandAndTrade(placeAtEnd(front.rest, places, found), places, found);
  return {
    brand,
    trades,
    places: mostExact(found, places),
    county: front.county,
    branch,
    numbers,
    core,
    whole: bare,
  };
}

function withoutLatinForm(plain: string): string {
  let rest = plain;
  for (;;) {
    const shorter = rest.replace(LATIN_FORM, '');
    if (shorter === rest || shorter.length < LEAST_BRAND) return rest;
    rest = shorter;
  }
}

function splitBranch(letters: string, places: Places): { head: string; branch: CompanyName['branch'] } {
  const word = BRANCH_WORDS.find((each) => letters.endsWith(each) && letters.length > each.length + 1);
  if (word === undefined) return { head: letters, branch: null };
  const before = letters.slice(0, -word.length);
  const at = before.indexOf('公司');
  let head = at >= LEAST_BRAND ? before.slice(0, at + 2) : before;
  let tail = at >= LEAST_BRAND ? before.slice(at + 2) : '';
  if (at < LEAST_BRAND) {
    const end = /(?:第?[\d一二三四五六七八九十]+)$/u.exec(before)?.[0] ?? places.atEnd(before)?.name ?? '';
    if (end !== '' && before.length - end.length >= LEAST_BRAND) {
      head = before.slice(0, -end.length);
      tail = end;
    }
  }
  const place = tail === '' ? null : places.atStart(tail);
  return { head, branch: { text: tail + word, places: new Set(place?.codes) } };
}

function withoutForm(name: string): string {
  let rest = name;
  for (;;) {
    const form = LEGAL_FORMS.find((each) => rest.endsWith(each));
    if (form === undefined || rest.length - form.length < LEAST_BRAND) return rest;
    rest = rest.slice(0, -form.length);
  }
}

/** Is there a brand left when place words are taken away? */
function hasBrand(rest: string): boolean {
  let brand = rest;
  for (let trade = tradeAtEnd(brand); trade !== ''; trade = tradeAtEnd(brand)) {
    // 如茶 is a brand, 啤酒 is none.
    if (trade.length === 1 && brand.length <= LEAST_BRAND) break;
    brand = brand.slice(0, -trade.length);
  }
  return brand.length >= LEAST_BRAND;
}

function placesAtFront(
  name: string,
  places: Places,
  found: PlaceName[],
): { readonly rest: string; readonly county: string } {
  let rest = name;
  let county = '';
  let inPlace = false;
  let inFront: PlaceName | null = null;
  if (rest.startsWith('中国') && hasBrand(rest.slice(2))) rest = rest.slice(2);
  for (;;) {
    const place = places.atStart(rest);
    if (place) {
      const behind = rest.slice(place.name.length);
      // 青岛啤酒: the place is the brand.
      if (!hasBrand(behind)) break;
      // 平顶山白沙啤酒: a second place that does not lie in the first is the brand.
      if (inFront && !places.agree(new Set(inFront.codes), new Set(place.codes))) break;
      found.push(place);
      inFront = place;
      rest = behind;
      inPlace = true;
      continue;
    }
    const zone = inPlace ? ZONES.exec(rest) : null;
    if (zone && hasBrand(rest.slice(zone[0].length))) {
      rest = rest.slice(zone[0].length);
      continue;
    }
    const part = COUNTY_CITY.exec(rest) ?? (inPlace ? COUNTY : COUNTY_WITHOUT_PLACE).exec(rest);
    if (!part || !hasBrand(rest.slice(part[0].length))) break;
    county = part[1] as string;
    rest = rest.slice(part[0].length);
    inPlace = true;
  }
  return { rest, county };
}

function placeAtEnd(name: string, places: Places, found: PlaceName[]): string {
  const place = places.atEnd(name);
  if (!place) return name;
  const rest = name.slice(0, -place.name.length);
  if (!hasBrand(rest)) return name;
  found.push(place);
  return rest;
}

function placeInside(name: string, places: Places, found: PlaceName[]): string {
  for (let at = LEAST_BRAND; at <= name.length - 4; at += 1) {
    const place = places.atStart(name.slice(at));
    if (!place || at + place.name.length > name.length - 2) continue;
    found.push(place);
    return name.slice(0, at) + name.slice(at + place.name.length);
  }
  return name;
}

function tradeAtEnd(text: string): string {
  for (let length = Math.min(LONGEST_TRADE, text.length); length > 0; length -= 1) {
    const word = text.slice(-length);
    if (TRADES.has(word)) return word;
  }
  return '';
}

function brandAndTrade(
  name: string,
  places: Places,
  found: PlaceName[],
): Pick<CompanyName, 'brand' | 'trades' | 'core'> {
  const trades: string[] = [];
  let brand = name;
  for (;;) {
    const word = tradeAtEnd(brand) || (trades.length > 0 ? formAtEnd(brand) : '');
    if (word === '' || brand.length - word.length < LEAST_BRAND) break;
    const trade = TRADES.get(word);
    if (trade !== undefined) trades.unshift(trade);
    brand = brand.slice(0, -word.length);
  }
  const written = name.slice(brand.length);
  // 佳美成都食品: the place between brand and trade.
  if (trades.length > 0) brand = placeAtEnd(brand, places, found);
  // The same before a trade that no list knows.
  else brand = placeInside(brand, places, found);
  return { brand, trades: [...new Set(trades)], core: brand + written };
}

/** 佳美集团食品: a form between brand and trade says nothing. */
function formAtEnd(text: string): string {
  return ['集团', '股份', '控股'].find((form) => text.endsWith(form)) ?? '';
}

/** Of 四川 and 泸州 only 泸州; a name of two places (吉林) keeps both. */
function mostExact(found: readonly PlaceName[], places: Places): ReadonlySet<string> {
  const depth = ({ codes }: PlaceName): number => Math.max(...codes.map((code) => places.depth(code)));
  const isWider = (one: PlaceName, other: PlaceName): boolean =>
    one.name !== other.name &&
    (depth(one) < depth(other) || (depth(one) === depth(other) && one.codes.length > other.codes.length)) &&
    places.agree(new Set(one.codes), new Set(other.codes));
  const exact = found.filter((one) => !found.some((other) => isWider(one, other)));
  return new Set(exact.flatMap(({ codes }) => codes));
}

function arabic(numeral: string): string {
  if (/^\d+$/.test(numeral)) return String(Number(numeral));
  const ten = numeral.indexOf('十');
  const digit = (character: string | undefined): number =>
    character === undefined || character === '' ? 0 : NUMERALS.indexOf(character) + 1;
  if (ten < 0) return Array.from(numeral, (each) => String(digit(each))).join('');
  return String((ten === 0 ? 1 : digit(numeral[ten - 1])) * 10 + digit(numeral[ten + 1]));
}
