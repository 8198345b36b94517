import { setTimeout } from 'node:timers/promises';
import { problem } from '../../errors/catalogue.ts';
import { Problem } from '../../errors/problem.ts';
import type { Context } from '../../context/context.ts';
import type { EntityModel, FieldModel } from '../../model/model.ts';
import type { Row, Transaction } from '../../store/database.ts';
import { isSqlError, SQL_STATE } from '../../store/sql-error.ts';
import { localise } from '../../text/locale.ts';
import type { Values } from '../draft.ts';
import { QuerySource } from '../query-source.ts';
import type { WriteOptions } from '../records.ts';
import { leadsTo, referringFields, type ReferringField } from '../rewrite/referring-fields.ts';
import { rewriteRecords } from '../rewrite/rewrite-records.ts';
import { notDeleted } from '../row-state.ts';
import { StatementParameters } from '../statement-parameters.ts';
import { namedStatement } from '../named-statement.ts';
import { writeProblem } from '../write-errors.ts';
import type { WriteScope } from '../write-scope.ts';
import type { MovedReferences } from './merge.ts';

/** How many live records refer to one of the losers, by field, as far as the actor may know of them. */
export async function countAttached(
  context: Context,
  tx: Transaction,
  entity: EntityModel,
  losers: readonly string[],
  survivor: string,
): Promise<readonly MovedReferences[]> {
  const referring = referringFields(context.model, entity);
  if (referring.length === 0) return [];
  const parameters = new StatementParameters();
  const scope = { roles: context.access.compiled, parameters, nextAlias: 1 };
  const ids = `${parameters.bind(losers)}::uuid[]`;
  const merged = `${parameters.bind([...losers, survivor])}::uuid[]`;
  const parts = referring.map(({ by, field }, index) => {
    const source = new QuerySource(scope, by, `r${index}`);
    const match = leadsTo(field, source.rawColumn(field), ids);
    const others = by.name === entity.name ? ` AND ${source.alias}.id <> ALL(${merged})` : '';
    const visible = source.visible();
    const live = notDeleted(source);
    return `SELECT ${index} AS part, count(*)::integer AS known FROM ${source.from()} WHERE ${match}${others} AND ${live} AND ${visible}`;
  });
  const rows = await tx.query<{ part: number; known: number } & Row>(
    namedStatement(context, parts.join(' UNION ALL '), parameters.values),
  );
  return rows
    .filter(({ known }) => known > 0)
    .sort((a, b) => a.part - b.part)
    .map(({ part, known }) => {
      const { by, field } = referring[part]!;
      return { entity: by.name, field: field.name, records: known };
    });
}

/**
 * Whatever refers to a loser refers to the survivor from now on, what lies in the recycle bin included: it may be
 * restored. @returns how many records were changed @throws MRT_MERGE_COLLIDES
 */
export async function moveAttached(
  scope: WriteScope,
  context: Context,
  tx: Transaction,
  entity: EntityModel,
  survivor: string,
  losers: readonly string[],
  options: WriteOptions,
): Promise<number> {
  const byEntity = Map.groupBy(referringFields(context.model, entity), ({ by }) => by);
  const gone = new Set<unknown>(losers);
  let moved = 0;
  for (const [by, referring] of byEntity) {
    const fields = referring.map(({ field }) => field);
    try {
      const ids = await rewriteRecords(
        scope,
        context,
        tx,
        {
          entity: by,
          fields,
          where: (source, bind) => whereLeading(entity, referring, source, bind, losers, survivor),
          change: (record) => movedValues(fields, record, gone, survivor),
        },
        options,
      );
      moved += ids.length;
    } catch (error) {
      throw collision(error, context, tx, by);
    }
  }
  return moved;
}

function whereLeading(
  entity: EntityModel,
  referring: readonly ReferringField[],
  source: QuerySource,
  bind: (value: unknown) => string,
  losers: readonly string[],
  survivor: string,
): string {
  const ids = `${bind(losers)}::uuid[]`;
  const leads = referring.map(({ field }) => leadsTo(field, source.rawColumn(field), ids)).join(' OR ');
  // The merged records themselves: the losers stay as they were, the survivor is written with what was chosen.
  const others =
    source.entity.name === entity.name
      ? ` AND ${source.alias}.id <> ALL(${bind([...losers, survivor])}::uuid[])`
      : '';
  return `(${leads})${others}`;
}

function movedValues(
  fields: readonly FieldModel[],
  record: Readonly<Values>,
  gone: ReadonlySet<unknown>,
  survivor: string,
): Values {
  const values: Values = {};
  for (const { name } of fields) {
    const value = record[name];
    if (Array.isArray(value))
      values[name] = [...new Set(value.map((id) => (gone.has(id) ? survivor : (id as unknown))))];
    else if (gone.has(value)) values[name] = survivor;
  }
  return values;
}

/** Two attached records that are unique by what becomes one, e.g. both took part in one fair. */
function collision(error: unknown, context: Context, tx: Transaction, by: EntityModel): unknown {
  const refused = writeProblem(error, context, by, tx);
  if (!isSqlError(error, SQL_STATE.unique) || !(refused instanceof Problem)) return refused;
  const fields = refused.faults.map(({ path }) => by.fields.get(path.slice(1))?.label ?? null);
  return problem(
    'MRT_MERGE_COLLIDES',
    {
      entity: localise(by.label, context.locale),
      fields: fields.map((label) => (label ? localise(label, context.locale) : '')).join(', '),
    },
    [],
    { entity: by.name },
  );
}

/** How often a moment without writers is looked for, and how long is left to them in between. */
const TRIES = 10;
const PAUSE_MS = 50;

/** What `mortise.lock_model` takes, but without a place in the queue: behind that, all other writers would wait too. */
const TRY_LOCK = 'select pg_try_advisory_xact_lock(73016, 1) as alone';

/**
 * A writer who had looked at a loser before it left may have committed a reference to it since. Under the lock that
 * keeps all writers out, there are no more of them: what they wrote moves too. When writers leave no gap, what is left
 * behind still leads to the survivor, since a loser does.
 */
export async function settleAttached(
  scope: WriteScope,
  context: Context,
  entity: EntityModel,
  survivor: string,
  losers: readonly string[],
  options: WriteOptions,
): Promise<void> {
  // The embedded engine has one connection: nobody was under way.
  if (scope.db.engine === 'pglite') return;
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    if (attempt > 0) await setTimeout(PAUSE_MS);
    try {
      const isDone = await scope.db.transaction(async (tx) => {
        const [lock] = await tx.query<{ alone: boolean }>({ text: TRY_LOCK });
        if (lock?.alone !== true) return false;
        await tx.query({ text: `set local lock_timeout = '1s'` });
        await moveAttached(scope, context, tx, entity, survivor, losers, options);
        return true;
      });
      if (isDone) return;
    } catch (error) {
      // The merge has been committed: a model that changed since, or a collision, is no failure of it.
      if (error instanceof Problem && error.code !== 'MRT_UNAVAILABLE') return;
      if (isSqlError(error, SQL_STATE.lockTimeout)) return;
      if (!isSqlError(error, SQL_STATE.deadlock)) throw error;
    }
  }
}
