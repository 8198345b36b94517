import type { ColumnModel, EntityModel, FieldModel } from '../model/model.ts';
import { typeOfField } from './type-of-field.ts';
import { writeFields } from './write-fields.ts';

/** A field with the column it is written to. */
export interface StoredField {
  readonly field: FieldModel;
  readonly column: ColumnModel;
}

const CACHE = new WeakMap<EntityModel, readonly StoredField[]>();

/** The fields that are written, the key left out; of two fields on one column (an alias) the one with its name. */
export function storedColumns(entity: EntityModel): readonly StoredField[] {
  let stored = CACHE.get(entity);
  if (!stored) {
    const byColumn = new Map<string, StoredField>();
    for (const field of entity.fields.values()) {
      if (!field.column || field.name === 'id') continue;
      const key = `${field.column.table}.${field.column.name}`;
      if (!byColumn.has(key) || field.column.name === field.name)
        byColumn.set(key, { field, column: field.column });
    }
    CACHE.set(entity, (stored = [...byColumn.values()]));
  }
  return stored;
}

const TABLES = new WeakMap<EntityModel, ReadonlyMap<string, readonly StoredField[]>>();

/** The written fields of each of an entity's tables, the main one first. Derived ones are kept in another way. */
export function columnsByTable(entity: EntityModel): ReadonlyMap<string, readonly StoredField[]> {
  let tables = TABLES.get(entity);
  if (!tables) {
    const lists = new Map<string, StoredField[]>([[entity.table, []]]);
    for (const stored of storedColumns(entity)) {
      if (stored.field.derived) continue;
      const list = lists.get(stored.column.table) ?? [];
      lists.set(stored.column.table, list);
      list.push(stored);
    }
    TABLES.set(entity, (tables = lists));
  }
  return tables;
}

/** The `lines` fields of an entity, which are written with it. */
export function linesFields(entity: EntityModel): readonly FieldModel[] {
  return writeFields(entity).lines;
}

/** A value as the driver takes it. */
export function columnValue(field: FieldModel, value: unknown): unknown {
  if (value === null || value === undefined) return null;
  const { type, def } = typeOfField(field);
  return type.toColumn(value, def);
}

/** A value as it stands inside of a JSON parameter: a jsonb column takes it as it is. */
export function jsonColumnValue(field: FieldModel, column: ColumnModel, value: unknown): unknown {
  return column.type === 'jsonb' ? (value ?? null) : columnValue(field, value);
}
