import type { AnyDocument, DocumentKind } from '../model/documents.ts';
import { documentKey } from '../model/model.ts';
import type { Transaction } from '../store/database.ts';
import type { Laid } from '../store/table-plan.ts';

/** What the site keeps of one document: its differences from the lower layers, or a document of its own. */
export interface Overlay {
  readonly kind: DocumentKind;
  readonly name: string;
  readonly document: AnyDocument;
}

/** Overlays by document key. */
export type Overlays = ReadonlyMap<string, Overlay>;

/** Everything the database says about the model; compiling it with the files gives the model. */
export interface StoredState {
  readonly version: number;
  readonly dictionaryRevision: number;
  readonly modelHash: string;
  readonly fileHash: string;
  readonly laid: Laid;
  readonly overlays: Overlays;
  /** Plugin → enabled, for the plugins that were ever switched or started. */
  readonly plugins: ReadonlyMap<string, boolean>;
}

interface VersionRow extends Record<string, unknown> {
  readonly version: number;
  readonly dictionary_revision: number;
  readonly model_hash: string;
  readonly file_hash: string;
  readonly allocation: Laid['allocation'];
  readonly indexes: Laid['indexes'];
}

/** Reads the state as of one moment; null in a new installation. */
export async function readState(tx: Transaction): Promise<StoredState | null> {
  // One statement, so that a change committed meanwhile is seen whole or not at all.
  const [row] = await tx.query<
    VersionRow & { overlays: Overlay[]; plugins: { name: string; enabled: boolean }[] }
  >({
    text: `select v.version, v.dictionary_revision, v.model_hash, v.file_hash, v.allocation, v.indexes,
        (select coalesce(json_agg(json_build_object('kind', o.kind, 'name', o.name, 'document', o.document) order by o.kind, o.name), '[]')
          from mortise.overlay o) as overlays,
        (select coalesce(json_agg(json_build_object('name', p.name, 'enabled', p.enabled)), '[]')
          from mortise.plugin_state p) as plugins
      from mortise.version v`,
  });
  if (!row) return null;
  return {
    version: row.version,
    dictionaryRevision: row.dictionary_revision,
    modelHash: row.model_hash,
    fileHash: row.file_hash,
    laid: { allocation: row.allocation, indexes: row.indexes },
    overlays: new Map(row.overlays.map((overlay) => [documentKey(overlay.kind, overlay.name), overlay])),
    plugins: new Map(row.plugins.map(({ name, enabled }) => [name, enabled])),
  };
}
