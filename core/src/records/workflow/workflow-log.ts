import type { Queryable, Row } from '../../store/database.ts';
import type { Model } from '../../model/model.ts';
import type { WorkflowDocument } from '../../model/workflow-document.ts';
import { voidAssignmentSql } from '../../workflow/void-assignment.ts';
import type { Assignment } from '../../workflow/is-asked.ts';
import type { Step } from '../../workflow/judge-transition.ts';
import { runPoint } from '../write-points.ts';

/** The round of a workflow that is running on a record. */
export interface RunningInstance {
  readonly id: string;
  readonly workflow: string;
  /** Hash of the definition it keeps (ENG-12). */
  readonly definition: string;
  /** The definition, where it is not one of those known. */
  readonly document: WorkflowDocument | null;
  /** Oldest first. */
  readonly steps: readonly Step[];
}

/** By workflow: its running round, and what was passed on in it. */
export interface WorkflowLog {
  readonly rounds: ReadonlyMap<string, RunningInstance>;
  readonly assignments: ReadonlyMap<string, readonly Assignment[]>;
}

interface LogRow extends Row {
  /** Null in the row of what was passed on. */
  readonly id: string | null;
  readonly workflow: string;
  readonly definition: string;
  readonly document: WorkflowDocument | null;
  readonly steps: readonly Step[] | null;
  readonly assignments: readonly Assignment[] | null;
}

const logSql = (model: Model): string => `SELECT i.id, i.workflow, i.definition,
  CASE WHEN i.definition = ANY($3::text[]) THEN NULL ELSE d.document END AS document,
  (SELECT json_agg(json_build_object('transition', s.transition, 'region', s.region, 'by', s."by", 'behalf', s.behalf, 'vote', s.vote) ORDER BY s.version, s.id)
    FROM mortise.workflow_step s WHERE s.instance = i.id) AS steps, NULL::json AS assignments
  FROM mortise.workflow_instance i JOIN mortise.workflow_definition d ON d.hash = i.definition
  WHERE i.entity = $1 AND i.record_id = $2::uuid AND i.closed_at IS NULL
  UNION ALL SELECT NULL, a.workflow, NULL, NULL, NULL,
    json_agg(json_build_object('region', a.region, 'from', a.from_user, 'to', a.to_user, 'as', a."as", 'isVoid', ${voidAssignmentSql(model, 'a')}) ORDER BY a.id)
  FROM mortise.workflow_assignment a WHERE a.entity = $1 AND a.record_id = $2::uuid AND a.ended_at IS NULL
  GROUP BY a.workflow`;
const LOGS = new WeakMap<Model, string>();

/** Reads the running rounds of a record. @param known hashes of definitions that need not be sent */
export async function readLog(
  db: Queryable,
  model: Model,
  entity: string,
  id: string,
  known: readonly string[],
): Promise<WorkflowLog> {
  let text = LOGS.get(model);
  if (!text) LOGS.set(model, (text = logSql(model)));
  const rows = await runPoint<LogRow>(db, 'prepare', { text, values: [entity, id, known] });
  const rounds = new Map<string, RunningInstance>();
  const assignments = new Map<string, readonly Assignment[]>();
  for (const { id: round, workflow, definition, document, steps, assignments: given } of rows)
    if (round === null) assignments.set(workflow, given ?? []);
    else rounds.set(workflow, { id: round, workflow, definition, document, steps: steps ?? [] });
  return { rounds, assignments };
}
