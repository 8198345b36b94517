import { EntitySchema } from '@mikro-orm/core';
import { MikroORM } from '@mikro-orm/postgresql';
import type { ColumnShape, TableShape } from './table-shape.ts';

/** MikroORM's schema of each table. Relations point to schemas, so all of them are made before any is read. */
function entitySchemas(shapes: ReadonlyMap<string, TableShape>): readonly EntitySchema[] {
  const schemas = new Map<string, EntitySchema>();
  for (const shape of shapes.values()) {
    const properties = Object.fromEntries(
      [...shape.columns.values()].map((column) => [column.name, property(column, schemas)]),
    );
    // The properties are built at run time, so their names cannot be known to the type.
    const options = { name: shape.name, tableName: shape.name, properties };
    schemas.set(shape.name, new EntitySchema(options as ConstructorParameters<typeof EntitySchema>[0]));
  }
  return [...schemas.values()];
}

function property(column: ColumnShape, schemas: ReadonlyMap<string, EntitySchema>): object {
  const common = {
    fieldName: column.name,
    columnType: column.type,
    nullable: !column.notNull,
    ...(column.name === 'id' ? { primary: true } : {}),
    ...(column.default === null ? {} : { defaultRaw: column.default }),
  };
  if (!column.references) return { ...common, type: 'string' };
  const { table, onDelete } = column.references;
  return {
    ...common,
    kind: 'm:1',
    entity: () => schemas.get(table),
    deleteRule: onDelete,
    updateRule: 'no action',
    // Rows that point at one another (a group and its first customer) may be written in one transaction.
    deferMode: 'immediate',
    // The planner owns the indexes.
    index: false,
  };
}

function offline(shapes: ReadonlyMap<string, TableShape>): MikroORM {
  // It is never asked to connect; if a version of it did, port 1 makes that fail at once and loudly.
  return new MikroORM({
    entities: [...entitySchemas(shapes)],
    dbName: 'offline',
    host: '127.0.0.1',
    port: 1,
  });
}

/**
 * The statements that lead from `before` to `after`, which must contain everything of `before`: tables, columns and
 * foreign keys to add. MikroORM compares two models, so nothing is asked of the database.
 */
export async function additiveSql(
  before: ReadonlyMap<string, TableShape>,
  after: ReadonlyMap<string, TableShape>,
): Promise<readonly string[]> {
  const next = offline(after);
  // Not `getUpdateSchemaSQL`: that one connects to see whether the database exists, even when it has both sides.
  const sql =
    before.size === 0
      ? await next.schema.getCreateSchemaSQL({ wrap: false })
      : (
          await next.schema.getUpdateSchemaMigrationSQL({
            safe: false,
            dropTables: false,
            wrap: false,
            fromSchema: offline(before).schema.getTargetSchema(),
          })
        ).up;
  return sql
    .split(/;\n/)
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '');
}
