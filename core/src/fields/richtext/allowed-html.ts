/** Elements that rich text may have: what the editor makes, nothing that loads or runs anything. */
export const ALLOWED_TAGS = [
  'p',
  'br',
  'strong',
  'em',
  'u',
  's',
  'a',
  'ul',
  'ol',
  'li',
  'h2',
  'h3',
  'blockquote',
  'code',
  'pre',
  'hr',
] as const;

/** Where a link may lead. */
export const LINK_SCHEMES = ['http', 'https', 'mailto', 'tel'] as const;
