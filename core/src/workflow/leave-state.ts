/** SQL of the records that leave a state of a workflow's region: each an expression. */
export interface LeavingSql {
  readonly entity: string;
  /** Their ids, as `uuid[]`. */
  readonly records: string;
  readonly workflow: string;
  readonly region: string;
}

/**
 * What ends when records leave a state, whatever moves them — a step, a change of the workflow, its undoing: what was
 * passed on in it is over and its deadlines are off. Two parts of a WITH clause; `when` says whether they leave it.
 */
export function leaveStateSql({ entity, records, workflow, region }: LeavingSql, when = 'true'): string {
  const theirs = `entity = ${entity} AND record_id = ANY(${records}) AND workflow = ${workflow} AND region = ${region} AND ${when}`;
  return `passed AS (
    UPDATE mortise.workflow_assignment SET ended_at = now() WHERE ${theirs} AND ended_at IS NULL
  ), unset AS (
    DELETE FROM mortise.timer WHERE ${theirs}
  )`;
}
