import type { AnyDocument } from './documents.ts';
import { isObject } from '../text/is-object.ts';

type Json = Readonly<Record<string, unknown>>;

/**
 * What the site must store so that `lower`, with it laid on top, becomes `wished`: the entries that differ, `null`
 * for the attributes that are gone. Without a lower document the wished one is stored whole. Null when nothing
 * differs: then the site has no overlay.
 */
export function overlayOf(lower: AnyDocument | null, wished: AnyDocument): AnyDocument | null {
  if (lower === null) return wished;
  const difference = differ(lower as unknown as Json, wished as unknown as Json, true);
  if (Object.keys(difference).length === 0) return null;
  return { name: lower.name, extends: true, ...difference } as unknown as AnyDocument;
}

function differ(lower: Json, wished: Json, top: boolean): Json {
  const result: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(wished)) {
    if (top && (key === '$schema' || key === 'name' || key === 'extends')) continue;
    const previous = lower[key];
    if (isObject(previous) && isObject(value)) {
      const inner = differ(previous, value, false);
      if (Object.keys(inner).length > 0) result[key] = inner;
    } else if (JSON.stringify(previous) !== JSON.stringify(value)) result[key] = value;
  }
  for (const key of Object.keys(lower)) {
    if (top && (key === '$schema' || key === 'name' || key === 'extends')) continue;
    if (!Object.hasOwn(wished, key)) result[key] = null;
  }
  return result;
}
