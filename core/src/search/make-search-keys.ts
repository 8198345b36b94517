import { quoteName } from '../access/quote-name.ts';
import { takePending } from '../kept-keys/take-pending.ts';
import type { FieldModel } from '../model/model.ts';
import type { Database, Row, Transaction } from '../store/database.ts';
import { hashedParts, searchKey } from './search-keys.ts';
import type { SearchedFields } from './searched-fields.ts';

/** Makes the keys of the records that have waited longest; whether more may wait. */
export async function makeSearchKeys(
  db: Database,
  entities: ReadonlyMap<string, SearchedFields>,
): Promise<boolean> {
  return await db.transaction(async (tx) => {
    const { byEntity, more } = await takePending(tx, 'search');
    for (const [entity, ids] of byEntity) await storeKeys(tx, entity, ids, entities.get(entity));
    // What the index has put off of this batch is sorted in at once: questions would have to read it all.
    if (byEntity.size > 0)
      await tx.query({ text: `select gin_clean_pending_list(to_regclass('mortise.search_key_keys'))` });
    return more;
  });
}

interface Made {
  readonly record_id: string;
  readonly field: string;
  readonly forms: string;
  readonly keys: readonly number[];
}

async function storeKeys(
  tx: Transaction,
  entity: string,
  ids: readonly string[],
  searched: SearchedFields | undefined,
): Promise<void> {
  const records = searched ? await loadRecords(tx, searched, ids) : [];
  const made = searched ? records.flatMap((row) => makeOf(searched, row)) : [];
  const stale = staleOf(ids, records, made);
  if (stale.length > 0)
    await tx.query({
      // The field is null where every key of the record goes.
      text: `delete from mortise.search_key k using jsonb_to_recordset($2::jsonb) as stale (record_id uuid, field text)
        where k.entity = $1 and k.record_id = stale.record_id and k.field = coalesce(stale.field, k.field)`,
      values: [entity, JSON.stringify(stale)],
    });
  if (made.length > 0)
    await tx.query({
      text: `insert into mortise.search_key as k (entity, record_id, field, forms, keys)
          select $1, record_id, field, forms, keys
            from jsonb_to_recordset($2::jsonb) as made (record_id uuid, field text, forms text, keys int[])
        on conflict (entity, record_id, field) do update set forms = excluded.forms, keys = excluded.keys
          where k.keys is distinct from excluded.keys or k.forms is distinct from excluded.forms`,
      values: [entity, JSON.stringify(made)],
    });
}

interface Stale {
  readonly record_id: string;
  readonly field: string | null;
}

/** Keys that are there and are no more made: of records that are gone, and of fields that are empty now. */
function staleOf(
  ids: readonly string[],
  records: readonly SearchedRow[],
  made: readonly Made[],
): readonly Stale[] {
  const there = new Set(records.map(({ id }) => id));
  const now = new Set(made.map(({ record_id, field }) => `${record_id} ${field}`));
  return [
    ...ids.filter((id) => !there.has(id)).map((id) => ({ record_id: id, field: null })),
    ...records.flatMap(({ id, kept }) =>
      kept.filter((field) => !now.has(`${id} ${field}`)).map((field) => ({ record_id: id, field })),
    ),
  ];
}

/** A record with the text of each searched field as `f0`, `f1` …, and the fields it has keys of. */
interface SearchedRow extends Row {
  readonly id: string;
  readonly kept: readonly string[];
}

async function loadRecords(
  tx: Transaction,
  { entity, fields }: SearchedFields,
  ids: readonly string[],
): Promise<readonly SearchedRow[]> {
  const aliases = new Map([[entity.table, 't']]);
  const joins: string[] = [];
  const columns = fields.map((field, at) => {
    const table = field.column?.table ?? entity.table;
    const alias = aliases.get(table) ?? `p${aliases.size}`;
    if (!aliases.has(table)) joins.push(`LEFT JOIN ${quoteName(table)} ${alias} ON ${alias}.id = t.id`);
    aliases.set(table, alias);
    return `${textSql(field, `${alias}.${quoteName(field.column?.name ?? field.name)}`)} AS f${at}`;
  });
  const kept =
    'ARRAY(SELECT k.field FROM mortise.search_key k WHERE k.entity = $2 AND k.record_id = t.id) AS kept';
  return await tx.query<SearchedRow>({
    text: `SELECT t.id, ${kept}, ${columns.join(', ')} FROM ${quoteName(entity.table)} t ${joins.join(' ')} WHERE t.id = ANY($1::uuid[])`,
    values: [ids, entity.name],
  });
}

function makeOf({ entity, fields }: SearchedFields, row: SearchedRow): readonly Made[] {
  return fields.flatMap((field, at) => {
    const value = row[`f${at}`];
    const key = typeof value === 'string' ? searchKey(value, field.type === 'phone') : null;
    if (!key) return [];
    const keys = hashedParts(entity.name, key.parts);
    return [{ record_id: row.id, field: field.name, forms: key.forms, keys }];
  });
}

function textSql(field: FieldModel, column: string): string {
  // Long texts are searched at their beginning.
  return field.column?.type === 'text[]' ? `array_to_string(${column}, ' ')` : `left(${column}, 2000)`;
}
