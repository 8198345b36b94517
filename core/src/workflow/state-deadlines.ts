import type { Model } from '../model/model.ts';
import type { DeadlineDocument, StateDocument } from '../model/workflow-document.ts';
import type { Statement } from '../store/database.ts';
import { afterWorkingTime } from './working-time.ts';

const DAY_MS = 86_400_000;

/** What the due time of a deadline depends on besides its document. */
export interface Clock {
  readonly now: Date;
  readonly model: Model;
  /** In which days and working hours are counted. */
  readonly timeZone: string;
}

/** Records that enter a state of a workflow's region. */
export interface Entering {
  readonly entity: string;
  readonly ids: readonly string[];
  readonly workflow: string;
  readonly region: string;
  /** Field that holds the state. */
  readonly field: string;
  readonly state: string;
}

const INSERT = `INSERT INTO mortise.timer
    (id, due_at, entity, record_id, workflow, region, field, state, deadline, document, created_at)
  SELECT gen_random_uuid(), x.due_at, $1, r.id, $3, $4, $5, $6, x.deadline, x.document, $7::timestamptz
  FROM unnest($2::uuid[]) AS r(id), json_to_recordset($8::json) AS x(due_at timestamptz, deadline text, document json)`;

/** When a deadline is due for a record that enters its state now. @throws RangeError for a calendar without work */
function dueAfter({ after }: DeadlineDocument, { now, model, timeZone }: Clock): Date {
  const minutes = (after.hours ?? 0) * 60 + (after.minutes ?? 0);
  if (after.working === true)
    return afterWorkingTime(model.settings.businessHours, now, { days: after.days ?? 0, minutes }, timeZone);
  return new Date(now.getTime() + (after.days ?? 0) * DAY_MS + minutes * 60_000);
}

/** The statement that begins the deadlines of a state; null where it has none. */
export function startDeadlines(
  clock: Clock,
  document: StateDocument | undefined,
  { entity, ids, workflow, region, field, state }: Entering,
): Statement | null {
  const timers = Object.entries(document?.deadlines ?? {}).map(([deadline, each]) => ({
    due_at: dueAfter(each, clock).toISOString(),
    deadline,
    document: each,
  }));
  if (timers.length === 0 || ids.length === 0) return null;
  const now = clock.now.toISOString();
  return {
    text: INSERT,
    values: [entity, ids, workflow, region, field, state, now, JSON.stringify(timers)],
  };
}
