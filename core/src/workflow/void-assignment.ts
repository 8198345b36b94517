import type { Model } from '../model/model.ts';
import { quote } from '../store/quote.ts';

/** SQL: is there an active user of this id? */
function isActiveSql(model: Model, id: string): string {
  const user = model.entities.get('user');
  if (!user) return 'true';
  const column = (name: string): string | undefined => user.fields.get(name)?.column?.name;
  const [status, deleted, isVoid] = [column('status'), column('deleted_at'), column('is_void')];
  return `EXISTS (SELECT 1 FROM ${quote(user.table)} u WHERE ${[
    `u.id = ${id}`,
    ...(status ? [`coalesce(u.${quote(status)}, 'active') = 'active'`] : []),
    ...(deleted ? [`u.${quote(deleted)} IS NULL`] : []),
    ...(isVoid ? [`u.${quote(isVoid)} IS NOT TRUE`] : []),
  ].join(' AND ')})`;
}

/**
 * SQL: was a step passed on to somebody who has left since, and who has not passed it on to somebody who is there? Then
 * it waits again for the one who gave it, or for whom the definition asks.
 * @param alias of the row of `mortise.workflow_assignment`
 */
export function voidAssignmentSql(model: Model, alias: string): string {
  return `(NOT ${isActiveSql(model, `${alias}.to_user`)} AND NOT EXISTS (SELECT 1 FROM mortise.workflow_assignment v
    WHERE v.entity = ${alias}.entity AND v.record_id = ${alias}.record_id AND v.workflow = ${alias}.workflow AND v.region = ${alias}.region
      AND v.ended_at IS NULL AND v.from_user = ${alias}.to_user AND v.id > ${alias}.id AND ${isActiveSql(model, 'v.to_user')}))`;
}
