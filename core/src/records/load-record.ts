import { problem } from '../errors/catalogue.ts';
import { quoteName } from '../access/quote-name.ts';
import { scopeHolds, type ScopedRow } from '../access/scope-set.ts';
import type { Context } from '../context/context.ts';
import { isUuid } from '../fields/uuid.ts';
import type { RecordAction } from '../model/documents.ts';
import type { EntityModel, Model } from '../model/model.ts';
import type { Row, Transaction } from '../store/database.ts';
import { lineEntity, type Draft, type LineDraft, type Values } from './draft.ts';
import { denied } from './entity-of.ts';
import { jsonSafe } from './json-safe.ts';
import { loadGuarded } from './guard-version.ts';
import { namedStatement } from './named-statement.ts';
import { QuerySource, type QueryScope } from './query-source.ts';
import { scopeRowSql, sharesSql, upperRow, withShares, type UpperRow } from './scope-row.ts';
import { StatementParameters } from './statement-parameters.ts';
import { linesFields, storedColumns } from './stored-columns.ts';
import { typeOfField } from './type-of-field.ts';
import { writeFields } from './write-fields.ts';

/** A stored record, locked until the transaction ends, read without a gate: the caller applies it. */
export interface LoadedRecord {
  readonly values: Readonly<Values>;
  readonly lines: ReadonlyMap<string, readonly Readonly<Values>[]>;
  readonly up: UpperRow | null;
  /** The row as it came, with the further columns asked for. */
  readonly row: Row;
}

/** Every column of a row that was read by {@link ownColumns}, as the API carries it. */
export function decodeColumns(entity: EntityModel, row: Row): Values {
  const values: Values = { id: row['id'] };
  for (const field of writeFields(entity).stored) {
    const raw = row[field.name] ?? null;
    const { type, def } = typeOfField(field);
    values[field.name] = raw === null ? null : type.fromColumn(raw, def);
  }
  return values;
}

/** Every column of the record, ungated. */
export function ownColumns(source: QuerySource): string[] {
  const columns = writeFields(source.entity).stored;
  return [
    `${source.alias}.id`,
    ...columns.map((field) => `${source.rawColumn(field)} AS ${quoteName(field.name)}`),
  ];
}

function linesColumn(scope: QueryScope, entity: EntityModel, by: string, owner: string): string {
  const inner = new QuerySource(scope, entity, `s${scope.nextAlias++}`);
  const stored = storedColumns(entity);
  const list = stored.map(
    ({ field, column }) => `${jsonSafe(inner.rawColumn(field), column.type)} AS ${quoteName(field.name)}`,
  );
  const link = inner.rawColumn(entity.fields.get(by)!);
  const position = inner.rawColumn(entity.fields.get('position')!);
  return `(SELECT coalesce(json_agg(row_to_json(r)), '[]'::json) FROM (SELECT ${[`${inner.alias}.id`, ...list].join(', ')} FROM ${inner.from()} WHERE ${link} = ${owner} ORDER BY ${position}, ${inner.alias}.id) r)`;
}

/**
 * Locks and reads a record with its lines in one statement, behind the guard of the model's version.
 * @param also gives further columns, e.g. what references lead to
 * @returns null when there is no such row
 * @throws MRT_MODEL_STALE
 */
export async function loadRecord(
  tx: Transaction,
  context: Context,
  entity: EntityModel,
  id: string,
  also?: (scope: QueryScope) => readonly string[],
): Promise<LoadedRecord | null> {
  if (!isUuid(id)) return null;
  const parameters = new StatementParameters();
  const idSql = `${parameters.bind(id)}::uuid`;
  const scope: QueryScope = { roles: context.access.compiled, parameters, nextAlias: 1 };
  const added = also?.(scope) ?? [];
  const text = loadText(context, entity, scope, added, idSql);
  const row = (await loadGuarded(tx, context, namedStatement(context, text, parameters.values)))[0];
  if (!row) return null;
  const lines = new Map(
    linesFields(entity).map((field) => {
      const of = lineEntity(context.model.entities, field);
      return [
        field.name,
        ((row[`$lines:${field.name}`] as Row[] | null) ?? []).map((line) => decodeColumns(of, line)),
      ];
    }),
  );
  return {
    values: withShares(decodeColumns(entity, row), row['$shares']),
    lines,
    up: upperRow(context.model, entity, row['$up']),
    row,
  };
}

