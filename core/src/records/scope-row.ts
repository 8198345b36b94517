import { quoteName } from '../access/quote-name.ts';
import type { EntityModel, Model } from '../model/model.ts';
import type { ScopedRow } from '../access/scope-set.ts';

/** What {@link scopeRowSql} yields. */
export interface UpperRow extends ScopedRow {
  readonly deleted: boolean;
}

function columnName(entity: EntityModel, field: string): string {
  return quoteName(entity.fields.get(field)?.column?.name ?? field);
}

/**
 * A JSON object with the owner, unit and creator of the record above a line, or null for an entity without parent.
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
    if (!next) return null;
    from += ` JOIN ${quoteName(next.table)} up${depth} ON up${depth}.id = ${at}.${columnName(parent, parent.parent.field)}`;
    at = `up${depth}`;
    parent = next;
  }
  const pairs = ['owner', 'unit', 'created_by'].map((name) => `'${name}', ${at}.${columnName(parent, name)}`);
  const deleted = `'deleted', ${at}.${columnName(parent, 'deleted_at')} IS NOT NULL`;
  return `(SELECT json_build_object(${[...pairs, deleted].join(', ')}) FROM ${from} WHERE ${alias}.id = ${link})`;
}
