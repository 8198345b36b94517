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
 * The entries in the wished order. What changed place says which entry it follows, and so does what already did, for
 * that one may be elsewhere now. Only the first entry of a site's own document can change: it is written first.
 */
export function arrange<T extends object>(
  entries: Readonly<Record<string, T & Following>>,
  wished: readonly string[],
): Readonly<Record<string, T & Following>> {
  const current = Object.keys(entries);
  const shifted = displaced(current, wished);
  if (wished[0] !== current[0] && wished[1] !== undefined) shifted.add(wished[1]);
  const result: Record<string, T & Following> = {};
  wished.forEach((name, index) => {
    const entry = entries[name];
    if (!entry) return;
    const { after, ...rest } = entry;
    const before = wished[index - 1];
    const follows = before !== undefined && (after !== undefined || shifted.has(name));
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
