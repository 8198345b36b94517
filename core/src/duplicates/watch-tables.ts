import { createHash } from 'node:crypto';
import { quoteName } from '../access/quote-name.ts';
import type { Database, Row } from '../store/database.ts';
import type { CheckedFields } from './checked-fields.ts';
import { KEYS_VERSION } from './record-keys.ts';

/** Two nodes starting at once do it one after the other. */
const WATCH_LOCK = 'select pg_advisory_xact_lock(73016, 8)';
const MARK = 'mortise_duplicate_mark';

/**
 * Puts triggers on the tables of the checked fields, so that every write, however it comes, marks its record; when
 * the fields or the rules of keys are others than before, marks all records. Cheap when nothing has changed.
 */
export async function watchTables(db: Database, all: readonly CheckedFields[]): Promise<void> {
  const wanted = new Map(all.map((fields) => [fields.entity.name, signatureOf(fields)]));
  const known = await db.query<Row & { entity: string; signature: string }>({
    text: 'select entity, signature from mortise.duplicate_entity',
  });
  const done = new Map(known.map(({ entity, signature }) => [entity, signature]));
  for (const fields of all) {
    const { name } = fields.entity;
    const signature = wanted.get(name) ?? '';
    if (done.get(name) === signature) continue;
    await db.transaction(async (tx) => {
      await tx.query({ text: WATCH_LOCK });
      const now = await tx.query<Row & { signature: string }>({
        text: 'select signature from mortise.duplicate_entity where entity = $1',
        values: [name],
      });
      if (now[0]?.signature === signature) return;
      for (const text of triggerStatements(fields)) await tx.query({ text });
      await tx.query({
        text: `insert into mortise.duplicate_pending (entity, record_id) select $1, id from ${quoteName(fields.entity.table)}`,
        values: [name],
      });
      await tx.query({
        text: `insert into mortise.duplicate_entity (entity, signature) values ($1, $2)
          on conflict (entity) do update set signature = excluded.signature`,
        values: [name, signature],
      });
    });
  }
}

/** Table → the columns whose change matters. */
function watchedColumns({ checked, places, company }: CheckedFields): ReadonlyMap<string, readonly string[]> {
  const tables = new Map<string, string[]>();
  for (const field of [
    ...checked.map((each) => each.field),
    ...places,
    ...(company ? [company.field] : []),
  ]) {
    if (!field.column) continue;
    const columns = tables.get(field.column.table) ?? [];
    columns.push(field.column.name);
    tables.set(field.column.table, columns);
  }
  return tables;
}

function signatureOf(fields: CheckedFields): string {
  const kinds = fields.checked.map(({ field, kind }) => [field.name, kind]);
  const text = JSON.stringify([KEYS_VERSION, kinds, [...watchedColumns(fields)]]);
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}

function triggerStatements(fields: CheckedFields): readonly string[] {
  return [...watchedColumns(fields)].map(([table, columns]) => {
    const given = [fields.entity.name, ...columns].map((name) => `'${name.replaceAll("'", "''")}'`);
    return `create or replace trigger ${MARK} after insert or update or delete on ${quoteName(table)}
      for each row execute function mortise.mark_duplicate(${given.join(', ')})`;
  });
}