/** The text that loads a record without further columns: the same for every actor. */
const LOADS = new WeakMap<Model, Map<EntityModel, string>>();

function loadText(
  context: Context,
  entity: EntityModel,
  scope: QueryScope,
  added: readonly string[],
  idSql: string,
): string {
  let loads = LOADS.get(context.model);
  if (!loads) LOADS.set(context.model, (loads = new Map()));
  const known = added.length === 0 ? loads.get(entity) : undefined;
  if (known !== undefined) return known;
  const source = new QuerySource(scope, entity);
  const columns = ownColumns(source);
  for (const field of linesFields(entity)) {
    const of = lineEntity(context.model.entities, field);
    columns.push(
      `${linesColumn(scope, of, String(field.def['by']), `${source.alias}.id`)} AS ${quoteName(`$lines:${field.name}`)}`,
    );
  }
  if (entity.parent) {
    const up = scopeRowSql(context.model, entity, source.rawColumn(entity.fields.get(entity.parent.field)!));
    if (up !== null) columns.push(`${up} AS "$up"`);
  }
  const shares = sharesSql(entity, source.alias);
  if (shares !== null) columns.push(`${shares} AS "$shares"`);
  columns.push(...added);
  const text = `SELECT ${columns.join(', ')} FROM ${source.from()} WHERE ${source.alias}.id = ${idSql} FOR UPDATE OF ${source.alias}`;
  if (added.length === 0) loads.set(entity, text);
  return text;
}

/**
 * Is the loaded record within an action's scope? What may not even be seen is "not found", what may be seen and not
 * touched is denied. @throws MRT_RECORD_NOT_FOUND, MRT_ACCESS_DENIED
 */
export function gateLoaded(
  context: Context,
  entity: EntityModel,
  loaded: LoadedRecord | null,
  action: RecordAction,
): asserts loaded is LoadedRecord {
  if (!loaded) throw problem('MRT_RECORD_NOT_FOUND');
  const rights = context.access.compiled.entity(entity);
  const row: ScopedRow = loaded.values;
  const holds = (set: Parameters<typeof scopeHolds>[0]) =>
    scopeHolds(set, row, context.access.parameters, loaded.up ?? undefined);
  const isDeleted = (loaded.values['deleted_at'] ?? null) !== null;
  const inBin = isDeleted && !holds(rights.rows('delete')) && !holds(rights.rows('restore'));
  if (!holds(rights.visible) || inBin) throw problem('MRT_RECORD_NOT_FOUND');
  if (!holds(rights.rows(action))) throw denied(context, entity, action);
}

/** A draft that changes nothing yet. */
export function draftOf(
  context: Context,
  entity: EntityModel,
  loaded: LoadedRecord,
  sent: ReadonlySet<string> = new Set(),
): Draft {
  const lineTables = new Map(
    linesFields(entity).map((field) => [field.name, lineEntity(context.model.entities, field).table]),
  );
  return {
    entity,
    id: String(loaded.values['id']),
    values: { ...loaded.values },
    previous: loaded.values,
    sent,
    lines: new Map<string, readonly LineDraft[]>(),
    previousLines: loaded.lines,
    lineTables,
    up: loaded.up,
  };
}

/** Sets what every write sets: the next version, when and by whom. */
export function touch(context: Context, draft: Draft): void {
  const { values, entity } = draft;
  const now = context.now.toISOString();
  values['version'] = Number(draft.previous?.['version'] ?? 0) + 1;
  if (entity.fields.has('updated_at')) values['updated_at'] = now;
  if (entity.fields.has('last_modified_on')) values['last_modified_on'] = now;
  if (entity.fields.has('updated_by'))
    values['updated_by'] = isUuid(context.actor.id) ? context.actor.id : null;
}
