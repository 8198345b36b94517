import type { EffectiveDocument } from '../../model/model.ts';
import { documentKey } from '../../model/model.ts';
import { pointer } from '../../model/pointer.ts';
import type { Overlays } from '../stored-state.ts';
import { type FoundConflict } from './layer-conflict.ts';
import { isObject } from '../../text/is-object.ts';

/** What stood in the lower layers at the places of each overlay when it was written, by document key. */
export type Replaced = ReadonlyMap<string, unknown>;

/**
 * Places where the files now say something else than what the site had replaced (NF-EXT-03). Where they have come to
 * say the same as the site there is nothing to decide.
 */
export function changedBeneath(
  overlays: Overlays,
  replaced: Replaced,
  lower: ReadonlyMap<string, EffectiveDocument>,
): readonly FoundConflict[] {
  const found: FoundConflict[] = [];
  for (const { kind, name, document } of overlays.values()) {
    const key = documentKey(kind, name);
    const shipped = lower.get(key);
    if (!replaced.has(key) || !shipped) continue;
    const compare = (site: unknown, before: unknown, now: unknown, path: string): void => {
      if (isObject(site) && isObject(before)) {
        for (const [each, value] of Object.entries(site)) {
          if (path === '' && (each === 'name' || each === 'extends')) continue;
          compare(value, before[each], isObject(now) ? now[each] : undefined, pointer(path, each));
        }
        return;
      }
      if (same(before, now) || same(site, now)) return;
      found.push({
        kind,
        name,
        path,
        reason: 'changed',
        ...(before === undefined || before === null ? {} : { before }),
        site,
        ...(now === undefined ? {} : { shipped: now }),
      });
    };
    compare(document, replaced.get(key), shipped.document, '');
  }
  return found;
}

/** What was not there is stored as null. */
function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a ?? null) === JSON.stringify(b ?? null);
}
