import { createHash } from 'node:crypto';
import { quoteName } from '../access/quote-name.ts';
import type { EntityModel, FieldModel } from '../model/model.ts';
import type { Database, Row, Transaction } from '../store/database.ts';

/** Names the tables `mortise.<kind>_pending`, `mortise.<kind>_entity` and the function `mortise.mark_<kind>`. */
export type KindOfKeys = 'duplicate' | 'search';

/** The fields of an entity whose change makes its keys anew. */
export interface Watched {
  readonly entity: EntityModel;
  readonly fields: readonly FieldModel[];
  /** By what the keys are made: another text than before makes all of them anew. */
  readonly rules: unknown;
}

/** Two nodes starting at once do it one after the other. */
const WATCH_LOCK = 'select pg_advisory_xact_lock(73016, 8)';

/**
 * Puts triggers on the tables of the fields, so that every write, however it comes, marks its record; when the fields
 * or the rules of keys are others than before, marks all records. Cheap when nothing has changed.
 */
export async function watchTables(db: Database, kind: KindOfKeys, all: readonly Watched[]): Promise<void> {
  const known = await db.query<Row & { entity: string; signature: string }>({
    text: `select entity, signature from mortise.${kind}_entity`,
  });
  const done = new Map(known.map(({ entity, signature }) => [entity, signature]));
  for (const watched of all) {
    const { name } = watched.entity;
    const signature = signatureOf(watched);
    if (done.get(name) === signature) continue;
    const watch = async (tx: Transaction): Promise<void> => {
      await tx.query({ text: WATCH_LOCK });
      const now = await tx.query<Row & { signature: string }>({
        text: `select signature from mortise.${kind}_entity where entity = $1`,
        values: [name],
      });
      if (now[0]?.signature === signature) return;
      for (const text of triggerStatements(kind, watched)) await tx.query({ text });
      await tx.query({
        text: `insert into mortise.${kind}_pending (entity, record_id) select $1, id from ${quoteName(watched.entity.table)}`,
        values: [name],
      });
      await tx.query({
        text: `insert into mortise.${kind}_entity (entity, signature) values ($1, $2)
          on conflict (entity) do update set signature = excluded.signature`,
        values: [name, signature],
      });
    };
    await db.transaction(watch, { patient: true });
  }
}

/** Table → the columns whose change matters. */
function watchedColumns({ fields }: Watched): ReadonlyMap<string, readonly string[]> {
  const tables = new Map<string, string[]>();
  for (const { column } of fields) {
    if (!column) continue;
    const columns = tables.get(column.table) ?? [];
    columns.push(column.name);
    tables.set(column.table, columns);
  }
  return tables;
}

function signatureOf(watched: Watched): string {
  const text = JSON.stringify([watched.rules, [...watchedColumns(watched)]]);
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}

function triggerStatements(kind: KindOfKeys, watched: Watched): readonly string[] {
  return [...watchedColumns(watched)].map(([table, columns]) => {
    const given = [watched.entity.name, ...columns].map((name) => `'${name.replaceAll("'", "''")}'`);
    return `create or replace trigger mortise_${kind}_mark after insert or update or delete on ${quoteName(table)}
      for each row execute function mortise.mark_${kind}(${given.join(', ')})`;
  });
}
