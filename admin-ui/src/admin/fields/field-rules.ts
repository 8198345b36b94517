import { FIELD_RULES, isTighter } from '@mortise/core/merge-rules';
import type { DocumentAnswer, FieldDocument } from '@mortise/core/contract';

/** What an administrator may do with an attribute of a field (ENG-07). */
export type Freedom = 'free' | 'tighten' | 'extend' | 'locked';

/** The layer that introduced a field; `system` for one that the platform adds to every entity. */
export function layerOfField(
  stored: Pick<DocumentAnswer, 'provenance'>,
  name: string,
  def: FieldDocument | undefined,
): string {
  if (def?.field === undefined) return 'system';
  return stored.provenance[`/properties/${name}`] ?? stored.provenance[''] ?? 'base';
}

/** Shipped and plugin fields follow the merge rules of the layers; a site's own are free, but for their table. */
export function freedomOf(layer: string, attribute: string): Freedom {
  if (layer === 'site') return attribute === 'part' ? 'locked' : 'free';
  const rule = FIELD_RULES[attribute] ?? 'locked';
  return rule === 'replace' ? 'free' : rule;
}

/** Is the wished value one that the rules allow? */
export function isAllowed(layer: string, attribute: string, before: unknown, wished: unknown): boolean {
  switch (freedomOf(layer, attribute)) {
    case 'free':
      return true;
    case 'locked':
      return JSON.stringify(before) === JSON.stringify(wished);
    case 'tighten':
      return JSON.stringify(before) === JSON.stringify(wished) || isTighter(attribute, before, wished);
    case 'extend': {
      const [old, now] = [Object.keys((before ?? {}) as object), Object.keys((wished ?? {}) as object)];
      return old.every((key) => now.includes(key));
    }
  }
}
