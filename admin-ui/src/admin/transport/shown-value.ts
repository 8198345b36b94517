const MOST = 200;

/** A value of a document on one line, for people who decide between two of them. */
export function shownValue(value: unknown): string {
  if (value === undefined || value === null) return '—';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > MOST ? `${text.slice(0, MOST - 1)}…` : text;
}

/** `entity/contact#/properties/wechat/maxLength` as a trail: `entity/contact › properties › wechat › maxLength`. */
export function shownPath(path: string): string {
  return path
    .replace('#', '')
    .split('/')
    .reduce((trail, part, index) => {
      const name = part.replaceAll('~1', '/').replaceAll('~0', '~');
      if (index === 0) return name;
      return index === 1 ? `${trail}/${name}` : `${trail} › ${name}`;
    }, '');
}
