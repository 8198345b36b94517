import { quoteName } from '../../access/quote-name.ts';
import type { Context } from '../../context/context.ts';
import { isUuid } from '../../fields/uuid.ts';
import type { EntityModel, FieldModel } from '../../model/model.ts';
import type { Row, Transaction } from '../../store/database.ts';
import { uuid7 } from '../../store/uuid7.ts';
import { keepWritten } from '../derived/keep-derived.ts';
import type { Values } from '../draft.ts';
import { guardVersion } from '../guard-version.ts';
import type { Changes } from '../history-row.ts';
import { decodeColumns, ownColumns } from '../load-record.ts';
import { QuerySource } from '../query-source.ts';
import type { WriteOptions } from '../records.ts';
import { sameValue } from '../same-value.ts';
import { StatementParameters } from '../statement-parameters.ts';
import { jsonColumnValue } from '../stored-columns.ts';
import type { WriteScope } from '../write-scope.ts';

/** Records that are locked, changed and told in one statement each. */
const PIECE = 1000;

/** Few fields of many records that get another value because of something else: a merge, a hand-over, their undoing. */
export interface Rewrite {
  readonly entity: EntityModel;
  /** The fields that may change; each has a column. */
  readonly fields: readonly FieldModel[];
  /** Which records: SQL over `source`. */
  readonly where: (source: QuerySource, bind: (value: unknown) => string) => string;
  /** The new values of some of `fields`; those left out stay. */
  readonly change: (record: Readonly<Values>) => Readonly<Values>;
}

/**
 * Changes records as a consequence of what somebody had the right to do: without the gate of the actor, checks or
 * hooks, but with version, history and derived fields as every write. Rows are locked in the order of their ids.
 * Formulas of a record over its own fields are not calculated anew: over the bare id of a reference there is nothing
 * to calculate, and those that read over it are derived.
 * @returns the ids of the changed records @throws MRT_MODEL_STALE, the database's error for a unique rule
 */
export async function rewriteRecords(
  scope: Pick<WriteScope, 'written'>,
  context: Context,
  tx: Transaction,
  rewrite: Rewrite,
  options: WriteOptions,
): Promise<readonly string[]> {
  await guardVersion(tx, context);
  const done: string[] = [];
  let after: string | null = null;
  for (;;) {
    const rows = await lockSome(context, tx, rewrite, after);
    const written = await writeSome(context, tx, rewrite, rows, options);
    done.push(...written);
    const { name } = rewrite.entity;
    tx.afterCommit(() => {
      for (const id of written) scope.written?.({ entity: name, id, action: 'update' }, context);
    });
    if (rows.length < PIECE) return done;
    after = String(rows.at(-1)!['id']);
  }
}

async function lockSome(
  context: Context,
  tx: Transaction,
  { entity, where }: Rewrite,
  after: string | null,
): Promise<readonly Row[]> {
  const parameters = new StatementParameters();
  const bind = (value: unknown): string => parameters.bind(value);
  const source = new QuerySource({ roles: context.access.compiled, parameters, nextAlias: 1 }, entity);
  const condition = where(source, bind);
  const columns = ownColumns(source).join(', ');
  const behind = after === null ? '' : ` AND ${source.alias}.id > ${bind(after)}::uuid`;
  return await tx.query<Row>({
    text: `SELECT ${columns} FROM ${source.from()} WHERE (${condition})${behind} ORDER BY ${source.alias}.id LIMIT ${PIECE} FOR UPDATE OF ${source.alias}`,
    values: parameters.values,
  });
}

interface Changed {
  readonly previous: Values;
  readonly values: Values;
  readonly changes: Changes;
}

async function writeSome(
  context: Context,
  tx: Transaction,
  { entity, fields, change }: Rewrite,
  rows: readonly Row[],
  options: WriteOptions,
): Promise<readonly string[]> {
  const changed = rows.flatMap((row): Changed[] => {
    const previous = decodeColumns(entity, row);
    const values = { ...previous, ...change(previous) };
    const changes: Changes = {};
    for (const { name } of fields)
      if (!sameValue(previous[name], values[name]))
        changes[name] = { old: previous[name] ?? null, new: values[name] ?? null };
    if (Object.keys(changes).length === 0) return [];
    values['version'] = Number(previous['version']) + 1;
    if (entity.fields.has('updated_at')) values['updated_at'] = context.now.toISOString();
    if (entity.fields.has('updated_by')) values['updated_by'] = actorId(context);
    return [{ previous, values, changes }];
  });
  if (changed.length === 0) return [];
  const kept = ['version', 'updated_at', 'updated_by'].flatMap((name) => entity.fields.get(name) ?? []);
  const byTable = Map.groupBy([...kept, ...fields], (field) => field.column!.table);
  for (const [table, own] of byTable) {
    const columns = new Map(own.map((field) => [field.column!.name, field]));
    const data = changed.map(({ values }) => ({
      id: values['id'],
      ...Object.fromEntries(
        [...columns].map(([column, field]) => [
          column,
          jsonColumnValue(field, field.column!, values[field.name]),
        ]),
      ),
    }));
    const names = [...columns.keys()].map(quoteName);
    const types = [...columns].map(([column, field]) => `${quoteName(column)} ${field.column!.type}`);
    const set = names.map((name) => `${name} = x.${name}`).join(', ');
    await tx.query({
      text: `UPDATE ${quoteName(table)} t SET ${set} FROM jsonb_to_recordset($1::jsonb) AS x(id uuid, ${types.join(', ')}) WHERE t.id = x.id`,
      values: [JSON.stringify(data)],
    });
  }
  await tellHistory(context, tx, entity, changed, options);
  for (const { previous, values } of changed) keepWritten(context, tx, entity, previous, values);
  return changed.map(({ values }) => String(values['id']));
}

async function tellHistory(
  context: Context,
  tx: Transaction,
  entity: EntityModel,
  changed: readonly Changed[],
  options: WriteOptions,
): Promise<void> {
  const rows = changed.map(({ values, changes }) => ({
    id: uuid7(),
    record_id: values['id'],
    changes,
    version: values['version'],
  }));
  await tx.query({
    text: `INSERT INTO mortise.history (id, entity, record_id, action, changes, "by", source, reason, version, operation)
      SELECT h.id, $2, h.record_id, 'update', h.changes, $3::uuid, $4, $5, h.version, $6::uuid
      FROM jsonb_to_recordset($1::jsonb) AS h(id uuid, record_id uuid, changes jsonb, version integer)`,
    values: [
      JSON.stringify(rows),
      entity.name,
      actorId(context),
      context.source,
      options.reason ?? null,
      options.operation ?? null,
    ],
  });
}

function actorId({ actor }: Context): string | null {
  return isUuid(actor.id) ? actor.id : null;
}
