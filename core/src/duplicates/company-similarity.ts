import type { CompanyName } from './company-name.ts';
import { GENERIC_TRADES } from './company-words.ts';
import { editDistance } from './edit-distance.ts';
import type { Places } from './places.ts';
import { looseSound, soundOf } from './sound.ts';

/** The least score of one error of typing in four or more characters. */
const ONE_ERROR = 0.86;

/** How two company names compare. */
export interface Similarity {
  /** 0–1 */
  readonly score: number;
  /** Equal but for legal form, brackets, width, script and the province. */
  readonly exact: boolean;
  /** Something says that they are two: another city, trade, branch or number. Then no phone makes them one. */
  readonly conflict: boolean;
  readonly kind: 'same' | 'sound' | 'similar';
}

const NUMERAL = /[\d一二三四五六七八九十]/u;
/** Below this a brand is another brand. */
const SAME_BRAND = 0.74;

/**
 * Compares two names part by part: brands by characters, sound and typing errors, the other parts by whether they
 * contradict each other.
 * @param around places known from elsewhere (city field, address), for names that name none
 */
export function companySimilarity(
  a: CompanyName,
  b: CompanyName,
  places: Places,
  around: { readonly a: ReadonlySet<string>; readonly b: ReadonlySet<string> } = NOWHERE,
): Similarity {
  const brand = brandOrWhole(a, b);
  const place = placeFactor(a, b, places, around);
  const trade = brand.whole ? 1 : tradeFactor(a, b, place === 1 && a.places.size > 0);
  const part = branchFactor(a, b, places);
  const conflict = place <= CONFLICT || trade <= CONFLICT || part <= CONFLICT;
  const score = brand.score * place * trade * part;
  return {
    score,
    exact: score > 0.999,
    conflict: conflict && brand.score >= SAME_BRAND,
    kind: brand.kind,
  };
}

const NOWHERE = { a: new Set<string>(), b: new Set<string>() };
/** A factor as low as this contradicts. */
const CONFLICT = 0.62;

interface Brand {
  readonly score: number;
  readonly kind: Similarity['kind'];
  /** The trades were compared along. */
  readonly whole: boolean;
}

function brandOrWhole(a: CompanyName, b: CompanyName): Brand {
  const brand = brandSimilarity(withoutCounty(a.brand, b.county), withoutCounty(b.brand, a.county));
  if (brand.score >= SAME_BRAND) return { ...brand, whole: false };
  // A typing error inside the trade makes it part of the brand.
  const torn = a.trades.join() !== b.trades.join();
  const longer = abbreviation(a, b) ?? abbreviation(b, a);
  if (longer !== null) return { score: longer, kind: 'similar', whole: true };
  const core =
    torn && Math.min(a.core.length, b.core.length) >= 4 && Math.abs(a.core.length - b.core.length) <= 1
      ? brandSimilarity(a.core, b.core)
      : null;
  if (core && core.score >= ONE_ERROR) return { ...core, whole: true };
  // 成都美食品 for 成都佳美食品: what is left of the brand was taken for something else.
  const placeLost = (a.places.size === 0) !== (b.places.size === 0);
  if ((torn || placeLost) && isLeftOut(a.whole, b.whole))
    return { score: 0.88, kind: 'similar', whole: true };
  // 成郡佳美食品 for 成都佳美食品: an error in the place makes it part of the brand.
  if (placeLost && isOneError(a, b)) return { score: 0.88, kind: 'similar', whole: true };
  const same = a.whole === b.whole && a.whole.length >= 4;
  return same ? { score: 1, kind: 'same', whole: true } : { ...brand, whole: false };
}

function isLeftOut(a: string, b: string): boolean {
  const shorter = Math.min(a.length, b.length);
  return shorter >= 5 && Math.abs(a.length - b.length) === 1 && editDistance([...a], [...b]) === 1;
}

function isOneError(a: CompanyName, b: CompanyName): boolean {
  const [short, long] = a.brand.length < b.brand.length ? [a.brand, b.brand] : [b.brand, a.brand];
  return short.length >= 2 && long.endsWith(short) && editDistance([...a.whole], [...b.whole]) === 1;
}

/** 欧米格 for 欧米格酿造, whose trade no list knows: then it stands behind the brand. */
function abbreviation(short: CompanyName, long: CompanyName): number | null {
  if (short.trades.length > 0 || long.trades.length > 0) return null;
  const rest = long.brand.length - short.brand.length;
  if (rest < 2 || rest > 4 || !long.brand.startsWith(short.brand)) return null;
  return short.brand.length > 2 ? 0.88 : 0.78;
}

function withoutCounty(brand: string, county: string): string {
  return county !== '' && brand.startsWith(county) && brand.length >= county.length + 2
    ? brand.slice(county.length)
    : brand;
}

