import { problem } from '../errors/catalogue.ts';
import { quoteName } from '../access/quote-name.ts';
import type { Context } from '../context/context.ts';
import { isUuid } from '../fields/uuid.ts';
import type { Queryable, Row } from '../store/database.ts';
import { entityOf } from './entity-of.ts';
import { conjunction, QuerySource } from './query-source.ts';
import type { HistoryEntry } from './records.ts';
import { reachable } from './row-state.ts';
import { StatementParameters } from './statement-parameters.ts';
import { namedStatement } from './named-statement.ts';
import { lineEntity, type Values } from './draft.ts';

const MAX_ENTRIES = 1000;

interface Entry {
  readonly id: string;
  readonly at: string;
  readonly action: HistoryEntry['action'];
  readonly by: string | null;
  readonly byName: string | null;
  readonly source: string;
  readonly reason: string | null;
  readonly version: number;
  readonly changes: Readonly<Record<string, { readonly old: unknown; readonly new: unknown }>>;
}

/**
 * The history of a record, newest first, in one statement. The right to a field is that to the record as it is now;
 * fields that the model no longer has are left out. @throws MRT_RECORD_NOT_FOUND
 */
export async function recordHistory(
  db: Queryable,
  context: Context,
  name: string,
  id: string,
): Promise<readonly HistoryEntry[]> {
  const entity = entityOf(context, name);
  const rights = context.access.compiled.entity(entity);
  if (!isUuid(id) || rights.visible.length === 0) throw problem('MRT_RECORD_NOT_FOUND');
  const parameters = new StatementParameters();
  const source = new QuerySource({ roles: context.access.compiled, parameters, nextAlias: 1 }, entity);
  const idSql = `${parameters.bind(id)}::uuid`;
  const readable = new Map<string, string>();
  for (const field of entity.fields.values()) {
    if (rights.field(field).read.length > 0)
      readable.set(field.name, source.cell(field.name, '/fields').readable);
  }
  const conditions = [...new Set(readable.values())].filter((condition) => condition !== 'true');
  const flags = conditions.map((condition, index) => `(${condition}) AS ${quoteName(`flag${index}`)}`);
  const where = conjunction([`${source.alias}.id = ${idSql}`, source.visible(), reachable(source)]);
  const user = context.model.entities.get('user');
  const userName = user?.fields.get(user.display)?.column?.name;
  const byName =
    user && userName
      ? `(SELECT u.${quoteName(userName)}::text FROM ${quoteName(user.table)} u WHERE u.id = h."by")`
      : 'NULL';
  const entries = `SELECT h.id, h.at, h.action, h."by", ${byName} AS "byName", h.source, h.reason, h.version, h.changes FROM mortise.history h WHERE h.entity = ${parameters.bind(entity.name)} AND h.record_id = ${idSql} ORDER BY h.version DESC, h.at DESC LIMIT ${MAX_ENTRIES}`;
  const text = `WITH r AS (SELECT ${[`${source.alias}.id`, ...flags].join(', ')} FROM ${source.from()} WHERE ${where}) SELECT r.*, e.* FROM r LEFT JOIN (${entries}) e(entry, at, action, "by", "byName", source, reason, version, changes) ON true ORDER BY e.version DESC, e.at DESC`;
  const rows = await db.query<Row>(namedStatement(context, text, parameters.values));
  if (rows.length === 0) throw problem('MRT_RECORD_NOT_FOUND');
  const shown = (field: string, row: Row): boolean => {
    const condition = readable.get(field);
    return (
      condition !== undefined &&
      (condition === 'true' || row[`flag${conditions.indexOf(condition)}`] === true)
    );
  };
  return rows
    .filter((row) => row['entry'] !== null)
    .map((row) => {
      const entry = row as unknown as Entry & { readonly entry: string };
      const changes = Object.fromEntries(
        Object.entries(entry.changes)
          .filter(([field]) => shown(field, row))
          .map(([field, change]) => [
            field,
            {
              old: shownLines(context, name, field, change.old),
              new: shownLines(context, name, field, change.new),
            },
          ]),
      );
      return {
        id: entry.entry,
        at: entry.at,
        action: entry.action,
        by: entry.by,
        byName: entry.byName ?? '',
        source: entry.source,
        reason: entry.reason,
        version: entry.version,
        changes,
      };
    });
}

/** Lines of a change without the fields that the reader can never see. */
function shownLines(context: Context, entityName: string, fieldName: string, value: unknown): unknown {
  const field = context.model.entities.get(entityName)?.fields.get(fieldName);
  if (field?.type !== 'lines' || !Array.isArray(value)) return value;
  const entity = lineEntity(context.model.entities, field);
  const rights = context.access.compiled.entity(entity);
  return (value as Values[]).map((line) =>
    Object.fromEntries(
      Object.entries(line).filter(([name]) => {
        const inner = entity.fields.get(name);
        return inner !== undefined && rights.field(inner).read.length > 0;
      }),
    ),
  );
}
