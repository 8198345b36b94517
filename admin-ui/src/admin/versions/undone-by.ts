import type { LocaleText, VersionAnswer } from '@mortise/core/contract';

/** What was changed after `version`, the newest first: that is what going back to it takes away. */
export function undoneBy(items: VersionAnswer['items'], version: number): readonly LocaleText[] {
  return items.filter((item) => item.version > version).flatMap((item) => [...item.summary].reverse());
}
