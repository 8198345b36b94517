interface Following {
  readonly after?: string;
}

/** May the entry at `from` be moved to `to`? The first entry of a document that others extend stays the first. */
export function mayMove(count: number, from: number, to: number, ownDocument: boolean): boolean {
  if (from === to || from < 0 || to < 0 || from >= count || to >= count) return false;
  return ownDocument || (from > 0 && to > 0);
}

/** `names` with the one at `from` moved to `to`. */
export function moved(names: readonly string[], from: number, to: number): string[] {
  const result = [...names];
  result.splice(to, 0, ...result.splice(from, 1));
  return result;
}

/**
 * The entries in the wished order. A document that is the site's own is simply written in that order. In a document
 * of a lower layer the written order belongs to that layer: the entries that changed place say which one they follow,
 * and so do those that already did, for they may have followed one that is elsewhere now.
 */
export function arrange<T extends object>(
  entries: Readonly<Record<string, T & Following>>,
  wished: readonly string[],
  ownDocument: boolean,
): Readonly<Record<string, T & Following>> {
  const current = Object.keys(entries);
  const shifted = ownDocument ? new Set<string>() : displaced(current, wished);
  const result: Record<string, T & Following> = {};
  wished.forEach((name, index) => {
    const entry = entries[name];
    if (!entry) return;
    const { after, ...rest } = entry;
    const before = wished[index - 1];
    const follows = !ownDocument && before !== undefined && (after !== undefined || shifted.has(name));
    result[name] = (follows ? { ...rest, after: before } : rest) as T & Following;
  });
  return result;
}

/** The fewest names that must be moved to get from one order to the other: those outside the longest common run. */
function displaced(current: readonly string[], wished: readonly string[]): Set<string> {
  const position = new Map(wished.map((name, index) => [name, index]));
  const places = current.map((name) => position.get(name) ?? -1);
  const best: { length: number; previous: number }[] = [];
  let last = -1;
  places.forEach((place, index) => {
    let entry = { length: 1, previous: -1 };
    for (let earlier = 0; earlier < index; earlier += 1) {
      const found = best[earlier];
      if (found && (places[earlier] ?? -1) < place && found.length + 1 > entry.length) {
        entry = { length: found.length + 1, previous: earlier };
      }
    }
    best.push(entry);
    if (last < 0 || entry.length > (best[last]?.length ?? 0)) last = index;
  });
  const kept = new Set<string>();
  for (let at = last; at >= 0; at = best[at]?.previous ?? -1) kept.add(current[at] ?? '');
  return new Set(current.filter((name) => !kept.has(name)));
}
