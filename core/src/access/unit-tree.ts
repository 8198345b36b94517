/** The departments, as far as scopes need them. */
export interface UnitTree {
  /** The unit itself and all units under it. */
  below(unit: string): readonly string[];
}

/**
 * Builds the tree from `(id, parent)` rows. A cycle, which the write path refuses, would not hang it.
 */
export function unitTreeOf(
  rows: readonly { readonly id: string; readonly parent: string | null }[],
): UnitTree {
  const children = new Map<string, string[]>();
  for (const { id, parent } of rows) {
    if (parent === null) continue;
    const siblings = children.get(parent);
    if (siblings) siblings.push(id);
    else children.set(parent, [id]);
  }
  const known = new Map<string, readonly string[]>();
  return {
    below(unit) {
      let found = known.get(unit);
      if (!found) {
        const reached = new Set([unit]);
        for (const id of reached) for (const child of children.get(id) ?? []) reached.add(child);
        known.set(unit, (found = [...reached]));
      }
      return found;
    },
  };
}

/** The units above one, the nearest first. A cycle, which the write path refuses, would not hang it. */
export function aboveIn(
  units: ReadonlyMap<string, { readonly parent: string | null }>,
  unit: string,
): readonly string[] {
  const found = new Set<string>();
  let at = units.get(unit)?.parent ?? null;
  while (at !== null && at !== unit && !found.has(at)) {
    found.add(at);
    at = units.get(at)?.parent ?? null;
  }
  return [...found];
}
