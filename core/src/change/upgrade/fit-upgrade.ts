import type { Database, Transaction } from '../../store/database.ts';
import type { Allocation } from '../../model/allocation.ts';
import { documentKey, type EffectiveDocument } from '../../model/model.ts';
import { replacedBy } from '../commit-change.ts';
import { compose } from '../compose.ts';
import type { FileLayers } from '../plugin-layers.ts';
import type { Overlays, StoredState } from '../stored-state.ts';
import { fileDocuments } from '../transport/site-package.ts';
import { changedBeneath, type Replaced } from './changed-beneath.ts';
import { storeConflicts } from './conflict-store.ts';
import { setAside } from './set-aside.ts';

/** The site's layer as it goes with newer files. */
export interface FittedUpgrade {
  readonly overlays: Overlays;
  readonly allocation: Allocation;
  /** Lists the conflicts and notes what the overlays replace from now on; in the transaction of the upgrade. */
  readonly note: (tx: Transaction) => Promise<void>;
}

/**
 * Fits the site's layer to files that have changed since the last start: what still goes stays in force, what does not
 * is set aside, and both are listed where somebody should look (NF-EXT-03).
 * @throws MRT_DOCUMENT_INVALID when the files themselves are faulty
 */
export async function fitUpgrade(
  db: Database,
  layers: FileLayers,
  state: StoredState,
  plugins: ReadonlyMap<string, boolean>,
): Promise<FittedUpgrade> {
  const lower = fileDocuments(layers, plugins);
  const { overlays, allocation, conflicts } = setAside(
    (wished, places) => compose(layers, wished, plugins, state.version + 1, places),
    lower,
    state.overlays,
    state.laid.allocation,
  );
  const found = [...conflicts, ...changedBeneath(overlays, await readReplaced(db), lower)];
  return {
    overlays,
    allocation,
    note: async (tx) => {
      await storeConflicts(tx, found);
      await noteReplaced(tx, overlays, lower);
    },
  };
}

async function readReplaced(db: Database): Promise<Replaced> {
  const rows = await db.query<{ kind: string; name: string; replaced: unknown }>({
    text: 'select kind, name, replaced from mortise.overlay where replaced is not null',
  });
  return new Map(rows.map(({ kind, name, replaced }) => [`${kind}/${name}`, replaced]));
}

/** Conflicts are listed once: from now on the overlays are held against the new files. */
async function noteReplaced(
  tx: Transaction,
  overlays: Overlays,
  lower: ReadonlyMap<string, EffectiveDocument>,
): Promise<void> {
  const rows = [...overlays.values()].flatMap(({ kind, name, document }) => {
    const shipped = lower.get(documentKey(kind, name));
    return shipped
      ? [{ kind, name, replaced: replacedBy(shipped.document, document), hash: shipped.base }]
      : [];
  });
  await tx.query({
    text: `update mortise.overlay o set replaced = d.replaced, lower_hash = d.hash
      from json_to_recordset($1) as d (kind text, name text, replaced json, hash text)
      where (o.kind, o.name) = (d.kind, d.name) and o.lower_hash is distinct from d.hash`,
    values: [JSON.stringify(rows)],
  });
}
