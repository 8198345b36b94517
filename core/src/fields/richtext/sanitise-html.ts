import sanitize from 'sanitize-html';
import { ALLOWED_TAGS, LINK_SCHEMES } from './allowed-html.ts';

/**
 * HTML of which only the allowed elements are left, with no attribute but a link's address. Scripts and styles go
 * with their content, other elements leave their text. Idempotent.
 */
export function sanitiseHtml(html: string): string {
  return sanitize(html, {
    allowedTags: [...ALLOWED_TAGS],
    allowedAttributes: { a: ['href'] },
    allowedSchemes: [...LINK_SCHEMES],
    allowProtocolRelative: false,
    disallowedTagsMode: 'discard',
    nonTextTags: ['script', 'style', 'textarea', 'option', 'noscript', 'template', 'title', 'svg', 'math'],
  });
}
