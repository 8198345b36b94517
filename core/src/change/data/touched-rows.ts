import type { EntityModel } from '../../model/model.ts';
import type { Transaction } from '../../store/database.ts';
import { quote } from '../../store/quote.ts';
import type { ChangeMark } from './data-work.ts';

/** Ids of rewritten records with their changes, for the length of one piece of work. */
export const TOUCHED = 'mortise_touched';

/** Makes the empty list of rewritten records. */
export async function openTouched(tx: Transaction): Promise<void> {
  await tx.query({
    text: `create temp table if not exists ${TOUCHED} (id uuid, changes jsonb) on commit drop`,
  });
  await tx.query({ text: `truncate ${TOUCHED}` });
}

/**
 * Gives the listed records of `entity` their next version and one history row each. Answers how many there are.
 * @param note why, as the history of the record shows it
 */
export async function writeHistory(
  tx: Transaction,
  entity: EntityModel,
  mark: ChangeMark,
  note: string,
): Promise<number> {
  const author = '$1::uuid';
  const sets = [
    [entity.fields.get('version')?.column?.name, '"version" + 1'],
    [entity.fields.get('updated_at')?.column?.name, 'now()'],
    [entity.fields.get('updated_by')?.column?.name, author],
  ].flatMap(([name, value]) => (name === undefined ? [] : [`${quote(name)} = ${value}`]));
  const values = [mark.author, entity.name, note, mark.changeSet];
  const [row] = await tx.query<{ n: number }>({
    text: `with bumped as (
        update ${quote(entity.table)} t set ${sets.join(', ')} from ${TOUCHED} c where t.id = c.id
        returning t.id, t.version, c.changes),
      written as (
        insert into mortise.history (id, entity, record_id, action, changes, "by", source, reason, version, change_set)
        select gen_random_uuid(), $2, id, 'update', changes, ${author}, 'rule', $3, version, $4::uuid from bumped
        returning 1)
      select count(*)::int as n from written`,
    values,
  });
  return row?.n ?? 0;
}
