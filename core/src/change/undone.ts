import { isObject } from '../text/is-object.ts';

/** A document without one change of it. */
export interface Undone {
  readonly value: unknown;
  /** JSON Pointers to what was changed again since. */
  readonly conflicts: readonly string[];
}

/**
 * `current` without the change from `before` to `after`: three-way, entry by entry, so that later changes of other
 * entries stay. Null stands for a document that is not there.
 * @param path JSON Pointer to the part that is taken back; `''` for all of it
 */
export function undone(current: unknown, before: unknown, after: unknown, path: string): Undone {
  const conflicts: string[] = [];
  // An overlay that the change has begun keeps what makes it one.
  const started = before === null && isObject(current) && current['extends'] === true;
  const from = started ? { name: current['name'], extends: true } : before;
  const value = walk(current ?? undefined, from ?? undefined, after ?? undefined, '', path, conflicts);
  const empty = value === undefined || (started && isObject(value) && Object.keys(value).length === 2);
  return { value: empty ? null : value, conflicts };
}

function walk(
  current: unknown,
  before: unknown,
  after: unknown,
  at: string,
  path: string,
  conflicts: string[],
): unknown {
  const inside = at === path || at.startsWith(`${path}/`) || path === '';
  const above = path.startsWith(`${at}/`) || (at === '' && path !== '');
  if ((!inside && !above) || same(before, after)) return current;
  if (
    isObject(current) &&
    (before === undefined || isObject(before)) &&
    (after === undefined || isObject(after))
  ) {
    const [low, high] = [before ?? {}, after ?? {}];
    const result: Record<string, unknown> = {};
    for (const key of new Set([...Object.keys(low), ...Object.keys(current)])) {
      const inner = walk(current[key], low[key], high[key], `${at}/${escape(key)}`, path, conflicts);
      if (inner !== undefined) result[key] = inner;
    }
    return before === undefined && Object.keys(result).length === 0 ? undefined : result;
  }
  if (!same(current, after)) conflicts.push(at);
  return before;
}

function escape(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1');
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
