import { createHash } from 'node:crypto';
import type { CompiledRoles } from '../../access/compile-access.ts';

/** An answer made once for a model version and a set of roles, as the bytes that are sent. */
export interface CachedView {
  readonly json: string;
  readonly etag: string;
}

const CACHE = new WeakMap<CompiledRoles, Map<string, CachedView & { readonly revision: number }>>();

/**
 * The view `key` of these rights, computed at the first request and again when `revision` is another. The rights'
 * own life, that of a model version, ends the cache's.
 */
export function cachedView(
  rights: CompiledRoles,
  key: string,
  compute: () => unknown,
  revision = 0,
): CachedView {
  let views = CACHE.get(rights);
  if (!views) CACHE.set(rights, (views = new Map()));
  let view = views.get(key);
  if (view?.revision !== revision) {
    const json = JSON.stringify(compute());
    view = {
      json,
      etag: `"${createHash('sha256').update(json).digest('base64url').slice(0, 22)}"`,
      revision,
    };
    views.set(key, view);
  }
  return view;
}
