import type { Allocation } from '../../model/allocation.ts';
import type { AnyDocument, EntityDocument } from '../../model/documents.ts';
import { documentKey, type EffectiveDocument } from '../../model/model.ts';
import { mentionsRenamed } from '../rename-mentions.ts';
import type { Overlays } from '../stored-state.ts';

interface State {
  readonly overlays: Overlays;
  readonly allocation: Allocation;
}

/**
 * Gives a field of the site another name, with its column; whatever the site's documents say of it follows.
 * @param lower the effective documents of the files
 */
export function renameField(
  state: State,
  lower: ReadonlyMap<string, EffectiveDocument>,
  entity: string,
  from: string,
  to: string,
): State {
  const overlays = new Map(
    mentionsRenamed(state.overlays, new Map([[entity, new Map([[from, to]])]]), lower),
  );
  const key = documentKey('entity', entity);
  const overlay = overlays.get(key);
  if (overlay) {
    const { properties } = overlay.document as EntityDocument;
    const renamed = Object.entries(properties).map(([name, field]) => [name === from ? to : name, field]);
    const document = { ...overlay.document, properties: Object.fromEntries(renamed) } as AnyDocument;
    overlays.set(key, { ...overlay, document });
  }
  const { [`${entity}.${from}`]: place, ...others } = state.allocation;
  return { overlays, allocation: place ? { ...others, [`${entity}.${to}`]: place } : state.allocation };
}
