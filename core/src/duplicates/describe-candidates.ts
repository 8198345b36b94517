import { quoteName } from '../access/quote-name.ts';
import type { Context } from '../context/context.ts';
import type { EntityModel, FieldModel } from '../model/model.ts';
import type { Database, Row } from '../store/database.ts';
import type { Dictionaries } from '../store/dictionaries.ts';
import { localise } from '../text/locale.ts';
import type { DuplicateCandidate } from './duplicates.ts';
import { CITY_DICTIONARY } from './places.ts';

/** The five facts that everybody may know of a candidate (SEC-15), and whether this actor may know of the record. */
export type Described = Omit<DuplicateCandidate, 'id' | 'score' | 'exact' | 'reasons' | 'identifying'>;

/** Reads the five facts of records past the gate of fields: SEC-15 grants them to whoever may enter such records. */
export async function describeCandidates(
  db: Database,
  context: Context,
  entity: EntityModel,
  ids: readonly string[],
  dictionaries: Dictionaries,
): Promise<ReadonlyMap<string, Described>> {
  if (ids.length === 0) return new Map();
  const values: unknown[] = [];
  const bind = (value: unknown): string => `$${values.push(value)}`;
  const joins: string[] = [];
  const columns = [
    `t.id::text AS id`,
    `${own(joins, entity, entity.fields.get(entity.display))} AS display`,
    `${own(joins, entity, cityField(entity))} AS city`,
    `${referred(context, joins, entity, 'owner')} AS owner`,
    `${referred(context, joins, entity, 'unit')} AS unit`,
    entity.fields.has('updated_at')
      ? `to_char(t."updated_at" AT TIME ZONE ${bind(context.timeZone)}, 'YYYY-MM-DD') AS last_activity`
      : 'NULL AS last_activity',
    `(${context.access.entity(entity).visible('t', bind)}) AS readable`,
  ];
  const rows = await db.query<Row & { readonly id: string }>({
    text: `SELECT ${columns.join(', ')} FROM ${quoteName(entity.table)} t ${joins.join(' ')} WHERE t.id = ANY(${bind(ids)}::uuid[])`,
    values,
  });
  const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);
  return new Map(
    rows.map((row): [string, Described] => [
      row.id,
      {
        display: text(row['display']),
        city: cityLabel(text(row['city']), context, dictionaries),
        owner: text(row['owner']),
        unit: text(row['unit']),
        lastActivity: text(row['last_activity']),
        readable: row['readable'] === true,
      },
    ]),
  );
}

function own(joins: string[], entity: EntityModel, field: FieldModel | undefined): string {
  if (!field?.column) return 'NULL';
  if (field.column.table === entity.table) return `t.${quoteName(field.column.name)}::text`;
  const alias = `own${joins.length}`;
  joins.push(`LEFT JOIN ${quoteName(field.column.table)} ${alias} ON ${alias}.id = t.id`);
  return `${alias}.${quoteName(field.column.name)}::text`;
}

function referred(context: Context, joins: string[], entity: EntityModel, name: string): string {
  const field = entity.fields.get(name);
  const target = context.model.entities.get(String(field?.def['entity'] ?? ''));
  const display = target?.fields.get(target.display)?.column;
  if (!field?.column || !target || display?.table !== target.table) return 'NULL';
  const alias = `of_${name}`;
  joins.push(
    `LEFT JOIN ${quoteName(target.table)} ${alias} ON ${alias}.id = t.${quoteName(field.column.name)}`,
  );
  return `${alias}.${quoteName(display.name)}::text`;
}

function cityField(entity: EntityModel): FieldModel | undefined {
  return [...entity.fields.values()].find(
    (field) =>
      field.type === 'choice' &&
      field.def['dictionary'] === CITY_DICTIONARY &&
      field.def['multiple'] !== true,
  );
}

function cityLabel(code: string | null, context: Context, dictionaries: Dictionaries): string | null {
  if (code === null) return null;
  const value = dictionaries.value(CITY_DICTIONARY, code);
  return value ? localise(value.label, context.locale) : code;
}
