import { quoteName } from '../../access/quote-name.ts';
import type { Context } from '../../context/context.ts';
import type { Model } from '../../model/model.ts';
import type { Queryable, Row } from '../../store/database.ts';
import { denied, entityOf } from '../entity-of.ts';
import { readRecord } from '../read-record.ts';
import type { Dictionaries } from '../../store/dictionaries.ts';
import { dateInZone } from '../today.ts';
import { conjunction, QuerySource } from '../query-source.ts';
import { StatementParameters } from '../statement-parameters.ts';
import { namedStatement } from '../named-statement.ts';

/** With whom a record is shared, as it is told to who may share it. */
export interface ShareView {
  readonly id: string;
  readonly kind: 'user' | 'unit';
  readonly to: { readonly id: string; readonly name: string };
  readonly level: 'read' | 'write';
  readonly until: string | null;
  /** Its last day is past: it gives nothing any more. */
  readonly expired: boolean;
  readonly by: { readonly id: string; readonly name: string } | null;
  readonly at: string;
}

interface ShareRow extends Row {
  readonly id: string;
  readonly kind: 'user' | 'unit';
  readonly grantee: string;
  readonly name: string | null;
  readonly level: 'read' | 'write';
  readonly until: string | null;
  readonly by: string | null;
  readonly by_name: string | null;
  readonly at: string;
}

function nameSql(model: Model, entityName: string, id: string): string {
  const entity = model.entities.get(entityName);
  const column = entity?.fields.get(entity.display)?.column;
  return entity && column
    ? `(SELECT n.${quoteName(column.name)}::text FROM ${quoteName(entity.table)} n WHERE n.id = ${id})`
    : 'NULL::text';
}

/** The shares of a record, the newest first: for who may share it. @throws MRT_RECORD_NOT_FOUND, MRT_ACCESS_DENIED */
export async function listShares(
  db: Queryable,
  dictionaries: Dictionaries,
  context: Context,
  entityName: string,
  id: string,
): Promise<readonly ShareView[]> {
  const entity = entityOf(context, entityName);
  const record = await readRecord(db, context, entityName, id, { fields: ['id'] }, dictionaries);
  const rights = context.access.compiled.entity(entity);
  const parameters = new StatementParameters();
  const source = new QuerySource({ roles: context.access.compiled, parameters, nextAlias: 1 }, entity);
  const mine = conjunction([
    `${source.alias}.id = ${parameters.bind(record['id'])}::uuid`,
    source.rows(rights.rows('share')),
  ]);
  const text = `SELECT ${source.alias}.id FROM ${source.from()} WHERE ${mine}`;
  const [may] = await db.query<Row>(namedStatement(context, text, parameters.values));
  if (!may || entity.document.sharing !== true) throw denied(context, entity, 'share');
  const kindName = `CASE WHEN s.kind = 'user' THEN ${nameSql(context.model, 'user', 's.grantee')} ELSE ${nameSql(context.model, 'unit', 's.grantee')} END`;
  const rows = await db.query<ShareRow>({
    text: `SELECT s.id, s.kind, s.grantee, ${kindName} AS name, s.level, s.until, s."by", ${nameSql(context.model, 'user', 's."by"')} AS by_name, s.at
      FROM mortise.record_share s WHERE s.entity = $1 AND s.record_id = $2::uuid ORDER BY s.at DESC, s.id`,
    values: [entity.name, record['id']],
  });
  const today = dateInZone(context.now, context.timeZone);
  return rows.map((row) => ({
    id: row.id,
    kind: row.kind,
    to: { id: row.grantee, name: row.name ?? '' },
    level: row.level,
    until: row.until,
    expired: row.until !== null && row.until < today,
    by: row.by === null ? null : { id: row.by, name: row.by_name ?? '' },
    at: row.at,
  }));
}
