import { pointer } from '../../model/pointer.ts';
import { isObject } from '../../text/is-object.ts';

/** Which side wins where both have changed the same place. */
export type Side = 'here' | 'package';

/** A place that was changed on both sides since the common version; a side is absent where it lacks the place. */
export interface Clash {
  /** JSON Pointer below the documents, e.g. `/properties/wechat/maxLength`. */
  readonly path: string;
  readonly before?: unknown;
  readonly here?: unknown;
  readonly package?: unknown;
}

/** How to merge. */
export interface MergeChoice {
  /** Also take away what the package has taken away since the common version. Otherwise the unmentioned stays. */
  readonly exact: boolean;
  /** Who wins at a clashing place; undefined leaves it open, and what stands here stays. */
  readonly winner: (path: string) => Side | undefined;
}

const GONE = Symbol('gone');

/**
 * Merges what stands here with a package, both seen from their last common version (`before`, undefined where there is
 * none). Objects merge key by key, anything else is one value.
 * @returns the merged value, undefined when nothing is left, and every clash that no `winner` has decided
 */
export function mergeThreeWay(
  before: unknown,
  here: unknown,
  sent: unknown,
  choice: MergeChoice,
): { readonly merged: unknown; readonly clashes: readonly Clash[] } {
  const clashes: Clash[] = [];
  const merged = merge(before, here, sent, '', choice, clashes);
  return { merged: merged === GONE ? undefined : merged, clashes };
}

function merge(
  before: unknown,
  here: unknown,
  sent: unknown,
  path: string,
  choice: MergeChoice,
  clashes: Clash[],
): unknown {
  const kept = here === undefined ? GONE : here;
  if (sent === undefined && !(choice.exact && before !== undefined)) return kept;
  if (JSON.stringify(here) === JSON.stringify(sent) || same(before, sent)) return kept;
  if (isObject(here) && isObject(sent)) {
    const common = isObject(before) ? before : {};
    const result: Record<string, unknown> = {};
    // In the order of the package: the order of fields is part of the meaning.
    for (const key of new Set([...Object.keys(sent), ...Object.keys(here)])) {
      const value = merge(common[key], here[key], sent[key], pointer(path, key), choice, clashes);
      if (value !== GONE) result[key] = value;
    }
    return result;
  }
  if (same(before, here)) return sent === undefined ? GONE : sent;
  const winner = choice.winner(path);
  if (winner === 'package') return sent === undefined ? GONE : sent;
  if (winner === undefined) {
    clashes.push({
      path,
      ...(before === undefined ? {} : { before }),
      ...(here === undefined ? {} : { here }),
      ...(sent === undefined ? {} : { package: sent }),
    });
  }
  return kept;
}

/** A place at which two values differ; a side is absent where it lacks the place. */
export interface Difference {
  readonly path: string;
  readonly here?: unknown;
  readonly package?: unknown;
}

/** Every place at which two values differ, as deep as both are objects. */
export function differences(here: unknown, sent: unknown, path = ''): Difference[] {
  if (same(here, sent)) return [];
  if (!isObject(here) || !isObject(sent)) {
    return [
      {
        path,
        ...(here === undefined ? {} : { here }),
        ...(sent === undefined ? {} : { package: sent }),
      },
    ];
  }
  return [...new Set([...Object.keys(here), ...Object.keys(sent)])].flatMap((key) =>
    differences(here[key], sent[key], pointer(path, key)),
  );
}

function same(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (!isObject(a) || !isObject(b)) return JSON.stringify(a) === JSON.stringify(b);
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && same(a[key], b[key]))
  );
}
