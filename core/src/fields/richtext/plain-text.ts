import { trimLineEnds } from '../clean-text.ts';

const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  '#39': "'",
  nbsp: ' ',
};

/** The text of sanitised HTML: a line for each block, entities as their signs. */
export function plainText(html: string): string {
  const lines = html
    .replace(/<(?:br|hr)\s*\/?>|<\/(?:p|li|h2|h3|blockquote|pre)>/gi, '\n')
    .replace(/<[^>]*>/g, '')
    .replace(/&(amp|lt|gt|quot|#39|nbsp);/g, (_entity, name: string) => ENTITIES[name] ?? '');
  return trimLineEnds(lines)
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

/** `text` as it stands in HTML. */
export function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** Plain text as HTML: a paragraph for each line. */
export function htmlOfText(text: string): string {
  return text
    .split(/\n+/)
    .map((line) => line.trim())
    .filter(Boolean)
    .map((line) => `<p>${escapeHtml(line)}</p>`)
    .join('');
}
