import type { EntityModel, FieldModel } from '../../model/model.ts';
import type { Transaction } from '../../store/database.ts';
import { failpoint } from '../../store/failpoint.ts';
import { quote } from '../../store/quote.ts';
import type { ChangeMark } from './data-work.ts';
import { openTouched, TOUCHED, writeHistory } from './touched-rows.ts';

const reached = failpoint('change.values-rewritten');

/** A new value for a column of the records that fulfil a condition. `t` is the field's table in both, `m` the entity's. */
export interface Rewriting {
  readonly entity: EntityModel;
  readonly field: FieldModel;
  /** SQL of the new value. */
  readonly value: string;
  /** SQL condition. */
  readonly where: string;
  /** Parameters of both, from `$1` on. */
  readonly values: readonly unknown[];
  /** Why, as the history of the records shows it. */
  readonly note: string;
}

/** Rewrites a column set by set, each record with its history row. Answers how many records there were. */
export async function rewriteColumn(
  tx: Transaction,
  rewriting: Rewriting,
  mark: ChangeMark,
): Promise<number> {
  const { entity, field, value, where, values, note } = rewriting;
  const { table, name } = field.column!;
  const column = `t.${quote(name)}`;
  const change = `jsonb_build_object($${values.length + 1}::text, jsonb_build_object('old', to_jsonb(${column}), 'new', to_jsonb(${value})))`;
  await openTouched(tx);
  await tx.query({
    text: `insert into ${TOUCHED} (id, changes) select m.id, ${change} from ${recordsWith(entity, table)} where ${where}`,
    values: [...values, field.name],
  });
  // What was written down is what is set: the value is not computed a second time.
  const written = `(jsonb_populate_record(null::${quote(table)},
        jsonb_build_object($1::text, c.changes -> $2::text -> 'new'))).${quote(name)}`;
  await tx.query({
    text:
      table === entity.table
        ? `update ${quote(table)} t set ${quote(name)} = ${written} from ${TOUCHED} c where t.id = c.id`
        : `insert into ${quote(table)} (id, ${quote(name)}) select c.id, ${written} from ${TOUCHED} c
            on conflict (id) do update set ${quote(name)} = excluded.${quote(name)}`,
    values: [name, field.name],
  });
  const rows = await writeHistory(tx, entity, mark, note);
  reached();
  return rows;
}

/** SQL: all records of an entity (`m`) with their rows of one of its tables (`t`). A later part has none for older records. */
export function recordsWith(entity: EntityModel, table: string): string {
  return `${quote(entity.table)} m left join ${quote(table)} t on t.id = m.id`;
}

/** Takes back what a change set has rewritten in one field, where it has not been changed since. */
export async function restoreColumn(
  tx: Transaction,
  entity: EntityModel,
  field: FieldModel,
  of: { readonly changeSet: string; readonly name: string },
  mark: ChangeMark,
): Promise<number> {
  const { table, name } = field.column!;
  const stored = (which: string): string =>
    `(jsonb_populate_record(null::${quote(table)}, jsonb_build_object($1::text, h.changes -> $2::text -> '${which}'))).${quote(name)}`;
  await openTouched(tx);
  await tx.query({
    text: `insert into ${TOUCHED} (id, changes)
      select t.id, jsonb_build_object($5::text, jsonb_build_object('old', to_jsonb(t.${quote(name)}), 'new', h.changes -> $2::text -> 'old'))
      from mortise.history h join ${quote(table)} t on t.id = h.record_id
      where h.change_set = $3::uuid and h.entity = $4 and h.changes ? $2::text and t.${quote(name)} is not distinct from ${stored('new')}`,
    values: [name, of.name, of.changeSet, entity.name, field.name],
  });
  await tx.query({
    text: `update ${quote(table)} t set ${quote(name)} = (jsonb_populate_record(null::${quote(table)},
        jsonb_build_object($1::text, c.changes -> $2::text -> 'new'))).${quote(name)}
      from ${TOUCHED} c where t.id = c.id`,
    values: [name, field.name],
  });
  return await writeHistory(tx, entity, mark, '变更已撤销 / The change was taken back');
}
