/**
 * Proposes a name from an English label: `WeChat ID` → `wechat_id`. Empty where nothing of it can be used (a name
 * begins with a letter).
 */
export function nameFromLabel(label: string, maxLength = 40): string {
  return label
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^[^a-z]+/, '')
    .slice(0, maxLength)
    .replace(/_+$/, '');
}

/** The name itself, or with the next free number: `note`, `note_2`. */
export function freeName(wished: string, taken: (name: string) => boolean): string {
  if (wished === '' || !taken(wished)) return wished;
  for (let count = 2; ; count += 1) {
    const name = `${wished.slice(0, 36)}_${count}`;
    if (!taken(name)) return name;
  }
}
