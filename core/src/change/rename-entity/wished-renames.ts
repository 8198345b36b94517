import type { DocumentChange } from '../../http/contract.ts';
import type { AnyDocument } from '../../model/documents.ts';
import { documentKey } from '../../model/model.ts';
import type { Snapshot } from '../prepare-change.ts';
import { type EntityRenames, withRenamedEntities } from './entity-mentions.ts';

/** `entity/orders` with `renamedFrom: "project"` asks for the rename of an entity that is there under the old name. */
export function wishedRenames(current: Snapshot, changes: readonly DocumentChange[]): EntityRenames {
  const renames = new Map<string, string>();
  for (const { kind, name, document } of changes) {
    const from = kind === 'entity' ? (document as { renamedFrom?: unknown } | null)?.renamedFrom : undefined;
    if (typeof from !== 'string' || from === name) continue;
    const live = current.model.documents.get(documentKey('entity', name))?.document;
    // Said again of an entity that had another name once: nothing to do, whoever has that name now.
    if (live && (live as { renamedFrom?: unknown }).renamedFrom === from) continue;
    if (current.model.documents.has(documentKey('entity', from))) renames.set(from, name);
  }
  return renames;
}

/** What is wished, in the new names: who renames need not rewrite what mentions the old one. */
export function wishesRenamed(
  changes: readonly DocumentChange[],
  renames: EntityRenames,
): readonly DocumentChange[] {
  if (renames.size === 0) return changes;
  return changes.map((change) => {
    const named = withRenamedEntities(
      { kind: change.kind, name: change.name, document: change.document as AnyDocument | null },
      renames,
    );
    return { ...change, name: named.name, document: named.document as DocumentChange['document'] };
  });
}
