import { createHash } from 'node:crypto';
import type { Row } from '../store/database.ts';
import { quoteName } from '../access/quote-name.ts';
import type { Context } from '../context/context.ts';
import type { Dictionaries } from '../store/dictionaries.ts';
import type { FieldModel } from '../model/model.ts';
import { conjunction, type Cell, type QuerySource } from './query-source.ts';
import { queryProblem } from './query-problem.ts';
import { targetEntity, typeOfField } from './type-of-field.ts';
import { labelOf } from './choice-labels.ts';

/** One member of an answered record. */
export interface SelectedColumn {
  /** Name in the answer and of the column: `name`, `owner.name`, `owner$display`. */
  readonly name: string;
  readonly sql: string;
  /** Null for texts that need no decoding. */
  readonly field: FieldModel | null;
  /** Adds `<name>$display` from the dictionaries when rows are decoded. */
  readonly labelled: boolean;
  /** Condition under which the cell is readable. */
  readonly readable: string;
}

const MASKABLE: ReadonlySet<string> = new Set(['text', 'longtext', 'email', 'phone', 'url', 'autonumber']);

/** The value of a cell, hidden where it may not be read; masked text keeps its first character. */
function cellSql(cell: Cell): string {
  if (cell.readable === 'true') return cell.expression;
  const masked =
    cell.masked !== null && MASKABLE.has(cell.field.type)
      ? ` WHEN ${cell.masked} THEN left(${cell.expression}::text, 1) || '***'`
      : '';
  return `CASE WHEN ${cell.readable} THEN ${cell.expression}${masked} END`;
}

/** Name of a record that a reference points to, through the gate of its own entity. */
function displayOfReference(source: QuerySource, cell: Cell): string | null {
  const target = source.scope.roles.model.entities.get(targetEntity(cell.field) ?? '');
  if (!target) return null;
  const field = target.fields.get(target.display);
  const rights = source.scope.roles.entity(target);
  if (!field?.column || rights.visible.length === 0 || rights.field(field).read.length === 0) return null;
  if (cell.field.type === 'reference') {
    const shown = source.cell(`${cell.path}.${target.display}`, '/fields');
    return `(${cellSql(shown)})::text`;
  }
  const inner = source.sub(target);
  const shown = inner.cell(target.display, '/fields');
  const where = conjunction([`${inner.alias}.id = ANY(${cell.expression})`, inner.visible()]);
  const names = `(SELECT array_agg((${cellSql(shown)})::text ORDER BY array_position(${cell.expression}, ${inner.alias}.id)) FROM ${inner.from()} WHERE ${where})`;
  return cell.readable === 'true' ? names : `CASE WHEN ${cell.readable} THEN ${names} END`;
}

/**
 * The columns for field paths. Fields that the actor can never read are left out without a word, unknown ones refused.
 * @param display adds the readable text of references and choices (`<field>$display`)
 */
export function selectColumns(
  source: QuerySource,
  paths: readonly string[],
  display: boolean,
  at = '/fields',
): SelectedColumn[] {
  const columns = new Map<string, SelectedColumn>();
  for (const path of ['id', 'version', ...paths]) {
    if (columns.has(path) || !pathExists(source, path, at)) continue;
    const cell = source.cell(path, at);
    if (!cell.field.column) continue;
    const choice = cell.field.type === 'choice';
    columns.set(path, {
      name: path,
      sql: cellSql(cell),
      field: cell.field,
      labelled: display && choice,
      readable: cell.readable,
    });
    if (!display || choice) continue;
    const shown = displayOfReference(source, cell);
    if (shown !== null) {
      const name = `${path}$display`;
      columns.set(name, { name, sql: shown, field: null, labelled: false, readable: cell.readable });
    }
  }
  return [...columns.values()];
}

/** Does the path exist in the model (else refused) and may the actor ever see it (else false)? */
function pathExists(source: QuerySource, path: string, at: string): boolean {
  let entity = source.entity;
  const segments = path.split('.');
  for (const [index, name] of segments.entries()) {
    const field = entity.fields.get(name);
    if (!field) throw queryProblem('MRT_QUERY_FIELD_UNKNOWN', { entity: entity.name, field: name }, at);
    const rights = source.scope.roles.entity(entity).field(field);
    if (rights.read.length + rights.masked.length === 0) return false;
    if (index === segments.length - 1) return true;
    const next = source.scope.roles.model.entities.get(targetEntity(field) ?? '');
    if (!next || field.type !== 'reference')
      throw queryProblem('MRT_QUERY_FIELD_UNKNOWN', { entity: entity.name, field: path }, at);
    if (source.scope.roles.entity(next).visible.length === 0) return false;
    entity = next;
  }
  return true;
}

/** PostgreSQL cuts longer names without a word; a path over several references may be longer. */
const LONGEST_ALIAS = 63;

/** The name of a column inside a statement. */
function aliasOf(name: string): string {
  return name.length <= LONGEST_ALIAS
    ? name
    : `~${createHash('sha256').update(name).digest('hex').slice(0, 40)}`;
}

/** `expression AS "name", …` */
export function selectList(columns: readonly SelectedColumn[]): string {
  return columns.map((column) => `${column.sql} AS ${quoteName(aliasOf(column.name))}`).join(', ');
}

/** A row of the database as the API carries it. */
export function decodeRow(
  row: Row,
  columns: readonly SelectedColumn[],
  context: Context,
  dictionaries: Dictionaries,
): Record<string, unknown> {
  const record: Record<string, unknown> = {};
  for (const column of columns) {
    const raw = row[aliasOf(column.name)] ?? null;
    if (raw === null || column.field === null) record[column.name] = raw;
    else {
      const { type, def } = typeOfField(column.field);
      record[column.name] = type.fromColumn(raw, def);
    }
    if (column.labelled && column.field) {
      record[`${column.name}$display`] = labelOf(column.field, record[column.name], context, dictionaries);
    }
  }
  return record;
}
