import { pinyin } from 'pinyin-pro';
import { isHan } from './plain-text.ts';

const syllables = new Map<string, string>();

function syllableOf(character: string): string {
  // What is not Chinese sounds as it is written, and there may be much of it: it is not remembered.
  if (!isHan(character)) return character;
  let syllable = syllables.get(character);
  if (syllable === undefined) {
    syllable = pinyin(character, { toneType: 'none', type: 'array', v: true })[0] || character;
    syllables.set(character, syllable);
  }
  return syllable;
}

/**
 * How a text sounds: one toneless syllable for each character, other characters as they are. A character with several
 * readings has always the same one, so that equal characters always sound equal.
 * @example soundOf('佳美') // ['jia', 'mei']
 */
export function soundOf(text: string): string[] {
  return Array.from(text, syllableOf);
}

const loose = new Map<string, string>();

/** Syllables that speakers of many regions do not tell apart: zh/z, ch/c, sh/s, l/n, -ng/-n. */
export function looseSound(syllable: string): string {
  let sound = loose.get(syllable);
  if (sound === undefined) {
    sound = syllable
      .replace(/^([zcs])h/, '$1')
      .replace(/^l(?=[aeiouv])/, 'n')
      .replace(/([aei])ng$/, '$1n');
    if (syllable.length > 1) loose.set(syllable, sound);
  }
  return sound;
}
