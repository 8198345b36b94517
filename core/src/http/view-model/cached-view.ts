import type { CompiledRoles } from '../../access/compile-access.ts';
import { type EncodedContent, encodedContent } from '../encoded-content.ts';

type Revision = number | string;

const CACHE = new WeakMap<
  CompiledRoles,
  Map<string, { readonly view: EncodedContent; readonly revision: Revision }>
>();

/**
 * The view `key` of these rights as it is sent, made at the first request and again when `revision` is another. The rights'
 * own life, that of a model version, ends the cache's.
 */
export function cachedView(
  rights: CompiledRoles,
  key: string,
  compute: () => unknown,
  revision: Revision = 0,
): EncodedContent {
  let views = CACHE.get(rights);
  if (!views) CACHE.set(rights, (views = new Map()));
  let found = views.get(key);
  if (found?.revision !== revision) {
    const json = Buffer.from(JSON.stringify(compute()));
    found = { view: encodedContent('application/json; charset=utf-8', json), revision };
    views.set(key, found);
  }
  return found.view;
}
