import type { DictionaryDocument, DictionaryValueDocument } from '../model/documents.ts';
import type { Queryable, Transaction } from '../store/database.ts';
import type { DictionaryValue } from '../store/dictionaries.ts';

/** A value before and after a change; null where it was not or is no longer. */
export interface ValueChange {
  readonly dictionary: string;
  readonly code: string;
  readonly before: DictionaryValue | null;
  readonly after: DictionaryValue | null;
}

/** A stored value with its dictionary and the revision at which it was last changed. */
export interface StoredValue extends DictionaryValue {
  readonly dictionary: string;
  readonly revision: number;
}

interface ValueRow extends Record<string, unknown> {
  readonly dictionary: string;
  readonly code: string;
  readonly parent: string | null;
  readonly label_zh: string;
  readonly label_en: string;
  readonly sort: number;
  readonly active: boolean;
  readonly is_system: boolean;
  readonly color: string | null;
  readonly data: DictionaryValue['data'];
  readonly revision: number;
}

/** All values of all dictionaries. */
export async function readValues(db: Queryable): Promise<StoredValue[]> {
  const rows = await db.query<ValueRow>({
    text: `select dictionary, code, parent, label_zh, label_en, sort, active, is_system, color, data, revision
      from mortise.dictionary_value`,
  });
  return rows.map((row) => ({
    dictionary: row.dictionary,
    code: row.code,
    parent: row.parent,
    label: { 'zh-CN': row.label_zh, en: row.label_en },
    sort: row.sort,
    active: row.active,
    isSystem: row.is_system,
    color: row.color,
    data: row.data,
    revision: row.revision,
  }));
}

function toRow(dictionary: string, value: DictionaryValue): Record<string, unknown> {
  return {
    dictionary,
    code: value.code,
    parent: value.parent,
    label_zh: value.label['zh-CN'],
    label_en: value.label.en,
    sort: value.sort,
    active: value.active,
    is_system: value.isSystem,
    color: value.color,
    data: value.data,
  };
}

const RECORDSET = `json_to_recordset($1) as d (dictionary text, code text, parent text, label_zh text, label_en text,
  sort int, active boolean, is_system boolean, color text, data jsonb)`;
const COLUMNS = 'dictionary, code, parent, label_zh, label_en, sort, active, is_system, color, data';

/** The value that a document's entry at `index` seeds. */
export function seedValue(code: string, value: DictionaryValueDocument, index: number): DictionaryValue {
  return {
    code,
    label: value.label,
    parent: value.parent ?? null,
    sort: value.sort ?? (index + 1) * 10,
    active: value.active ?? true,
    color: value.color ?? null,
    data: value.data ?? {},
    isSystem: true,
  };
}

/**
 * Inserts the values that the documents bring and follows their newer texts, except where an administrator has
 * edited the value. Answers true when a row changed.
 */
export async function seedValues(
  tx: Transaction,
  dictionaries: Iterable<DictionaryDocument>,
  revision: number,
): Promise<boolean> {
  const rows = [...dictionaries].flatMap((document) =>
    Object.entries(document.values).map(([code, value], index) =>
      toRow(document.name, seedValue(code, value, index)),
    ),
  );
  if (rows.length === 0) return false;
  const [changed] = await tx.query<{ n: number }>({
    text: `with written as (
        insert into mortise.dictionary_value as v (${COLUMNS}, revision)
        select ${COLUMNS}, $2::int from ${RECORDSET}
        on conflict (dictionary, code) do update set parent = excluded.parent, label_zh = excluded.label_zh,
          label_en = excluded.label_en, sort = excluded.sort, active = excluded.active, is_system = true,
          color = excluded.color, data = excluded.data, revision = excluded.revision
        where not v.edited and (v.parent, v.label_zh, v.label_en, v.sort, v.active, v.is_system, v.color, v.data)
          is distinct from (excluded.parent, excluded.label_zh, excluded.label_en, excluded.sort, excluded.active,
            true, excluded.color, excluded.data)
        returning 1)
      select count(*)::int as n from written`,
    values: [JSON.stringify(rows), revision],
  });
  return (changed?.n ?? 0) > 0;
}

/** Writes what an administrator changed. Edited values no longer follow the documents. */
export async function writeValues(
  tx: Transaction,
  changes: readonly ValueChange[],
  revision: number,
): Promise<void> {
  const kept = changes.flatMap(({ dictionary, after }) => (after ? [toRow(dictionary, after)] : []));
  const gone = changes.filter(({ after }) => after === null);
  if (kept.length > 0) {
    await tx.query({
      text: `insert into mortise.dictionary_value as v (${COLUMNS}, revision, edited)
        select ${COLUMNS}, $2::int, true from ${RECORDSET}
        on conflict (dictionary, code) do update set parent = excluded.parent, label_zh = excluded.label_zh,
          label_en = excluded.label_en, sort = excluded.sort, active = excluded.active, color = excluded.color,
          data = excluded.data, revision = excluded.revision, edited = true`,
      values: [JSON.stringify(kept), revision],
    });
  }
  for (const { dictionary, code } of gone) {
    await tx.query({
      text: 'delete from mortise.dictionary_value where dictionary = $1 and code = $2 and not is_system',
      values: [dictionary, code],
    });
    // A deletion leaves no row that could carry the revision.
    await tx.query({
      text: `update mortise.dictionary_value set revision = $2 where (dictionary, code) in
        (select dictionary, code from mortise.dictionary_value where dictionary = $1 order by code limit 1)`,
      values: [dictionary, revision],
    });
  }
}
