import { quoteName } from '../access/quote-name.ts';
import type { ScopedRow } from '../access/scope-set.ts';
import { isUuid } from '../fields/uuid.ts';
import type { EntityModel, Model } from '../model/model.ts';
import {
  scopeColumn,
  scopeFields,
  scopeRowSql,
  sharesSql,
  scopeValues,
  upperRow,
  withShares,
} from '../records/scope-row.ts';
import type { Queryable, Row } from '../store/database.ts';

/** What the gate looks at in a record. */
export interface RecordFacts {
  readonly id: string;
  readonly row: ScopedRow;
  /** The record above a line. */
  readonly up: ScopedRow | null;
  readonly deleted: boolean;
}

/** Reads what scopes ask of a record, past every gate: only for who has passed his own. Null when there is none. */
export async function loadFacts(
  db: Queryable,
  model: Model,
  entity: EntityModel,
  id: string,
): Promise<RecordFacts | null> {
  if (!isUuid(id)) return null;
  const fields = scopeFields(model, entity);
  const columns = fields.map((field) => `${scopeColumn(entity, field, 't')} AS ${quoteName(field.name)}`);
  const deletedAt = entity.fields.get('deleted_at')?.column;
  if (deletedAt) columns.push(`t.${quoteName(deletedAt.name)} AS deleted_at`);
  const link = entity.parent && entity.fields.get(entity.parent.field)?.column?.name;
  const up = link ? scopeRowSql(model, entity, `t.${quoteName(link)}`) : null;
  if (up !== null) columns.push(`${up} AS up`);
  const shares = sharesSql(entity, 't');
  if (shares !== null) columns.push(`${shares} AS "$shares"`);
  const [row] = await db.query<Row>({
    text: `SELECT ${['t.id', ...columns].join(', ')} FROM ${quoteName(entity.table)} t WHERE t.id = $1::uuid`,
    values: [id],
  });
  if (!row) return null;
  return {
    id: String(row['id']),
    row: withShares(scopeValues(fields, row), row['$shares']),
    up: upperRow(model, entity, row['up']),
    deleted: (row['deleted_at'] ?? null) !== null,
  };
}
