import { quoteName } from '../access/quote-name.ts';
import type { Context } from '../context/context.ts';
import type { EntityModel } from '../model/model.ts';
import type { Statement } from '../store/database.ts';
import { contentOf, type Draft, type LineDraft, type Values } from './draft.ts';
import { changesOf, historySql, historyValues, type Changes } from './history-row.ts';
import type { HistoryEntry, WriteOptions } from './records.ts';
import { namedStatement } from './named-statement.ts';
import { isEmptyValue, sameValue } from './same-value.ts';
import { StatementParameters } from './statement-parameters.ts';
import { columnsByTable, columnValue, jsonColumnValue } from './stored-columns.ts';
import type { RowBeside } from './write-scope.ts';

/** The text that inserts a record without lines, without and with a row beside it: the same for all records of an entity. */
const INSERTS = { alone: new WeakMap<EntityModel, string>(), beside: new WeakMap<EntityModel, string>() };
const NO_LINES: WriteStatement['expectedLines'] = new Map();

/** The parameters of {@link insertParts}, in their order. */
function insertValues(draft: Draft): unknown[] {
  const values: unknown[] = [];
  for (const stored of columnsByTable(draft.entity).values()) {
    values.push(draft.id);
    for (const { field } of stored) values.push(columnValue(field, draft.values[field.name]));
  }
  return values;
}

function insertParts(parameters: StatementParameters, draft: Draft): string[] {
  return [...columnsByTable(draft.entity)].map(([table, stored]) => {
    const names = ['id', ...stored.map(({ column }) => quoteName(column.name))];
    const values = [
      parameters.bind(draft.id),
      ...stored.map(({ field }) => parameters.bind(columnValue(field, draft.values[field.name]))),
    ];
    return `INSERT INTO ${quoteName(table)} (${names.join(', ')}) VALUES (${values.join(', ')}) RETURNING id`;
  });
}

/** UPDATE of the main table, and an upsert of each part, whose row may not exist yet. */
function updateParts(parameters: StatementParameters, draft: Draft): string[] {
  const statements: string[] = [];
  for (const [table, stored] of columnsByTable(draft.entity)) {
    const changed = stored.filter(
      ({ field }) => !sameValue(draft.values[field.name], draft.previous?.[field.name]),
    );
    const main = table === draft.entity.table;
    if (changed.length === 0 && !main) continue;
    const values = changed.map(({ field }) => parameters.bind(columnValue(field, draft.values[field.name])));
    const names = changed.map(({ column }) => quoteName(column.name));
    const set = names.map((name, index) => `${name} = ${values[index]}`).join(', ');
    const id = `${parameters.bind(draft.id)}::uuid`;
    statements.push(
      main
        ? `UPDATE ${quoteName(table)} SET ${set} WHERE id = ${id} AND version = ${parameters.bind(draft.previous?.['version'])}::integer RETURNING id`
        : `INSERT INTO ${quoteName(table)} (id, ${names.join(', ')}) VALUES (${[id, ...values].join(', ')}) ON CONFLICT (id) DO UPDATE SET ${set} RETURNING id`,
    );
  }
  return statements;
}

function isChangedLine(line: LineDraft): boolean {
  const before = line.previous;
  if (before === null) return true;
  const strip = (values: Values) =>
    Object.fromEntries(
      Object.entries(contentOf(line.entity, values)).filter(([, value]) => !isEmptyValue(value)),
    );
  return before['position'] !== line.values['position'] || !sameValue(strip(before), strip(line.values));
}

