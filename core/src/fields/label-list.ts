const SEPARATOR = /(\s*[、,;|\n\uff0c\uff1b]\s*)/;

/**
 * Reads a cell with several labels (`白酒、啤酒`). Labels may hold separators themselves, so the longest run of
 * pieces that `find` knows is taken each time.
 * @throws Error naming the piece that nothing matches
 */
export function readLabels(cell: string, find: (label: string) => string | undefined): string[] {
  const pieces = cell.trim().split(SEPARATOR);
  const found: string[] = [];
  for (let start = 0; start < pieces.length;) {
    if (pieces[start] === '') {
      start += 2;
      continue;
    }
    let end = pieces.length;
    let match: string | undefined;
    for (; end > start; end -= 2) {
      match = find(pieces.slice(start, end).join(''));
      if (match !== undefined) break;
    }
    if (match === undefined) throw new Error(`“${pieces[start] ?? ''}” is not one of the values`);
    if (!found.includes(match)) found.push(match);
    start = end + 1;
  }
  return found;
}

/** Several labels in one text, as each language writes lists. */
export function joinLabels(labels: readonly string[], locale: 'zh-CN' | 'en'): string {
  return labels.join(locale === 'en' ? ', ' : '、');
}
