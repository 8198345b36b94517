import { quoteName } from '../../access/quote-name.ts';
import type { Context } from '../../context/context.ts';
import { isUuid } from '../../fields/uuid.ts';
import type { Queryable, Row, Transaction } from '../../store/database.ts';
import type { WriteOptions } from '../records.ts';
import type { Operation, OperationKind } from './operations.ts';

/** Sees, and may undo, also what others did. */
const ALL = 'audit.read';

/** An operation to be kept; `options.operation` is its id. */
interface OperationRow {
  readonly kind: OperationKind;
  readonly entity: string;
  readonly records: number;
  readonly options: WriteOptions;
}

/** Keeps an operation, or counts further records of one that is written row by row. */
export async function logOperation(tx: Transaction, context: Context, row: OperationRow): Promise<void> {
  await tx.query({
    text: `insert into mortise.operation as o (id, kind, entity, "by", source, reason, records)
      values ($1::uuid, $2, $3, $4::uuid, $5, $6, $7::integer)
      on conflict (id) do update set records = o.records + excluded.records`,
    values: [
      row.options.operation,
      row.kind,
      row.entity,
      actorId(context),
      context.source,
      row.options.reason ?? null,
      row.records,
    ],
  });
}

/** The actor as operations know him; null for the platform itself. */
function actorId({ actor }: Context): string | null {
  return isUuid(actor.id) ? actor.id : null;
}

interface StoredOperation extends Row, Omit<Operation, 'mayUndo'> {}

/** @see Operations.list */
export async function listOperations(
  db: Queryable,
  context: Context,
  { all = false, id }: { readonly all?: boolean; readonly id?: string },
): Promise<readonly Operation[]> {
  const everybody = context.access.mayUse(ALL);
  const user = context.model.entities.get('user');
  const display = user?.fields.get(user.display)?.column?.name;
  const byName =
    user && display
      ? `(select u.${quoteName(display)}::text from ${quoteName(user.table)} u where u.id = o."by")`
      : 'null';
  const rows = await db.query<StoredOperation>({
    text: `select o.id, o.kind, o.entity, o."by", coalesce(${byName}, '') as "byName", o.at, o.source, o.reason, o.records,
        o.undone_by as "undoneBy"
      from mortise.operation o
      where ($1::boolean or o."by" = $2::uuid) and ($3::uuid is null or o.id = $3::uuid) and o.entity = any($4::text[])
      order by o.at desc, o.id desc limit 200`,
    values: [everybody && (all || id !== undefined), actorId(context), id ?? null, knownEntities(context)],
  });
  return rows.map((row) => ({ ...row, mayUndo: row.kind !== 'undo' && row.undoneBy === null }));
}

function knownEntities({ model, access }: Context): readonly string[] {
  return [...model.entities.values()]
    .filter((entity) => access.entity(entity).may('query') || access.entity(entity).may('read'))
    .map(({ name }) => name);
}