/** The upsert of changed lines and the removal of absent ones. */
function lineParts(
  parameters: StatementParameters,
  draft: Draft,
): { readonly name: string; readonly sql: string }[] {
  const parts: { name: string; sql: string }[] = [];
  let number = 0;
  for (const [fieldName, lines] of draft.lines) {
    const field = draft.entity.fields.get(fieldName);
    const stored = draft.previousLines.get(fieldName) ?? [];
    const kept = new Set(lines.map((line) => line.values['id']));
    const removed = stored.map((line) => String(line['id'])).filter((id) => !kept.has(id));
    const changed = lines.filter(isChangedLine);
    const entity = lines[0]?.entity;
    number += 1;
    if (entity && changed.length > 0) {
      for (const [table, columns] of columnsByTable(entity)) {
        const rows = changed.map((line) => ({
          id: line.values['id'],
          ...Object.fromEntries(
            columns.map(({ field: each, column }) => [
              column.name,
              jsonColumnValue(each, column, nextValue(line, each.name)),
            ]),
          ),
        }));
        const names = columns.map(({ column }) => quoteName(column.name));
        const types = ['id uuid', ...columns.map(({ column }) => `${quoteName(column.name)} ${column.type}`)];
        const set = names.map((name) => `${name} = excluded.${name}`).join(', ');
        const parent = entity.parent && entity.fields.get(entity.parent.field)?.column;
        const own =
          parent && table === entity.table
            ? ` WHERE l.${quoteName(parent.name)} = excluded.${quoteName(parent.name)}`
            : '';
        const main = table === entity.table;
        parts.push({
          name: main ? `lines${number}` : `lines${number}_${table}`,
          sql: `INSERT INTO ${quoteName(table)} AS l (id, ${names.join(', ')}) SELECT id, ${names.join(', ')} FROM jsonb_to_recordset(${parameters.bind(JSON.stringify(rows))}::jsonb) AS x(${types.join(', ')}) ON CONFLICT (id) DO UPDATE SET ${set}${own} RETURNING l.id`,
        });
      }
    }
    if (removed.length > 0 && field) {
      const table = quoteName(entity?.table ?? lineTable(draft, fieldName));
      parts.push({
        name: `gone${number}`,
        sql: `DELETE FROM ${table} WHERE id = ANY(${parameters.bind(removed)}::uuid[]) RETURNING id`,
      });
    }
  }
  return parts;
}

function nextValue(line: LineDraft, name: string): unknown {
  return name === 'version' && line.previous !== null
    ? Number(line.previous['version']) + 1
    : line.values[name];
}

function lineTable(draft: Draft, fieldName: string): string {
  return draft.lineTables.get(fieldName) ?? fieldName;
}

/** The one statement of a write, and what it changes. */
export interface WriteStatement {
  readonly statement: Statement;
  readonly changes: Changes;
  /** Lines field → ids that must come back from the upsert; a missing one belongs to another record. */
  readonly expectedLines: ReadonlyMap<
    string,
    { readonly column: string; readonly ids: readonly string[]; readonly lines: readonly LineDraft[] }
  >;
}

function besideSql(parameters: StatementParameters, { into, values }: RowBeside): string {
  const bound = values.map(({ value, type }) => `${parameters.bind(value)}::${type}`);
  return `INSERT INTO ${into} VALUES (${bound.join(', ')})`;
}

/** Record, parts, lines, history row and what is kept beside the record in one statement (DESIGN §4, §11). */
export function writeStatement(
  context: Context,
  draft: Draft,
  action: HistoryEntry['action'],
  options: WriteOptions | undefined,
  beside: RowBeside | null = null,
): WriteStatement {
  const changes = changesOf(draft);
  const inserts = beside === null ? INSERTS.alone : INSERTS.beside;
  const known = draft.previous === null && draft.lines.size === 0 ? inserts.get(draft.entity) : undefined;
  if (known !== undefined) {
    const row = { id: draft.id, action, version: Number(draft.values['version']), changes, options };
    const values = [...insertValues(draft), ...historyValues(context, draft.entity, row)];
    if (beside !== null) for (const { value } of beside.values) values.push(value);
    return { statement: namedStatement(context, known, values), changes, expectedLines: NO_LINES };
  }
  const parameters = new StatementParameters();
  const own = draft.previous === null ? insertParts(parameters, draft) : updateParts(parameters, draft);
  const lines = lineParts(parameters, draft);
  const history = historySql(parameters, context, draft.entity, {
    id: draft.id,
    action,
    version: Number(draft.values['version']),
    changes,
    options,
  });
  const ctes = [
    ...own.map((sql, index) => `own${index} AS (${sql})`),
    ...lines.map(({ name, sql }) => `${quoteName(name)} AS (${sql})`),
    `history AS (${history} RETURNING id)`,
    ...(beside === null ? [] : [`beside AS (${besideSql(parameters, beside)})`]),
  ];
  const expectedLines = new Map<string, { column: string; ids: string[]; lines: readonly LineDraft[] }>();
  let number = 0;
  const columns = ['(SELECT count(*)::integer FROM own0) AS written'];
  for (const [fieldName, drafts] of draft.lines) {
    number += 1;
    const changed = drafts.filter(isChangedLine);
    if (changed.length === 0) continue;
    const column = `lines${number}`;
    columns.push(`(SELECT array_agg(id) FROM ${quoteName(column)}) AS ${quoteName(column)}`);
    expectedLines.set(fieldName, {
      column,
      ids: changed.map((line) => String(line.values['id'])),
      lines: changed,
    });
  }
  const text = `WITH ${ctes.join(', ')} SELECT ${columns.join(', ')}`;
  if (draft.previous === null && draft.lines.size === 0) inserts.set(draft.entity, text);
  return { statement: namedStatement(context, text, parameters.values), changes, expectedLines };
}