/** Compares what enterprises are called. */
function brandSimilarity(a: string, b: string): { score: number; kind: Similarity['kind'] } {
  if (a === b) return { score: 1, kind: 'same' };
  const left = Array.from(a);
  const right = Array.from(b);
  const longer = Math.max(left.length, right.length);
  const shorter = Math.min(left.length, right.length);
  if (longer - shorter > 2) return { score: 0, kind: 'similar' };
  if (isOtherNumber(left, right)) return { score: 0.4, kind: 'similar' };
  const [soundLeft, soundRight] = [soundOf(a), soundOf(b)];
  const common = left.filter((character, at) => character === right[at]).length;
  if (left.length === right.length) {
    const exactSound = soundLeft.every((syllable, at) => syllable === soundRight[at]);
    const loose =
      exactSound || soundLeft.every((each, at) => looseSound(each) === looseSound(soundRight[at] ?? ''));
    if (loose) return { score: soundScore(longer, common) - (exactSound ? 0 : 0.04), kind: 'sound' };
  }
  const written = editDistance(left, right);
  const heard = editDistance(soundLeft.map(looseSound), soundRight.map(looseSound)) + 0.3;
  return {
    score: errorScore(Math.min(written, heard), written, longer, shorter, left, right),
    kind: 'similar',
  };
}

function soundScore(length: number, common: number): number {
  if (length === 1) return 0.6;
  if (length === 2) return common === 1 ? 0.9 : 0.75;
  return common * 2 >= length ? 0.93 : common > 0 ? 0.88 : 0.8;
}

function errorScore(
  distance: number,
  written: number,
  longer: number,
  shorter: number,
  left: readonly string[],
  right: readonly string[],
): number {
  const swapped = written === 1 && longer === shorter && left.toSorted().join() === right.toSorted().join();
  if (swapped) return longer === 2 ? 0.8 : 0.9;
  if (distance < 2) {
    const penalty = distance > 1 ? 0.03 : 0;
    if (shorter >= 4) return 0.9 - penalty;
    if (shorter === 3) return 0.86 - penalty;
    if (longer === 3) return doubled(left, right) ? 0.85 : 0.68;
    return 0.55;
  }
  // 欧米格酿造 and 欧米格卤味: another trade, though no list knows it.
  const alike = left.findIndex((character, at) => character !== right[at]);
  if (distance < 3 && shorter >= 5) return alike >= shorter - 2 ? 0.6 : 0.82;
  if (distance < 4 && shorter >= 9) return 0.8;
  return Math.max(0, Math.min(0.6, 1 - distance / longer));
}

/** 佳佳美 for 佳美: one character typed twice. */
function doubled(left: readonly string[], right: readonly string[]): boolean {
  const [short, long] = left.length < right.length ? [left, right] : [right, left];
  return long.filter((character, at) => character !== long[at - 1]).join('') === short.join('');
}

/** 二十 is not 三十, and 12 not 123; 沈九 for 沈酒 is an error of hearing. */
function isOtherNumber(left: readonly string[], right: readonly string[]): boolean {
  const digits = (text: readonly string[]): string => text.join('').replace(/\D/g, '');
  if (digits(left) !== digits(right)) return true;
  if (left.length !== right.length) return false;
  return left.some((each, at) => NUMERAL.test(each) && NUMERAL.test(right[at] ?? '') && each !== right[at]);
}

function placeFactor(
  a: CompanyName,
  b: CompanyName,
  places: Places,
  around: { readonly a: ReadonlySet<string>; readonly b: ReadonlySet<string> },
): number {
  if (!places.agree(a.places, b.places)) return 0.45;
  if (a.county !== '' && b.county !== '' && a.county !== b.county) return 0.5;
  const known = (a.places.size > 0 ? 1 : 0) + (b.places.size > 0 ? 1 : 0);
  const [whereA, whereB] = [a.places.size > 0 ? a.places : around.a, b.places.size > 0 ? b.places : around.b];
  if (!places.agree(whereA, whereB)) return 0.6;
  return known === 1 ? 0.96 : 1;
}

function tradeFactor(a: CompanyName, b: CompanyName, samePlace: boolean): number {
  if (a.trades.join() === b.trades.join()) return 1;
  if (a.trades.length === 0 || b.trades.length === 0) {
    const brand = Math.min(a.brand.length, b.brand.length);
    return samePlace ? 0.94 : brand > 2 ? 0.9 : 0.86;
  }
  const [special, other] = [a.trades.filter(isSpecial), b.trades.filter(isSpecial)];
  if (special.length > 0 && other.length > 0) {
    const set = new Set(special);
    if (other.every((trade) => set.has(trade)) && special.length === other.length)
      return special.join() === other.join() && a.trades.length !== b.trades.length ? 0.88 : 0.95;
    if (special.at(-1) === other.at(-1)) return 0.86;
    // 金龙酒业 for 金龙酒业食品: the last word was left out.
    const [short, long] = special.length < other.length ? [a.trades, b.trades] : [b.trades, a.trades];
    return short.length < long.length && short.every((trade, at) => trade === long[at]) ? 0.8 : 0.5;
  }
  if (special.length > 0 || other.length > 0) return 0.6;
  const generic = new Set(a.trades);
  return b.trades.some((trade) => generic.has(trade)) ? 0.93 : 0.6;
}

function isSpecial(trade: string): boolean {
  return !GENERIC_TRADES.has(trade);
}

function branchFactor(a: CompanyName, b: CompanyName, places: Places): number {
  if ((a.branch === null) !== (b.branch === null)) return 0.5;
  if (a.numbers !== b.numbers) return 0.45;
  if (!a.branch || !b.branch || a.branch.text === b.branch.text) return 1;
  if (a.branch.places.size === 0 || b.branch.places.size === 0) return 0.5;
  return places.agree(a.branch.places, b.branch.places) ? 0.98 : 0.45;
}
