import { pinyin } from 'pinyin-pro';
import { isHan } from './plain-text.ts';

const syllables = new Map<string, string>();

function syllableOf(character: string): string {
  let syllable = syllables.get(character);
  if (syllable === undefined) {
    syllable = isHan(character)
      ? pinyin(character, { toneType: 'none', type: 'array', v: true })[0] || character
      : character;
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

/** Syllables that speakers of many regions do not tell apart: zh/z, ch/c, sh/s, -ng/-n, l/n, f/h before u. */
export function looseSound(syllable: string): string {
  return syllable
    .replace(/^([zcs])h/, '$1')
    .replace(/^l(?=[aeiouv])/, 'n')
    .replace(/([aei])ng$/, '$1n');
}
