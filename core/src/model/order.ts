/** A map whose entries may say which one they follow. */
type Ordered<T> = Readonly<Record<string, T>>;

/**
 * Puts the entries of a map into their order: as written, except that an entry with `after` follows the one it
 * names. Entries after the same one keep their own order. An `after` that names nothing, or a circle of them,
 * leaves the entry where it was written; `brokenOrder` reports it.
 */
export function orderEntries<T>(map: Ordered<T>): Ordered<T> {
  const keys = Object.keys(map);
  const followers = new Map<string, string[]>();
  const roots: string[] = [];
  for (const key of keys) {
    const after = afterOf(map[key]);
    if (after !== undefined && Object.hasOwn(map, after) && after !== key) {
      followers.set(after, [...(followers.get(after) ?? []), key]);
    } else roots.push(key);
  }
  if (followers.size === 0) return map;
  const result: Record<string, T> = {};
  const place = (key: string): void => {
    if (Object.hasOwn(result, key)) return;
    result[key] = map[key] as T;
    for (const follower of followers.get(key) ?? []) place(follower);
  };
  for (const key of roots) place(key);
  for (const key of keys) place(key);
  return result;
}

/** Keys whose `after` names nothing or is part of a circle. */
export function brokenOrder<T>(
  map: Ordered<T>,
): { readonly key: string; readonly reason: 'unknown' | 'cycle' }[] {
  const broken: { key: string; reason: 'unknown' | 'cycle' }[] = [];
  for (const key of Object.keys(map)) {
    const visited = new Set([key]);
    let at = afterOf(map[key]);
    if (at !== undefined && !Object.hasOwn(map, at)) {
      broken.push({ key, reason: 'unknown' });
      continue;
    }
    while (at !== undefined && Object.hasOwn(map, at) && !visited.has(at)) {
      visited.add(at);
      at = afterOf(map[at]);
    }
    if (at === key) broken.push({ key, reason: 'cycle' });
  }
  return broken;
}

function afterOf(entry: unknown): string | undefined {
  if (typeof entry !== 'object' || entry === null) return undefined;
  const after = (entry as { after?: unknown }).after;
  return typeof after === 'string' ? after : undefined;
}
