import { quoteName } from '../access/quote-name.ts';
import { rowCondition } from '../access/row-condition.ts';
import type { EntityModel, FieldModel, Model } from '../model/model.ts';
import type { ScopedRow } from '../access/scope-set.ts';
import { SHARES, type Share } from '../access/shares.ts';
import { regionOf } from '../access/territory.ts';
import type { Row } from '../store/database.ts';
import { jsonSafe } from './json-safe.ts';
import { typeOfField } from './type-of-field.ts';

/** What {@link scopeRowSql} yields. */
export interface UpperRow extends ScopedRow {
  readonly deleted: boolean;
}

const ASKED = new WeakMap<Model, Map<EntityModel, readonly FieldModel[]>>();

/** The fields that scopes and the conditions of roles look at in records of the entity. */
export function scopeFields(model: Model, entity: EntityModel): readonly FieldModel[] {
  let known = ASKED.get(model);
  if (!known) ASKED.set(model, (known = new Map()));
  let fields = known.get(entity);
  if (!fields) {
    const names = new Set(['owner', 'unit', 'created_by', 'team']);
    for (const role of model.roles.values())
      for (const grant of Object.values(role.grants))
        if (grant.entity === entity.name && grant.when !== undefined)
          for (const name of rowCondition(entity, grant.when).reads) names.add(name);
    const region = regionOf(model, entity);
    if (region) names.add(region.field);
    // What departments' filters ask is not known to the model.
    if (entity.document.departmentFilter)
      for (const field of entity.fields.values())
        if (!field.derived && field.name !== 'id') names.add(field.name);
    fields = [...names].flatMap((name) => {
      const field = entity.fields.get(name);
      return field?.column ? field : [];
    });
    known.set(entity, fields);
  }
  return fields;
}

/** A field of the entity's table under an alias; one of a part of it is fetched from there. */
export function scopeColumn(entity: EntityModel, field: FieldModel, alias: string): string {
  const { table, name } = field.column!;
  if (table === entity.table) return `${alias}.${quoteName(name)}`;
  return `(SELECT part.${quoteName(name)} FROM ${quoteName(table)} part WHERE part.id = ${alias}.id)`;
}

/** The values of {@link scopeFields} as the API has them. */
export function scopeValues(fields: readonly FieldModel[], row: Row): ScopedRow {
  return Object.fromEntries(
    fields.map((field) => {
      const raw = row[field.name] ?? null;
      const { type, def } = typeOfField(field);
      return [field.name, raw === null ? null : type.fromColumn(raw, def)];
    }),
  );
}

/** The shares of a record as JSON; null where records of the entity are not shared. They are read past every gate. */
export function sharesSql(entity: EntityModel, alias: string): string | null {
  if (entity.document.sharing !== true) return null;
  const pairs = `'to', s.grantee, 'level', s.level, 'until', s.until, 'unread', s.unread, 'unwritten', s.unwritten`;
  return `(SELECT json_agg(json_build_object(${pairs})) FROM mortise.record_share s WHERE s.entity = '${entity.name}' AND s.record_id = ${alias}.id)`;
}

/** What {@link sharesSql} gave, laid to the values of the record that scopes are asked of. */
export function withShares<T extends object>(values: T, raw: unknown): T & ScopedRow {
  return Array.isArray(raw) ? { ...values, [SHARES]: raw as readonly Share[] } : values;
}

/** The topmost record above a line, which lends it its scopes. */
function lender(model: Model, entity: EntityModel): EntityModel | null {
  let above = entity.parent ? model.entities.get(entity.parent.entity) : undefined;
  while (above?.parent) above = model.entities.get(above.parent.entity);
  return above ?? null;
}

/**
 * A JSON object with what scopes ask of the record above a line, or null for an entity without parent.
 * @param link the column or parameter with the id of the line's parent
 */
export function scopeRowSql(model: Model, entity: EntityModel, link: string): string | null {
  let parent = entity.parent && model.entities.get(entity.parent.entity);
  if (!parent) return null;
  const alias = 'up0';
  let from = `${quoteName(parent.table)} ${alias}`;
  let at = alias;
  for (let depth = 1; parent.parent; depth += 1) {
    const next = model.entities.get(parent.parent.entity);
    const to = parent.fields.get(parent.parent.field);
    if (!next || !to) return null;
    from += ` JOIN ${quoteName(next.table)} up${depth} ON up${depth}.id = ${scopeColumn(parent, to, at)}`;
    at = `up${depth}`;
    parent = next;
  }
  const of = parent;
  const pairs = scopeFields(model, of).map(
    (field) => `'${field.name}', ${jsonSafe(scopeColumn(of, field, at), field.column!.type)}`,
  );
  const shares = sharesSql(of, at);
  if (shares !== null) pairs.push(`'$shares', ${shares}`);
  const deleted = `'deleted', ${at}.${quoteName(of.fields.get('deleted_at')?.column?.name ?? 'deleted_at')} IS NOT NULL`;
  return `(SELECT json_build_object(${[...pairs, deleted].join(', ')}) FROM ${from} WHERE ${alias}.id = ${link})`;
}

/** What {@link scopeRowSql} gave, read; null where there is no record above. */
export function upperRow(model: Model, entity: EntityModel, raw: unknown): UpperRow | null {
  const of = lender(model, entity);
  const row = (raw as Row | null | undefined) ?? null;
  if (!of || !row) return null;
  const values = { ...scopeValues(scopeFields(model, of), row), deleted: row['deleted'] === true };
  return withShares(values, row['$shares']);
}
