import type { DataChange, DocumentChange } from '../../http/contract.ts';
import { documentKey, type EffectiveDocument } from '../../model/model.ts';
import type { Dictionaries } from '../../store/dictionaries.ts';
import type { FileLayers } from '../plugin-layers.ts';
import type { Snapshot, Target } from '../prepare-change.ts';
import { wishedTarget } from '../wished-target.ts';
import { inverse, renamedDocument } from './entity-mentions.ts';
import { renamedSnapshot } from './renamed-snapshot.ts';
import { wishedRenames, wishesRenamed } from './wished-renames.ts';

/** The document that a wish was made from: of an entity that gets another name, the one under the old name. */
export function documentRead(
  current: Snapshot,
  changes: readonly DocumentChange[],
): (change: Pick<DocumentChange, 'kind' | 'name'>) => EffectiveDocument | null {
  const back = inverse(wishedRenames(current, changes));
  return ({ kind, name }) =>
    current.model.documents.get(documentKey(kind, renamedDocument(kind, name, back))) ?? null;
}

/** {@link wishedTarget} of wishes among which entities may get another name. @throws what that throws */
export function renamingTarget(
  layers: FileLayers,
  current: Snapshot,
  dictionaries: Dictionaries,
  changes: readonly DocumentChange[],
  data: readonly DataChange[] = [],
): Target {
  const renames = wishedRenames(current, changes);
  if (renames.size === 0) return wishedTarget(current, dictionaries, changes, data);
  const renamed = renamedSnapshot(layers, current, renames);
  const wished = wishesRenamed(changes, renames);
  const read = documentRead(current, changes);
  return { ...wishedTarget(renamed.snapshot, dictionaries, wished, data, read), renamed };
}
