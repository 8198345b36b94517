import type { DictionaryValueDocument } from '@mortise/core/contract';

/** A value on its place. `depth` counts from 0. */
export interface ValueNode {
  readonly code: string;
  readonly value: DictionaryValueDocument;
  readonly depth: number;
  readonly children: number;
  /** Place among its siblings, from 0, and how many they are. */
  readonly index: number;
  readonly siblings: number;
}

type Values = Readonly<Record<string, DictionaryValueDocument>>;

/** Codes by the value above them ('' for the roots), in order: by `sort`, then as written. */
export function childrenOf(values: Values): ReadonlyMap<string, readonly string[]> {
  const children = new Map<string, string[]>();
  for (const [code, value] of Object.entries(values)) {
    const above = value.parent !== undefined && Object.hasOwn(values, value.parent) ? value.parent : '';
    const list = children.get(above);
    if (list) list.push(code);
    else children.set(above, [code]);
  }
  const sortOf = (code: string): number => values[code]?.sort ?? Number.MAX_SAFE_INTEGER;
  for (const list of children.values()) list.sort((a, b) => sortOf(a) - sortOf(b));
  return children;
}

/** The code and everything below it. */
export function codesUnder(
  children: ReadonlyMap<string, readonly string[]>,
  code: string,
): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (each: string): void => {
    if (found.has(each)) return;
    found.add(each);
    for (const child of children.get(each) ?? []) visit(child);
  };
  visit(code);
  return found;
}

/** Labels from the root down to the value. */
export function pathOf(
  values: Values,
  code: string,
  label: (value: DictionaryValueDocument) => string,
): string {
  const parts: string[] = [];
  const seen = new Set<string>();
  for (let at: string | undefined = code; at !== undefined && !seen.has(at); at = values[at]?.parent) {
    seen.add(at);
    const value = values[at];
    if (!value) break;
    parts.unshift(label(value));
  }
  return parts.join(' › ');
}

/**
 * The rows in sight: with `words` the values that contain them and all above those, else what is unfolded.
 */
export function visibleNodes(
  values: Values,
  children: ReadonlyMap<string, readonly string[]>,
  unfolded: ReadonlySet<string>,
  words: string,
  withRetired: boolean,
): readonly ValueNode[] {
  const wanted = words.trim().toLowerCase();
  const keep = wanted === '' ? null : matching(values, wanted);
  const nodes: ValueNode[] = [];
  const visit = (above: string, depth: number): void => {
    const codes = (children.get(above) ?? []).filter((code) => withRetired || values[code]?.active !== false);
    codes.forEach((code, index) => {
      const value = values[code];
      if (!value || (keep && !keep.has(code))) return;
      const count = children.get(code)?.length ?? 0;
      nodes.push({ code, value, depth, children: count, index, siblings: codes.length });
      if (count > 0 && (keep || unfolded.has(code))) visit(code, depth + 1);
    });
  };
  visit('', 0);
  return nodes;
}

function matching(values: Values, wanted: string): ReadonlySet<string> {
  const keep = new Set<string>();
  for (const [code, value] of Object.entries(values)) {
    const words = `${code} ${value.label['zh-CN']} ${value.label.en}`.toLowerCase();
    if (!words.includes(wanted)) continue;
    for (let at: string | undefined = code; at !== undefined && !keep.has(at); at = values[at]?.parent)
      keep.add(at);
  }
  return keep;
}
