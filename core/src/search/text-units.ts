import { pinyin } from 'pinyin-pro';
import { isHan, lettersOf, plainText } from '../duplicates/plain-text.ts';
import { soundOf } from '../duplicates/sound.ts';
import { plainSpelling } from './syllables.ts';

/** A letter, digit or character that counts; spaces, separators, accents, width, case and traditional writing do not. */
export interface Unit {
  readonly character: string;
  /** Where it stands in the text, in UTF-16 units. */
  readonly at: number;
}

/** Of long texts only so much is searched. */
const MOST_UNITS = 400;

/** A person's name is no longer: its first character is read as a surname. */
const LONGEST_PERSON = 4;

/** What of a text counts for the search. */
export function unitsOf(text: string): readonly Unit[] {
  const units: Unit[] = [];
  let at = 0;
  for (const written of text) {
    for (const character of lettersOf(plainText(written).normalize('NFD'))) units.push({ character, at });
    at += written.length;
    if (units.length >= MOST_UNITS) break;
  }
  return units;
}

const readingsOf = new Map<string, number>();

/** Is there more than one way to read it? Most names hold no such character, and reading words takes its time. */
function hasReadings(character: string): boolean {
  if (!isHan(character)) return false;
  let count = readingsOf.get(character);
  if (count === undefined) {
    count = new Set(pinyin(character, { toneType: 'none', type: 'array', v: true, multiple: true })).size;
    readingsOf.set(character, count);
  }
  return count > 1;
}

/**
 * How the characters may be read, one syllable for each: first every character by itself, so that equal characters
 * always sound equal; then as words (重庆, 长沙) and, for what may be a person, as a surname (曾, 单).
 */
export function soundsOf(characters: readonly string[]): readonly (readonly string[])[] {
  const plain = soundOf(characters.join('')).map(plainSpelling);
  if (!characters.some(hasReadings)) return [plain];
  const options = { toneType: 'none', type: 'array', v: true } as const;
  const read = (surname: 'head' | 'off'): readonly string[] => {
    const sounds = pinyin(characters.join(''), { ...options, surname }).map(plainSpelling);
    // Where the words do not fit the characters one by one, as with some rare ones, there is only the plain reading.
    if (sounds.length !== characters.length) return plain;
    return characters.map((character, at) => (isHan(character) ? (sounds[at] ?? character) : character));
  };
  const mayBePerson = characters.length <= LONGEST_PERSON && characters.slice(0, 2).some(hasReadings);
  const all = [plain, read('off'), ...(mayBePerson ? [read('head')] : [])];
  return [...new Map(all.map((sounds) => [sounds.join(' '), sounds])).values()];
}
