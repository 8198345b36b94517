import { quoteName } from '../access/quote-name.ts';
import type { Context } from '../context/context.ts';
import { isUuid } from '../fields/uuid.ts';
import type { EntityModel } from '../model/model.ts';
import type { Statement } from '../store/database.ts';
import { uuid7 } from '../store/uuid7.ts';
import type { Draft, Values } from './draft.ts';
import { changesOf } from './history-row.ts';
import { namedStatement } from './named-statement.ts';
import type { WriteOptions } from './records.ts';
import { StatementParameters } from './statement-parameters.ts';
import { columnsByTable, jsonColumnValue, type StoredField } from './stored-columns.ts';

type Row = Readonly<Record<string, unknown>>;

/** A row as JSON: without the empty cells, which are null on the other side as well. */
function jsonRow(id: unknown, values: Readonly<Values>, stored: readonly StoredField[]): Row {
  const row: Record<string, unknown> = { id };
  for (const { field, column } of stored) {
    const value = jsonColumnValue(field, column, values[field.name]);
    if (value !== null) row[column.name] = value;
  }
  return row;
}

function recordset(parameters: StatementParameters, rows: readonly Row[], types: readonly string[]): string {
  return `jsonb_to_recordset(${parameters.bind(JSON.stringify(rows))}::jsonb) AS x(${types.join(', ')})`;
}

/** INSERT of all rows into each table of an entity. */
function insertsOf(
  parameters: StatementParameters,
  entity: EntityModel,
  records: readonly Readonly<Values>[],
): string[] {
  return [...columnsByTable(entity)].map(([table, stored]) => {
    const names = stored.map(({ column }) => quoteName(column.name));
    const types = ['id uuid', ...stored.map(({ column }) => `${quoteName(column.name)} ${column.type}`)];
    const list = ['id', ...names].join(', ');
    const rows = records.map((values) => jsonRow(values['id'], values, stored));
    return `INSERT INTO ${quoteName(table)} (${list}) SELECT ${list} FROM ${recordset(parameters, rows, types)}`;
  });
}

function historyInsert(
  parameters: StatementParameters,
  context: Context,
  entity: EntityModel,
  drafts: readonly Draft[],
  options: WriteOptions | undefined,
): string {
  const { bind } = parameters;
  const rows = drafts.map((draft) => ({
    id: uuid7(),
    record_id: draft.id,
    changes: changesOf(draft),
    version: draft.values['version'],
  }));
  const types = ['id uuid', 'record_id uuid', 'changes jsonb', 'version integer'];
  const by = isUuid(context.actor.id) ? context.actor.id : null;
  return `INSERT INTO mortise.history (id, entity, record_id, action, changes, "by", source, reason, version, operation, rule) SELECT id, ${bind(entity.name)}, record_id, 'create', changes, ${bind(by)}::uuid, ${bind(context.source)}, ${bind(options?.reason ?? null)}, version, ${bind(options?.operation ?? null)}::uuid, ${bind(context.cause?.rule ?? null)}::text FROM ${recordset(parameters, rows, types)}`;
}

/** New records of one entity with their parts, lines and history rows, all in one statement. */
export function batchStatement(
  context: Context,
  entity: EntityModel,
  drafts: readonly Draft[],
  options: WriteOptions | undefined,
): Statement {
  const parameters = new StatementParameters();
  const inserts = insertsOf(
    parameters,
    entity,
    drafts.map((draft) => ({ ...draft.values, id: draft.id })),
  );
  const fields = new Set(drafts.flatMap((draft) => [...draft.lines.keys()]));
  for (const field of fields) {
    const lines = drafts.flatMap((draft) => draft.lines.get(field) ?? []);
    if (lines[0])
      inserts.push(
        ...insertsOf(
          parameters,
          lines[0].entity,
          lines.map((line) => line.values),
        ),
      );
  }
  inserts.push(historyInsert(parameters, context, entity, drafts, options));
  const ctes = inserts.map((sql, index) => `w${index} AS (${sql} RETURNING 1)`);
  const text = `WITH ${ctes.join(', ')} SELECT count(*)::integer AS written FROM w0`;
  return namedStatement(context, text, parameters.values);
}
