import type { EntityModel, FieldModel } from '../../model/model.ts';
import type { Queryable, Row } from '../../store/database.ts';
import type { Values } from '../draft.ts';
import type { Changes } from '../history-row.ts';
import type { HistoryEntry } from '../records.ts';
import type { UndoneRecord } from './operations.ts';

/** How one record is brought back, as far as its later history allows. */
export interface UndoStep {
  readonly id: string;
  /** The version the record has now, as its history tells. */
  readonly version: number;
  readonly action: UndoneRecord['action'];
  /** Former values, for `change`. */
  readonly patch: Readonly<Values>;
  readonly kept: readonly string[];
}

/** A change of a record since the operation, its own ones among them. */
export interface HistoryOf extends Row {
  readonly id: string;
  readonly version: number;
  readonly action: HistoryEntry['action'];
  readonly changes: Changes;
  readonly own: boolean;
}

/** Changes of an operation, each with what happened to its record since. */
const HISTORY = `
  with own as (select record_id, min(version) as first from mortise.history where operation = $1::uuid and entity = $2 group by record_id)
  select h.record_id as id, h.version, h.action, h.changes, h.operation is not distinct from $1::uuid as own
  from own join mortise.history h on h.entity = $2 and h.record_id = own.record_id and h.version >= own.first
  order by h.record_id, h.version, h.at`;

/** Reads, in one statement, what an operation did to the records of an entity and what came after. */
export async function historyOf(
  db: Queryable,
  entity: EntityModel,
  operation: string,
): Promise<ReadonlyMap<string, readonly HistoryOf[]>> {
  const rows = await db.query<HistoryOf>({ text: HISTORY, values: [operation, entity.name] });
  const byRecord = new Map<string, HistoryOf[]>();
  for (const row of rows) {
    const own = byRecord.get(row.id);
    if (own) own.push(row);
    else byRecord.set(row.id, [row]);
  }
  return byRecord;
}

/** Plans how an operation is taken back. */
export async function planUndo(
  db: Queryable,
  entity: EntityModel,
  operation: string,
): Promise<readonly UndoStep[]> {
  const byRecord = await historyOf(db, entity, operation);
  return [...byRecord].map(([id, history]) => stepOf(entity, id, history));
}

function stepOf(entity: EntityModel, id: string, history: readonly HistoryOf[]): UndoStep {
  const own = history.filter((row) => row.own);
  const later = history.filter((row) => !row.own);
  const first = own[0]?.action;
  const nothing: UndoStep = {
    id,
    version: Math.max(...history.map(({ version }) => version)),
    action: null,
    patch: {},
    kept: [],
  };
  if (first === 'create') return later.length === 0 ? { ...nothing, action: 'remove' } : nothing;
  if (first === 'delete') return inState(later, ['restore']) ? nothing : { ...nothing, action: 'restore' };
  if (first === 'void')
    return inState(later, ['unvoid', 'delete']) ? nothing : { ...nothing, action: 'unvoid' };

  const changedLater = new Set(later.flatMap(({ changes }) => Object.keys(changes)));
  const before = new Map<string, unknown>();
  for (const { changes } of own)
    for (const [name, { old }] of Object.entries(changes)) if (!before.has(name)) before.set(name, old);
  const names = [...before.keys()].filter((name) => isWritable(entity.fields.get(name)));
  const free = names.filter((name) => !changedLater.has(name));
  const kept = names.filter((name) => changedLater.has(name));
  if (free.length === 0 || inState(later, ['delete'], ['restore'])) return { ...nothing, kept };
  const patch = Object.fromEntries(free.map((name) => [name, before.get(name) ?? null]));
  return { ...nothing, action: 'change', patch, kept };
}

/** Did one of these happen last, compared with what would take it back? */
function inState(
  later: readonly HistoryOf[],
  states: readonly HistoryEntry['action'][],
  back: readonly HistoryEntry['action'][] = [],
): boolean {
  const last = later.filter(({ action }) => states.includes(action) || back.includes(action)).at(-1);
  return last !== undefined && states.includes(last.action);
}

/** Can a person give the field a value? The platform keeps the others current by itself. */
function isWritable(field: FieldModel | undefined): boolean {
  return field !== undefined && !field.derived && !field.readOnly;
}
