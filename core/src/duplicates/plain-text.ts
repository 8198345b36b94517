import { TRADITIONAL_PAIRS } from './traditional-pairs.ts';

const SIMPLIFIED = new Map<string, string>();
for (const line of TRADITIONAL_PAIRS)
  for (let at = 0; at + 1 < line.length; at += 2) SIMPLIFIED.set(line[at] as string, line[at + 1] as string);

const HAN = /[\u4e00-\u9fff]/u;

/** One way of writing: half width, small letters, simplified characters; spaces and punctuation stay (ENT-02). */
export function plainText(text: string): string {
  let plain = '';
  for (const character of text.normalize('NFKC').toLowerCase().trim())
    plain += SIMPLIFIED.get(character) ?? character;
  return plain;
}

/** Letters, digits and characters of an already plain text. */
export function lettersOf(plain: string): string {
  return plain.replace(/[\p{P}\p{S}\p{Z}\p{C}\p{M}]/gu, '');
}

/** Is it a Chinese character? */
export function isHan(character: string): boolean {
  return HAN.test(character);
}
