import { quoteName } from '../access/quote-name.ts';
import type { Queryable, Row } from '../store/database.ts';
import type { FieldModel } from '../model/model.ts';
import type { CheckedFields } from './checked-fields.ts';
import { factsOf, type Facts } from './facts.ts';
import type { Places } from './places.ts';

/** The FROM clause over an entity and its parts, and the column of any of its fields. */
interface FactSource {
  readonly from: string;
  column(field: FieldModel): string;
}

/** A source on alias `t`, joining every part that one of the checked fields lies in. */
function factSource(fields: CheckedFields): FactSource {
  const { entity, company } = fields;
  const aliases = new Map([[entity.table, 't']]);
  const joins: string[] = [];
  for (const field of factFields(fields)) {
    const table = field.column?.table ?? entity.table;
    if (aliases.has(table)) continue;
    const alias = `p${aliases.size}`;
    aliases.set(table, alias);
    joins.push(`LEFT JOIN ${quoteName(table)} ${alias} ON ${alias}.id = t.id`);
  }
  const column = (field: FieldModel): string =>
    `${aliases.get(field.column?.table ?? entity.table) ?? 't'}.${quoteName(field.column?.name ?? field.name)}`;
  if (company)
    joins.push(
      `LEFT JOIN ${quoteName(company.target.table)} company ON company.id = ${column(company.field)}`,
    );
  return { from: [`${quoteName(entity.table)} t`, ...joins].join(' '), column };
}

/** What the columns of {@link factsSql} are read into. */
export type FactsRow = Row & { readonly id: string };

/**
 * The statement that reads what facts are made of.
 * @param ids SQL of an array of uuids: an array is looked up by the primary key, whatever is guessed of its length
 * @param condition on alias `t`, e.g. that it lives
 */
export function factsSql(fields: CheckedFields, ids: string, condition = 'true'): string {
  const source = factSource(fields);
  const columns = factFields(fields).map((field, at) => `${source.column(field)}::text AS f${at}`);
  if (fields.company?.name.column)
    columns.push(`company.${quoteName(fields.company.name.column.name)} AS company_name`);
  return `SELECT t.id, ${columns.join(', ')} FROM ${source.from} WHERE t.id = ANY(${ids}) AND ${condition}`;
}

/** Facts by id from the rows of {@link factsSql}. */
export function readFacts(
  fields: CheckedFields,
  rows: readonly FactsRow[],
  places: Places,
): ReadonlyMap<string, Facts> {
  const loaded = factFields(fields);
  return new Map(
    rows.map((row) => {
      const values = Object.fromEntries(loaded.map((field, at) => [field.name, text(row[`f${at}`])]));
      return [row.id, factsOf(fields, { values, companyName: text(row['company_name']) }, places)];
    }),
  );
}

/** Loads the facts of records. */
export async function loadFacts(
  db: Queryable,
  fields: CheckedFields,
  ids: readonly string[],
  places: Places,
): Promise<ReadonlyMap<string, Facts>> {
  if (ids.length === 0) return new Map();
  const rows = await db.query<FactsRow>({ text: factsSql(fields, '$1::uuid[]'), values: [ids] });
  return readFacts(fields, rows, places);
}

const FACT_FIELDS = new WeakMap<CheckedFields, readonly FieldModel[]>();

/** Every field that facts are made of. */
export function factFields(fields: CheckedFields): readonly FieldModel[] {
  let all = FACT_FIELDS.get(fields);
  if (all === undefined) {
    const { checked, places, company } = fields;
    const known = [...checked.map(({ field }) => field), ...places];
    all = [...new Set(company ? [...known, company.field] : known)];
    FACT_FIELDS.set(fields, all);
  }
  return all;
}

function text(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
