import { isHan } from '../duplicates/plain-text.ts';
import { looseSound } from '../duplicates/sound.ts';
import { initialsOf } from './search-keys.ts';
import { mendedPinyin } from './question-words.ts';
import { soundsOf, unitsOf } from './text-units.ts';

/** Scores values from 0 to 1: how near a piece comes to a word with at most one error; 0 when it does not. */
export function nearMissScore(word: string): (value: string) => number {
  const asked = Array.from(word);
  const mended = mendedPinyin(word);
  return (value) => scoreOf(value, asked, mended);
}

function scoreOf(value: string, asked: readonly string[], mended: readonly (readonly string[])[]): number {
  const characters = unitsOf(value).map(({ character }) => character);
  const readings = soundsOf(characters);
  const near = (a: readonly string[], b: readonly string[]): number => {
    const errors = leastErrors(a, b);
    return errors <= 1 ? 1 - errors / (a.length + 1) : 0;
  };
  if (asked.some(isHan)) {
    const written = near(asked, characters);
    const [sounds = []] = soundsOf(asked);
    const loose = sounds.map(looseSound);
    const sounded = Math.max(...readings.map((each) => near(loose, each.map(looseSound))));
    // Two characters of which one is wrong are nothing in common, unless they sound alike.
    return asked.length >= 3 ? Math.max(written, sounded * 0.95) : sounded === 1 ? 0.9 : 0;
  }
  if (asked.length < 5) return 0;
  const literal = Math.max(...readings.map((each) => near(asked, Array.from(initialsOf(each)))));
  return Math.max(literal, mended.some((each) => holds(readings, each)) ? 0.8 : 0);
}

function holds(readings: readonly (readonly string[])[], asked: readonly string[]): boolean {
  const last = asked.length - 1;
  return readings.some((line) =>
    line.some((_, from) =>
      asked.every((syllable, at) => {
        const sound = line[from + at] ?? '';
        return at === last ? sound.startsWith(syllable) : looseSound(sound) === looseSound(syllable);
      }),
    ),
  );
}

/** Least edits (also swaps of neighbours) between `asked` and any piece of `text`. */
function leastErrors(asked: readonly string[], text: readonly string[]): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: text.length + 1 }, () => 0);
  for (const [i, character] of asked.entries()) {
    const row = [i + 1];
    for (let j = 1; j <= text.length; j += 1) {
      const same = character === text[j - 1];
      let least = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + (same ? 0 : 1));
      if (i > 0 && j > 1 && character === text[j - 2] && asked[i - 1] === text[j - 1])
        least = Math.min(least, (beforeLast[j - 2] ?? 0) + 1);
      row.push(least);
    }
    beforeLast = last;
    last = row;
  }
  return Math.min(...last);
}
