import type { EntityModel, FieldModel, Model } from '../model/model.ts';
import { DERIVED_PART } from '../model/derived/derived-fields.ts';
import { indexShapes, type IndexShape } from './index-shape.ts';

/** What the database must know of one column. */
export interface ColumnShape {
  readonly name: string;
  readonly type: string;
  readonly notNull: boolean;
  /** SQL of the default. */
  readonly default: string | null;
  readonly references: { readonly table: string; readonly onDelete: 'restrict' | 'cascade' } | null;
}

/** What the database must know of one table. The key is always the column `id`. */
export interface TableShape {
  readonly name: string;
  /** Entity whose records lie here. */
  readonly entity: string;
  readonly columns: ReadonlyMap<string, ColumnShape>;
  readonly indexes: ReadonlyMap<string, IndexShape>;
}

/**
 * Columns that the platform itself fills. Everything else may be null: `required` is a rule of validation, so that a
 * rule made at run time never has to rewrite or refuse stored rows.
 */
const FILLED: Readonly<Record<string, string>> = {
  version: '1',
  created_at: 'now()',
  updated_at: 'now()',
  is_void: 'false',
  position: '0',
};

/** The tables that a model needs, retired columns included. Keyed by table name. */
export function tableShapes(model: Model): ReadonlyMap<string, TableShape> {
  const shapes = new Map<string, TableShape>();
  for (const entity of model.entities.values()) {
    const indexes = indexShapes(model, entity);
    for (const table of [entity.table, ...entity.parts.values()]) {
      shapes.set(table, {
        name: table,
        entity: entity.name,
        columns: columnShapes(model, entity, table),
        indexes: new Map([...indexes].filter(([, index]) => index.table === table)),
      });
    }
  }
  return shapes;
}

function columnShapes(model: Model, entity: EntityModel, table: string): ReadonlyMap<string, ColumnShape> {
  const columns = new Map<string, ColumnShape>();
  // Derived rows are written by whoever changes what they follow: a foreign key would make him wait for the editor of
  // the record, who may be waiting for him.
  const isPart = table !== entity.table && table !== entity.parts.get(DERIVED_PART);
  columns.set('id', {
    name: 'id',
    type: 'uuid',
    notNull: true,
    default: null,
    references: isPart ? { table: entity.table, onDelete: 'cascade' } : null,
  });
  for (const field of [...entity.fields.values(), ...entity.retiredFields.values()]) {
    // Two fields may share a column (`last_modified_on` is `updated_at` under the reviewers' name).
    if (!field.column || field.column.table !== table || columns.has(field.column.name)) continue;
    columns.set(field.column.name, columnShape(model, entity, field));
  }
  return columns;
}

function columnShape(model: Model, entity: EntityModel, field: FieldModel): ColumnShape {
  const column = field.column!;
  const filled = field.system ? FILLED[field.name] : undefined;
  const isParent = entity.parent?.field === field.name;
  return {
    name: column.name,
    type: column.type,
    notNull: filled !== undefined,
    default: filled ?? null,
    references: referenceOf(model, field, isParent),
  };
}

function referenceOf(model: Model, field: FieldModel, isParent: boolean): ColumnShape['references'] {
  if (field.type !== 'reference' || typeof field.def['entity'] !== 'string') return null;
  const target = model.entities.get(field.def['entity']);
  return target ? { table: target.table, onDelete: isParent ? 'cascade' : 'restrict' } : null;
}
