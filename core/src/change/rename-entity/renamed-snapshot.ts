import { problem } from '../../errors/catalogue.ts';
import type { Allocation } from '../../model/allocation.ts';
import { docFault } from '../../model/doc-fault.ts';
import type { Fault } from '../../errors/problem.ts';
import type { EntityDocument } from '../../model/documents.ts';
import { documentKey } from '../../model/model.ts';
import { compose } from '../compose.ts';
import type { FileLayers } from '../plugin-layers.ts';
import type { Snapshot } from '../prepare-change.ts';
import type { Overlay } from '../stored-state.ts';
import { allRenamed, type EntityRenames } from './entity-mentions.ts';

/** What a node knows, under the new names of some entities; everything else is as it was. */
export interface Renamed {
  readonly renames: EntityRenames;
  readonly snapshot: Snapshot;
}

/**
 * The current state under new names of entities. A change that renames is compared with it, not with the state itself:
 * what is left between the two is what the change does besides.
 * @throws MRT_DOCUMENT_INVALID for a shipped entity, and for a name that is or was another entity's
 */
export function renamedSnapshot(layers: FileLayers, current: Snapshot, renames: EntityRenames): Renamed {
  const faults = [...renames].flatMap(([from, to]) => renameFault(current, from, to) ?? []);
  if (faults.length > 0) throw problem('MRT_DOCUMENT_INVALID', { count: faults.length }, faults);
  const overlays = new Map(
    [...allRenamed(current.overlays, renames)].map(([key, overlay]) => [
      key,
      withoutFormerName(overlay, renames),
    ]),
  );
  const { plugins, version } = current;
  const composed = compose(
    layers,
    overlays,
    plugins,
    version,
    placesRenamed(current.laid.allocation, renames),
  );
  const laid = { ...current.laid, allocation: composed.allocation };
  return { renames, snapshot: { ...current, overlays, laid, model: composed.model, lower: composed.lower } };
}

/** The former name is of this rename alone: who asks for one says it. */
function withoutFormerName(overlay: Overlay, renames: EntityRenames): Overlay {
  const isRenamed = overlay.kind === 'entity' && [...renames.values()].includes(overlay.name);
  if (!isRenamed) return overlay;
  const { renamedFrom: _former, ...document } = overlay.document as EntityDocument;
  return { ...overlay, document };
}

function renameFault(current: Snapshot, from: string, to: string): Fault | null {
  const at = `${documentKey('entity', to)}#/renamedFrom`;
  const known = current.model.documents.get(documentKey('entity', from));
  if (known?.provenance[''] !== 'site')
    return docFault(
      at,
      'MRT_LAYER_LOCKED',
      `“${from}”是预置实体,不能改名,只能改显示名称`,
      `“${from}” is a shipped entity: its name stays, only its label can be changed`,
    );
  // What is left of a purged entity, its history above all, would turn up under the one that takes its name.
  const isTaken = (key: string): boolean => key === to || key.startsWith(`${to}~`);
  const taken =
    current.model.documents.has(documentKey('entity', to)) ||
    Object.keys(current.laid.allocation).some(isTaken);
  if (!taken) return null;
  return docFault(
    at,
    'MRT_DOC_DUPLICATE',
    `“${to}”已是另一实体的名称(含已停用、已彻底删除的)`,
    `“${to}” is the name of another entity already, or was that of one that is retired or purged`,
  );
}

/** Keys are `project`, `project/ext`, `project.name` and the dead ones `project.name~name`. */
function placesRenamed(allocation: Allocation, renames: EntityRenames): Allocation {
  return Object.fromEntries(
    Object.entries(allocation).map(([key, place]) => {
      const [, entity = '', rest = ''] = /^([a-z0-9_]+)(.*)$/.exec(key) ?? [];
      const fresh = renames.get(entity);
      return [fresh === undefined ? key : fresh + rest, place];
    }),
  );
}
