import { initialsOf } from './search-keys.ts';
import { plainSpelling, readings } from './syllables.ts';
import { soundsOf, unitsOf, type Unit } from './text-units.ts';

/** A piece of a value with the place that was asked for. */
export interface Place {
  readonly snippet: string;
  readonly mark: readonly [number, number] | null;
}

const LONG = 80;
const AROUND = 24;

/** Where in a value the first of the words that can be found there stands; a long value is cut around it. */
export function locate(value: string, words: readonly string[]): Place {
  const units = unitsOf(value);
  const characters = units.map(({ character }) => character);
  const sounds = soundsOf(characters);
  for (const word of words) {
    const found = placeOf(characters, sounds, word);
    if (found) return cut(value, markOf(value, units, found));
  }
  return cut(value, null);
}

/** First unit and number of units. */
type Span = readonly [number, number];

function placeOf(
  characters: readonly string[],
  sounds: readonly (readonly string[])[],
  word: string,
): Span | null {
  const letters = Array.from(word);
  for (const line of [characters, ...sounds.map((each) => Array.from(initialsOf(each)))]) {
    const at = line.findIndex((_, from) => letters.every((letter, index) => line[from + index] === letter));
    if (at >= 0) return [at, letters.length];
  }
  if (!/^[a-z]+$/.test(word)) return null;
  for (const reading of readings(plainSpelling(word), 4))
    for (const line of sounds) {
      const last = reading.length - 1;
      const fits = (from: number): boolean =>
        reading.every((syllable, index) => {
          const sound = line[from + index] ?? '';
          return index === last ? sound.startsWith(syllable) : sound === syllable;
        });
      const at = line.findIndex((_, from) => fits(from));
      if (at >= 0) return [at, reading.length];
    }
  return null;
}

function markOf(value: string, units: readonly Unit[], [first, count]: Span): [number, number] {
  const from = units[first]?.at ?? 0;
  const last = units[first + count - 1]?.at ?? from;
  return [from, last + String.fromCodePoint(value.codePointAt(last) ?? 0).length];
}

function cut(value: string, mark: readonly [number, number] | null): Place {
  if (value.length <= LONG) return { snippet: value, mark };
  const from = Math.max(0, (mark?.[0] ?? 0) - AROUND);
  const before = from > 0 ? '…' : '';
  const piece = value.slice(from, from + LONG);
  const snippet = `${before}${piece}${from + LONG < value.length ? '…' : ''}`;
  if (!mark) return { snippet, mark };
  const shift = before.length - from;
  return { snippet, mark: [mark[0] + shift, Math.min(mark[1] + shift, snippet.length)] };
}
