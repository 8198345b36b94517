/** Control characters other than tab and line ends. */
const FORBIDDEN = /[^\P{Cc}\t\n\r]/u;
const FULL_WIDTH = /[\uff01-\uff5e\u3000]/g;
const DASHES = /[\u2010-\u2015\u2212\ufe63\uff0d]/g;

/**
 * True for characters that no field takes: control characters (PostgreSQL refuses U+0000 outright) and halves of
 * surrogate pairs, which cannot be stored in UTF-8.
 */
export function hasForbiddenCharacters(text: string): boolean {
  return FORBIDDEN.test(text) || !text.isWellFormed();
}

/** Full-width letters, digits, signs and spaces (！ to ～) as their half-width counterparts; dashes as `-`. */
export function toHalfWidth(text: string): string {
  return text
    .replace(FULL_WIDTH, (sign) =>
      sign === '\u3000' ? ' ' : String.fromCharCode(sign.charCodeAt(0) - 0xfee0),
    )
    .replace(DASHES, '-');
}

/** One line: Unicode NFC, line ends and tabs as spaces, trimmed. Null when nothing remains. */
export function cleanLine(text: string): string | null {
  return (
    text
      .normalize('NFC')
      .replace(/[\t\r\n\u2028\u2029]+/g, ' ')
      .trim() || null
  );
}

/** Several lines: NFC, `\n` as line end, no white space at line ends or around the whole. Null when nothing remains. */
export function cleanLines(text: string): string | null {
  return trimLineEnds(text.normalize('NFC').replace(/\r\n?|[\u2028\u2029]/g, '\n')).trim() || null;
}

/** Each line without white space at its end. Not by a pattern, which tries every run of spaces from each of its places. */
export function trimLineEnds(text: string): string {
  return text
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}

/** Length as people count and as PostgreSQL's `varchar(n)` does: in code points. */
export function codePoints(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}
