import type { Context } from '../context/context.ts';
import type { EntityModel } from '../model/model.ts';
import type { Values } from '../records/draft.ts';
import { decodeColumns, ownColumns } from '../records/load-record.ts';
import { namedStatement } from '../records/named-statement.ts';
import { QuerySource } from '../records/query-source.ts';
import { StatementParameters } from '../records/statement-parameters.ts';
import type { Database, Row } from '../store/database.ts';

const PAGE = 500;

/** All stored values of records, without locking them. Give it ids that the reader may see. */
export async function rowsOf(
  db: Database,
  context: Context,
  entity: EntityModel,
  ids: readonly string[],
): Promise<readonly Values[]> {
  const rows: Values[] = [];
  for (let at = 0; at < ids.length; at += PAGE) {
    const parameters = new StatementParameters();
    const source = new QuerySource({ roles: context.access.compiled, parameters, nextAlias: 1 }, entity);
    const columns = ownColumns(source);
    const some = parameters.bind(ids.slice(at, at + PAGE));
    const text = `SELECT ${columns.join(', ')} FROM ${source.from()} WHERE ${source.alias}.id = ANY(${some}::uuid[])`;
    const found = await db.query<Row>(namedStatement(context, text, parameters.values));
    rows.push(...found.map((row) => ({ ...decodeColumns(entity, row), id: row['id'] })));
  }
  return rows;
}
