import type { Database } from '../store/database.ts';
import { prepareSystem } from '../store/prepare-system.ts';
import { bootModel } from './boot-model.ts';
import type { Changes } from './changes.ts';
import { MODEL_CHANNEL } from './commit-change.ts';
import { fileHash } from './compose.ts';
import { readValues } from './dictionary-rows.ts';
import { indexKind } from './online-steps/index-step.ts';
import type { OnlineStepKind } from './online-steps/online-step.ts';
import { LiveChanges } from './live-changes.ts';
import { inDependencyOrder, type FileLayers } from './plugin-layers.ts';
import { noteProgram, refuseOlderProgram } from './program-version.ts';

export interface ChangesOptions {
  readonly db: Database;
  readonly layers: FileLayers;
  /** Version of the program; an older one than has run on the database is refused. Not given: not asked. */
  readonly program?: string;
  /** What can be done after a commit, besides building indexes. Nothing is done before `Changes.resumeSteps`. */
  readonly steps?: readonly OnlineStepKind[];
  /** Told of a failure to follow another node's change; the old model stays in place. */
  readonly report?: (error: unknown) => void;
}

/**
 * Brings the database to the model of the files and the site's overlays, and holds it from then on: compiles, makes
 * and extends tables, seeds dictionaries. A second start with the same files changes nothing.
 * @throws MRT_DOCUMENT_INVALID when files and overlays do not fit together, MRT_PLUGIN_STATE, MRT_PLAN_REFUSED,
 * MRT_STORE_NEWER
 */
export async function startChanges(options: ChangesOptions): Promise<Changes> {
  const { db, program } = options;
  const layers = { base: options.layers.base, plugins: inDependencyOrder(options.layers.plugins) };
  const kinds = [indexKind, ...(options.steps ?? [])];
  await prepareSystem(db);
  if (program !== undefined) await refuseOlderProgram(db, program);
  const hash = fileHash(layers);
  const snapshot = await bootModel(db, layers, kinds, hash);
  if (program !== undefined) await noteProgram(db, program);
  const changes = new LiveChanges(
    db,
    layers,
    kinds,
    hash,
    snapshot,
    await readValues(db),
    options.report ?? console.error,
  );
  await db.listen(MODEL_CHANNEL, () => changes.heard());
  await changes.refresh();
  return changes;
}
