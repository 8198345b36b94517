import { quoteName } from '../access/quote-name.ts';
import { takePending } from '../kept-keys/take-pending.ts';
import type { FieldModel } from '../model/model.ts';
import type { Database, Row, Transaction } from '../store/database.ts';
import { hashedParts, searchKey } from './search-keys.ts';
import type { SearchedFields } from './searched-fields.ts';

/** Makes the keys of the records that have waited longest; false when none waits. */
export async function makeSearchKeys(
  db: Database,
  entities: ReadonlyMap<string, SearchedFields>,
): Promise<boolean> {
  return await db.transaction(async (tx) => {
    const pending = await takePending(tx, 'search');
    for (const [entity, ids] of pending) await storeKeys(tx, entity, ids, entities.get(entity));
    return pending.size > 0;
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
  const made = searched ? await makeOf(tx, searched, ids) : [];
  const values = [entity, JSON.stringify(made)];
  const rows = `jsonb_to_recordset($2::jsonb) as made (record_id uuid, field text, forms text, keys int[])`;
  await tx.query({
    text: `delete from mortise.search_key k where k.entity = $1 and k.record_id = any($3::uuid[])
      and not exists (select from ${rows} where made.record_id = k.record_id and made.field = k.field)`,
    values: [...values, ids],
  });
  if (made.length > 0)
    await tx.query({
      text: `insert into mortise.search_key as k (entity, record_id, field, forms, keys)
          select $1, record_id, field, forms, keys from ${rows}
        on conflict (entity, record_id, field) do update set forms = excluded.forms, keys = excluded.keys
          where k.keys is distinct from excluded.keys or k.forms is distinct from excluded.forms`,
      values,
    });
}

async function makeOf(
  tx: Transaction,
  { entity, fields }: SearchedFields,
  ids: readonly string[],
): Promise<readonly Made[]> {
  const aliases = new Map([[entity.table, 't']]);
  const joins: string[] = [];
  const columns = fields.map((field, at) => {
    const table = field.column?.table ?? entity.table;
    const alias = aliases.get(table) ?? `p${aliases.size}`;
    if (!aliases.has(table)) joins.push(`LEFT JOIN ${quoteName(table)} ${alias} ON ${alias}.id = t.id`);
    aliases.set(table, alias);
    return `${textSql(field, `${alias}.${quoteName(field.column?.name ?? field.name)}`)} AS f${at}`;
  });
  const rows = await tx.query<Row & { readonly id: string }>({
    text: `SELECT t.id, ${columns.join(', ')} FROM ${quoteName(entity.table)} t ${joins.join(' ')} WHERE t.id = ANY($1::uuid[])`,
    values: [ids],
  });
  return rows.flatMap((row) =>
    fields.flatMap((field, at) => {
      const value = row[`f${at}`];
      const key = typeof value === 'string' ? searchKey(value, field.type === 'phone') : null;
      if (!key) return [];
      const keys = hashedParts(entity.name, key.parts);
      return [{ record_id: row.id, field: field.name, forms: key.forms, keys }];
    }),
  );
}

function textSql(field: FieldModel, column: string): string {
  // Long texts are searched at their beginning.
  return field.column?.type === 'text[]' ? `array_to_string(${column}, ' ')` : `left(${column}, 2000)`;
}
