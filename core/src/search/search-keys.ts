import { isHan } from '../duplicates/plain-text.ts';
import { phoneNumber } from '../duplicates/phone-number.ts';
import { looseSound } from '../duplicates/sound.ts';
import { hashKey } from '../kept-keys/hash-key.ts';
import { soundsOf, unitsOf } from './text-units.ts';

/** Raise it when keys are made otherwise: all stored ones are then made again. */
export const SEARCH_KEYS_VERSION = 1;

/** What is kept of one value. */
export interface SearchKey {
  /**
   * The ways of writing, a line each: `=五粮液`, `+wu+liang+ye+` for each reading, `#wly` for the initials of each
   * reading (letters and digits stand for themselves). A question looks for a part of a line.
   */
  readonly forms: string;
  /** Names of the parts; a question reads only values that hold all parts of what is asked (`partsOf`). */
  readonly parts: readonly string[];
}

/** The kept key of a value; null for a value without a letter. */
export function searchKey(value: string, isPhone: boolean): SearchKey | null {
  const characters = unitsOf(value).map(({ character }) => character);
  if (characters.length === 0) return null;
  const readings = soundsOf(characters);
  const han = characters.map(isHan);
  const initials = new Set(readings.map(initialsOf));
  const phone = isPhone ? canonicalPhone(value) : null;
  if (phone !== null) initials.add(phone);
  const sounds = han.includes(true) ? readings.map((each) => `+${each.join('+')}+`) : [];
  const lines = [`=${characters.join('')}`, ...sounds, ...Array.from(initials, (line) => `#${line}`)];
  const parts = new Set([
    ...readings.flatMap((each) => [
      ...partsOf(each, han),
      ...initialParts(initialsOf(each)),
      startPart(each),
    ]),
    ...(phone === null ? [] : [...initialParts(phone), startPart(Array.from(phone))]),
  ]);
  return { forms: `${lines.join('\n')}\n`, parts: [...parts] };
}

/** `02885551234` of every way to write it with country and area; null for what is too short to have them. */
export function canonicalPhone(text: string): string | null {
  const phone = phoneNumber(text);
  if (!phone) return null;
  const area = phone.area === '' ? '' : `0${phone.area.replace(/^0/, '')}`;
  return `${area}${phone.subscriber}`;
}

/** The first letters of the syllables; others stand for themselves. */
export function initialsOf(sounds: readonly string[]): string {
  return sounds.map((sound) => Array.from(sound)[0] ?? '').join('');
}

/**
 * Parts by sound: each syllable, and each with the initial of the next. The parts of a piece are among those of the
 * whole. Sounds that many do not tell apart have the same parts.
 */
export function partsOf(sounds: readonly string[], han: readonly boolean[]): string[] {
  return sounds.flatMap((sound, at) => {
    if (!han[at]) return [];
    const next = sounds[at + 1];
    const alone = `s ${looseSound(sound)}`;
    return next === undefined ? [alone] : [alone, pairPart(sound, next)];
  });
}

/** A syllable and how the next one begins. */
export function pairPart(sound: string, next: string): string {
  const initial = Array.from(next)[0] ?? '';
  return `p ${looseSound(sound)} ${initial === 'l' ? 'n' : initial}`;
}

/** Parts by initials, letters and digits: each three in a row. */
export function initialParts(initials: string): string[] {
  const letters = Array.from(initials);
  return letters.slice(2).map((_, at) => `i ${letters.slice(at, at + 3).join('')}`);
}

/** How a text begins: its first two initials. */
export function startPart(sounds: readonly string[]): string {
  return `^ ${initialsOf(sounds.slice(0, 2))}`;
}

/** Parts as they are stored: with their entity, so that what is popular in one is not read for another. */
export function hashedParts(entity: string, parts: Iterable<string>): number[] {
  return Array.from(new Set(parts), (part) => hashKey(`${entity} ${part}`));
}
