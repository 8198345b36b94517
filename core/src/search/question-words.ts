import { isHan } from '../duplicates/plain-text.ts';
import { canonicalPhone, initialParts, initialsOf, pairPart, partsOf, startPart } from './search-keys.ts';
import { looseSound } from '../duplicates/sound.ts';
import { plainSpelling, readings, syllablesFrom } from './syllables.ts';
import { soundsOf, unitsOf } from './text-units.ts';

/** A way to look for a word: values that hold all parts, and one line of whose forms fits the pattern. */
export interface Way {
  readonly parts: readonly string[];
  /** LIKE; letters and the marks of lines only, so nothing of it needs escaping. */
  readonly pattern: string;
  /** 0–100 */
  readonly weight: number;
}

/** A way to look for a word with a typing error, to be compared afterwards. */
export interface FaultyWay {
  readonly parts: readonly string[];
}

const MOST_READINGS = 4;
const MOST_SYLLABLES = 8;
const MOST_LETTERS = 40;
const ASCII = /^[a-z0-9]+$/;

/** What counts of a question's words: letters, digits and characters. */
export function wordsOf(question: string): readonly string[] {
  const words = question
    .slice(0, 200)
    .split(/\s+/)
    .map((word) => lettersOfWord(word))
    .filter((word) => word !== '');
  return words.slice(0, 5);
}

function lettersOfWord(word: string): string {
  return unitsOf(word)
    .slice(0, MOST_LETTERS)
    .map(({ character }) => character)
    .join('');
}

/** Every way to look for a word as it stands: as written, as pinyin, as initials, as a telephone number. */
export function waysOf(word: string): readonly Way[] {
  if (!ASCII.test(word)) return writtenWays(word);
  const phone = /^\d{10,}$/.test(word) ? canonicalPhone(word) : null;
  return [
    ...initialWays(word),
    ...(phone === null || phone === word ? [] : initialWays(phone)),
    ...(/^[a-z]{2,}$/.test(word) ? soundWays(word) : []),
  ];
}

function writtenWays(word: string): readonly Way[] {
  const characters = Array.from(word);
  const [sounds = []] = soundsOf(characters);
  const parts = [...partsOf(sounds, characters.map(isHan)), ...initialParts(initialsOf(sounds))];
  const start = characters.length > 1 ? [...parts, startPart(sounds)] : parts;
  if (start.length === 0) return [];
  return [
    { parts: start, pattern: `=${word}\n%`, weight: 100 },
    { parts: start, pattern: `=${word}%`, weight: 90 },
    ...(parts.length === 0 ? [] : [{ parts, pattern: `%${word}%`, weight: 75 }]),
  ];
}

function initialWays(word: string): readonly Way[] {
  const letters = Array.from(word);
  if (letters.length < 2) return [];
  const parts = initialParts(word);
  const start = [...parts, startPart(letters)];
  return [
    { parts: start, pattern: `=${word}\n%`, weight: 100 },
    { parts: start, pattern: `%\n#${word}\n%`, weight: 88 },
    { parts: start, pattern: `%\n#${word}%`, weight: 84 },
    ...(parts.length === 0 ? [] : [{ parts, pattern: `%#%${word}%`, weight: 62 }]),
  ];
}

function soundWays(letters: string): readonly Way[] {
  return readings(plainSpelling(letters), MOST_READINGS).flatMap(waysOfReading);
}

/** Without the last syllable's own part, which may be unfinished. */
function waysOfReading(reading: readonly string[]): readonly Way[] {
  const [only = ''] = reading;
  if (reading.length === 1)
    return syllablesFrom(only)
      .slice(0, MOST_SYLLABLES)
      .flatMap((syllable) => [
        { parts: [`s ${looseSound(syllable)}`], pattern: `%\n+${syllable}+%`, weight: 84 },
        { parts: [`s ${looseSound(syllable)}`], pattern: `%+${syllable}+%`, weight: 60 },
      ]);
  const parts = reading.flatMap((syllable, at) => {
    const next = reading[at + 1];
    return next === undefined ? [] : [`s ${looseSound(syllable)}`, pairPart(syllable, next)];
  });
  const line = `+${reading.join('+')}`;
  return [
    { parts: [...parts, startPart(reading)], pattern: `%\n${line}+\n%`, weight: 92 },
    { parts: [...parts, startPart(reading)], pattern: `%\n${line}%`, weight: 86 },
    { parts, pattern: `%${line}%`, weight: 68 },
  ];
}

/** Longer questions are pasted, not typed; each letter more is two more ways to look for. */
const MOST_FAULTY = 24;

/**
 * Ways to look for a word with one error in it: one character or letter wrong, too many, left out or swapped with its
 * neighbour is met by leaving it out of the question; another character of the same sound by the sound alone.
 */
export function faultyWaysOf(word: string): readonly FaultyWay[] {
  const characters = Array.from(word);
  if (characters.length > MOST_FAULTY) return [];
  const han = characters.map(isHan);
  const [sounds = []] = soundsOf(characters);
  const ways: string[][] = [];
  const partsIn = (from: number, to: number): string[] => [
    ...partsOf(sounds.slice(from, to), han.slice(from, to)),
    ...initialParts(initialsOf(sounds.slice(from, to))),
  ];
  if (han.includes(true)) {
    ways.push(partsIn(0, sounds.length));
    if (characters.length >= 3)
      for (const at of characters.keys())
        ways.push([...partsIn(0, at), ...partsIn(at + 1, characters.length)]);
  } else if (characters.length >= 5) {
    for (const at of characters.keys()) ways.push([...partsIn(0, at), ...partsIn(at + 1, characters.length)]);
    // A swapped pair takes three letters out of row.
    for (const at of characters.keys()) ways.push([...partsIn(0, at), ...partsIn(at + 2, characters.length)]);
    if (/^[a-z]+$/.test(word))
      for (const mended of mendedPinyin(word)) ways.push(waysOfReading(mended).at(-1)?.parts.slice() ?? []);
  }
  const distinct = new Map(
    ways.filter((parts) => parts.length >= 2).map((parts) => [parts.join(), { parts }]),
  );
  return [...distinct.values()];
}

const MOST_MENDED = 24;
/** Each letter makes some forty variants to be read; of more letters an error is found by the initials alone. */
const MOST_MENDED_LETTERS = 24;

/** Readings of what the letters may have been before one error; none of many letters. */
export function mendedPinyin(letters: string): readonly (readonly string[])[] {
  if (letters.length > MOST_MENDED_LETTERS) return [];
  const found = new Map<string, readonly string[]>();
  const all = [...Array(letters.length).keys()];
  const alphabet = 'nghaioeu';
  const swapped = all.map(
    (at) => letters.slice(0, at) + (letters[at + 1] ?? '') + (letters[at] ?? '') + letters.slice(at + 2),
  );
  const without = all.map((at) => letters.slice(0, at) + letters.slice(at + 1));
  const withMore = all.flatMap((at) =>
    Array.from(alphabet, (letter) => letters.slice(0, at + 1) + letter + letters.slice(at + 1)),
  );
  const other = all.flatMap((at) =>
    Array.from(
      'abcdefghijklmnopqrstuwxyz',
      (letter) => letters.slice(0, at) + letter + letters.slice(at + 1),
    ),
  );
  for (const each of [...swapped, ...without, ...withMore, ...other]) {
    if (found.size >= MOST_MENDED) break;
    // A reading of many short syllables is seldom what was meant.
    const [reading] = readings(each, 1);
    if (reading && reading.length > 1 && reading.length <= Math.ceil(letters.length / 2))
      found.set(reading.join(), reading);
  }
  return [...found.values()];
}
