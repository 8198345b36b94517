import type { Queryable, Row } from '../../store/database.ts';
import type { WorkflowDocument } from '../../model/workflow-document.ts';
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

/** Workflow → its running round. */
export type WorkflowLog = ReadonlyMap<string, RunningInstance>;

interface LogRow extends Row {
  readonly id: string;
  readonly workflow: string;
  readonly definition: string;
  readonly document: WorkflowDocument | null;
  readonly steps: readonly Step[] | null;
}

const LOG = `SELECT i.id, i.workflow, i.definition,
  CASE WHEN i.definition = ANY($3::text[]) THEN NULL ELSE d.document END AS document,
  (SELECT json_agg(json_build_object('transition', s.transition, 'region', s.region, 'by', s."by", 'vote', s.vote) ORDER BY s.version, s.id)
    FROM mortise.workflow_step s WHERE s.instance = i.id) AS steps
  FROM mortise.workflow_instance i JOIN mortise.workflow_definition d ON d.hash = i.definition
  WHERE i.entity = $1 AND i.record_id = $2::uuid AND i.closed_at IS NULL`;

/** Reads the running rounds of a record. @param known hashes of definitions that need not be sent */
export async function readLog(
  db: Queryable,
  entity: string,
  id: string,
  known: readonly string[],
): Promise<WorkflowLog> {
  const rows = await runPoint<LogRow>(db, 'prepare', { text: LOG, values: [entity, id, known] });
  return new Map(
    rows.map((row) => [
      row.workflow,
      {
        id: row.id,
        workflow: row.workflow,
        definition: row.definition,
        document: row.document,
        steps: row.steps ?? [],
      },
    ]),
  );
}
