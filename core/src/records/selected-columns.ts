import { createHash } from 'node:crypto';
import { asIs } from '../fields/as-is.ts';
import type { Row } from '../store/database.ts';
import { quoteName } from '../access/quote-name.ts';
import type { Context } from '../context/context.ts';
import type { Dictionaries } from '../store/dictionaries.ts';
import type { FieldModel } from '../model/model.ts';
import { conjunction, type Cell, type QuerySource } from './query-source.ts';
import { queryProblem } from './query-problem.ts';
import { targetEntity, typeOfField } from './type-of-field.ts';
import { labelOf } from './choice-labels.ts';

/** What a statement selects of a record. */
export interface Selection {
  readonly columns: readonly SelectedColumn[];
  /** The distinct conditions on which cells are readable, each asked once a row: its column and its SQL. */
  readonly flags: readonly { readonly alias: string; readonly sql: string }[];
  /** A record in which every member is null, of which each record is a copy. */
  readonly empty: Readonly<Record<string, null>>;
}

/** One member of an answered record. */
interface SelectedColumn {
  /** Name in the answer and of the column: `name`, `owner.name`, `owner$display`. */
  readonly name: string;
  readonly sql: string;
  /** Name inside of the statement, which PostgreSQL would cut at 63 bytes. */
  readonly alias: string;
  /** Null for texts that belong to no field. */
  readonly field: FieldModel | null;
  /** Makes the API's value of the driver's; null where they are the same. */
  readonly decode: ((value: unknown) => unknown) | null;
  /** Name of the member with the labels from the dictionaries; null when none is asked for. */
  readonly label: string | null;
  /** Column of the row that says whether the cell is readable; null when every row may show it. */
  readonly flag: string | null;
  /** The SQL itself hides what may not be read, since it shows something else then: a masked text. */
  readonly guarded: boolean;
}

/** Only what is asked for by its beginning has a first character to show. */
const isText = (field: FieldModel): boolean => typeOfField(field).type.operators.includes('startsWith');

/** The value of a cell, hidden where it may not be read; masked text keeps its first character. */
function cellSql(cell: Cell): string {
  if (cell.readable === 'true') return cell.expression;
  const masked =
    cell.masked !== null && isText(cell.field)
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

/** Collects conditions, one flag column for each distinct one. */
class Flags {
  readonly #byCondition = new Map<string, string>();

  /** The column for a condition; null for `true`. */
  of(condition: string): string | null {
    if (condition === 'true') return null;
    let flag = this.#byCondition.get(condition);
    if (!flag) this.#byCondition.set(condition, (flag = `$flag${this.#byCondition.size}`));
    return flag;
  }

  all(): Selection['flags'] {
    return [...this.#byCondition].map(([condition, alias]) => ({ alias, sql: `(${condition})` }));
  }
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
): Selection {
  const flags = new Flags();
  const columns = new Map<string, SelectedColumn>();
  for (const path of ['id', 'version', ...paths]) {
    if (columns.has(path) || !pathExists(source, path, at)) continue;
    const cell = source.cell(path, at);
    if (!cell.field.column) continue;
    const choice = cell.field.type === 'choice' || typeOfField(cell.field).type.codes !== undefined;
    const guarded = cell.masked !== null;
    columns.set(path, {
      name: path,
      sql: guarded ? cellSql(cell) : cell.expression,
      alias: aliasOf(path),
      field: cell.field,
      decode: decoderOf(cell.field),
      label: display && choice ? `${path}$display` : null,
      flag: flags.of(cell.readable),
      guarded,
    });
    if (!display || choice) continue;
    const shown = displayOfReference(source, cell);
    if (shown !== null) {
      const name = `${path}$display`;
      columns.set(name, {
        name,
        sql: shown,
        alias: aliasOf(name),
        field: null,
        decode: null,
        label: null,
        flag: flags.of(cell.readable),
        guarded: true,
      });
    }
  }
  const selected = [...columns.values()];
  const members = selected.flatMap(({ name, label }) => (label === null ? [name] : [name, label]));
  return {
    columns: selected,
    flags: flags.all(),
    empty: Object.fromEntries(members.map((member) => [member, null])),
  };
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
export function selectList({ columns, flags }: Selection): string {
  return [...columns, ...flags].map(({ sql, alias }) => `${sql} AS ${quoteName(alias)}`).join(', ');
}

/**
 * A row of the database as the API carries it. What may not be read never leaves this function: it becomes null.
 * @param leaveOut leaves the members out that may not be read and show nothing instead
 */
export function decodeRow(
  row: Row,
  { columns, flags, empty }: Selection,
  context: Context,
  dictionaries: Dictionaries,
  leaveOut = false,
): Record<string, unknown> {
  const whole = !leaveOut || flags.every((each) => row[each.alias] === true);
  const record: Record<string, unknown> = whole ? { ...empty } : {};
  for (const { name, alias, field, decode, label, flag, guarded } of columns) {
    const readable = flag === null || row[flag] === true;
    const raw = readable || guarded ? (row[alias] ?? null) : null;
    if (raw === null) {
      if (whole || !readable) continue;
      record[name] = null;
      if (label !== null) record[label] = null;
      continue;
    }
    const value = decode === null ? raw : decode(raw);
    record[name] = value;
    if (label !== null && field) record[label] = labelOf(field, value, context, dictionaries);
  }
  return record;
}

/** Looked up once a column, not once a cell; most types need nothing done. */
function decoderOf(field: FieldModel): SelectedColumn['decode'] {
  const { type, def } = typeOfField(field);
  return type.fromColumn === asIs ? null : (value) => type.fromColumn(value, def);
}
