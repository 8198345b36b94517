import { setImmediate } from 'node:timers/promises';
import { companionNames } from '../model/money-companions.ts';
import { problem } from '../errors/catalogue.ts';
import type { Fault } from '../errors/problem.ts';
import type { DataChange, PlanOperation, Risk, RowReport } from '../http/contract.ts';
import type { FieldDocument } from '../model/documents.ts';
import type { EffectiveDocument, Model } from '../model/model.ts';
import type { Database, Queryable } from '../store/database.ts';
import type { Dictionaries } from '../store/dictionaries.ts';
import { planTables, type Laid, type TablePlan, type TableStatement } from '../store/table-plan.ts';
import { afterValues } from './data/after-values.ts';
import type { DataWork } from './data/data-work.ts';
import { planData } from './data/plan-data.ts';
import { undoData, type RewrittenData } from './data/undo-data.ts';
import type { LocaleText } from '../text/locale.ts';
import { compose } from './compose.ts';
import { documentText, sentence } from './change-text.ts';
import { describeDocuments, type DocumentDifference } from './describe-documents.ts';
import { describeValue } from './describe-values.ts';
import { codeMentions } from './code-mentions.ts';
import type { ValueChange } from './dictionary-rows.ts';
import type { FileLayers } from './plugin-layers.ts';
import type { Overlays } from './stored-state.ts';
import { countRows, MANY_ROWS } from './count-rows.ts';
import type { OnlineStepKind } from './online-steps/online-step.ts';
import { isConcurrent } from './online-steps/index-step.ts';
import { nextModel, type NextModel } from './next-model.ts';
import { renameRows } from './rename-entity/rename-rows.ts';
import type { Renamed } from './rename-entity/renamed-snapshot.ts';
import { stateFaults } from './state-values.ts';
import { usedValues } from './value-usage.ts';

/** What a node knows of the current model and of all it was made from. */
export interface Snapshot {
  readonly version: number;
  readonly dictionaryRevision: number;
  readonly laid: Laid;
  readonly overlays: Overlays;
  readonly plugins: ReadonlyMap<string, boolean>;
  readonly model: Model;
  /** Effective documents of the file layers alone. */
  readonly lower: ReadonlyMap<string, EffectiveDocument>;
}

/** What should be after the change. */
export interface Target {
  readonly overlays: Overlays;
  readonly plugins: ReadonlyMap<string, boolean>;
  readonly values: readonly ValueChange[];
  /** Entities that get another name: the target is told in the new names, and compared with the state under them. */
  readonly renamed?: Renamed;
  /** What becomes of stored values. */
  readonly data?: readonly DataChange[];
  /** Change sets whose rewriting of records is taken back, the newest first. */
  readonly undo?: readonly RewrittenData[];
}

/** A change that was found possible, with all it will do. Nothing has been done yet. */
export interface Prepared {
  readonly target: Target;
  /** The model that the next one is compared with: the current one, under the new names of entities. */
  readonly before: Model;
  /**
   * The next model; null when only dictionary values change. Rewriting records makes a version too: who has read a value
   * before it and writes it after it is stale, and is told so by the guard.
   */
  readonly next: NextModel | null;
  readonly operations: readonly PlanOperation[];
  readonly sql: readonly string[];
  /** What people should look at beside it. */
  readonly warnings: readonly LocaleText[];
  /** Done in the transaction, after the tables have changed. */
  readonly works: readonly DataWork[];
  /** Why it cannot be applied as it is; the plan shows it with the records in the way. */
  readonly faults: readonly Fault[];
  /** What must still hold when the lock is held: nobody can write any more then. @throws MRT_PLAN_REFUSED */
  recheck(tx: Queryable): Promise<void>;
}

const ORDER: readonly Risk[] = ['none', 'locks', 'rewrites', 'hides-data', 'loses-data'];

/** The graver of two risks. */
function graver(a: Risk, b: Risk): Risk {
  return ORDER.indexOf(a) >= ORDER.indexOf(b) ? a : b;
}

/** What the preparation of a change may ask. */
export interface ChangeGround {
  readonly db: Database;
  readonly layers: FileLayers;
  readonly kinds: readonly OnlineStepKind[];
  readonly dictionaries: Dictionaries;
}

/**
 * Compiles the target, plans the tables and the stored values, and says in words what will happen.
 * @throws MRT_DOCUMENT_INVALID for faulty documents, MRT_PLAN_REFUSED for what tables do not allow
 */
export async function prepareChange(ground: ChangeGround, live: Snapshot, target: Target): Promise<Prepared> {
  const { db, layers, kinds, dictionaries } = ground;
  const current = target.renamed?.snapshot ?? live;
  const sent = target.data ?? [];
  const undone = target.undo ?? [];
  const rewrites = undone.length > 0 || sent.some(({ type }) => type !== 'convert');
  const keepsVersion = sameDocuments(live, target) && !rewrites;
  const composed = keepsVersion
    ? null
    : compose(layers, target.overlays, target.plugins, current.version + 1, current.laid.allocation, {
        previous: (key) => fieldAt(current.model, key),
      });
  // Of a large model each of the two takes as long as requests may wait.
  await setImmediate();
  const after = composed ?? { model: current.model, allocation: current.laid.allocation };
  const valuesAfter = afterValues(dictionaries, target.values);
  const data = await planData(db, current, after, valuesAfter, sent);
  const renames = target.renamed ? await renameRows(db, after.model, target.renamed.renames) : [];
  const works = [...renames, ...data.works];
  for (const each of undone) works.push(await undoData(db, after.model, each));
  const tables = composed
    ? await planTables(current.laid, { model: composed.model, allocation: data.allocation })
    : null;
  const doubled: PlanOperation[] = [];
  const refused: Fault[] = [];
  for (const check of tables?.checks ?? []) {
    const report = await doubledReport(db, after.model, check);
    if (!report) continue;
    const fault = check.fault(report.count);
    refused.push(fault);
    doubled.push({
      operation: 'field.doubled',
      text: fault.message,
      risk: 'none',
      sql: [],
      rows: report.count,
      report,
    });
  }
  const hard = [
    ...(tables?.faults ?? []),
    ...works.flatMap(({ faults }) => faults),
    ...stateFaults(after.model, valuesAfter),
    ...(await usedValues(db, after.model, target.values, sent)),
  ];
  if (hard.length > 0) throw problem('MRT_PLAN_REFUSED', {}, hard);
  for (const { operation } of works)
    if (operation.report?.blocks === true) refused.push(reportFault(operation));
  const rewritten = new Set(
    works.flatMap(({ touches, carries = [] }) =>
      [...touches, ...carries].map(({ entity, field }) => `${entity}.${field}`),
    ),
  );
  const next =
    composed && tables ? await nextModel(db, kinds, current.model, composed, tables, rewritten) : null;
  const documents = next ? await documentOperations(db, current, next) : [];
  const values = target.values.map((change) =>
    describeValue(change, dictionaryText(after.model, change.dictionary)),
  );
  return {
    target,
    before: current.model,
    next,
    operations: [...documents, ...values, ...works.map(({ operation }) => operation), ...doubled],
    sql: [
      ...(next ? [...next.tables.statements, ...next.later] : []).map(({ sql }) => sql),
      ...works.flatMap(({ operation }) => operation.sql),
    ],
    warnings: codeMentions(after.model, target.values),
    works,
    faults: refused,
    async recheck(tx) {
      const late = await usedValues(tx, after.model, target.values, sent);
      for (const check of tables?.checks ?? []) {
        const [found] = await tx.query<{ n: number }>({ text: check.sql });
        if (found && found.n > 0) late.push(check.fault(found.n));
      }
      if (late.length > 0) throw problem('MRT_PLAN_REFUSED', {}, late);
    },
  };
}

function fieldAt(model: Model, key: string): FieldDocument | undefined {
  const [entity = '', field = ''] = key.split('.');
  const found = model.entities.get(entity);
  return (found?.fields.get(field) ?? found?.retiredFields.get(field))?.def;
}

async function doubledReport(
  db: Database,
  model: Model,
  check: TablePlan['checks'][number],
): Promise<RowReport | null> {
  const [found] = await db.query<{ n: number }>({ text: check.sql });
  if (!found || found.n === 0) return null;
  const rows = await db.query<{ id: string }>({ text: check.rows });
  const entity = model.entities.get(check.entity);
  const field = [...(entity?.fields.values() ?? [])].find(({ column }) => column?.name === check.column);
  return {
    reason: 'doubled',
    entity: check.entity,
    field: field?.name ?? check.column,
    count: found.n,
    rows,
    blocks: true,
    ways: [],
  };
}

function reportFault({ report, text }: PlanOperation): Fault {
  const path = `entity/${report?.entity ?? ''}#/properties/${report?.field ?? ''}/field`;
  return { path, code: 'MRT_PLAN_RETYPE', message: text };
}

function dictionaryText(model: Model, name: string): ReturnType<typeof sentence> {
  const document = model.dictionaries.get(name);
  return document ? documentText(document) : sentence(name, name);
}

function sameDocuments(current: Snapshot, target: Target): boolean {
  const sameOverlays = (one: Overlays, other: Overlays): boolean =>
    one.size === other.size &&
    [...one].every(([key, overlay]) => {
      const now = other.get(key);
      return now === overlay || (now !== undefined && JSON.stringify(now) === JSON.stringify(overlay));
    });
  const switches = (plugins: ReadonlyMap<string, boolean>): string =>
    JSON.stringify([...plugins].sort(([a], [b]) => (a < b ? -1 : 1)));
  return (
    sameOverlays(current.overlays, target.overlays) && switches(current.plugins) === switches(target.plugins)
  );
}

async function documentOperations(
  db: Database,
  current: Snapshot,
  { composed, tables, later }: NextModel,
): Promise<PlanOperation[]> {
  const next = composed.model;
  const everything = [...tables.statements, ...later];
  const differences = describeDocuments(current.model.documents, next.documents);
  const known = new Set(Object.values(current.laid.allocation).map((place) => place.table));
  const touched = new Set(everything.map(({ table }) => table));
  for (const { entity } of differences) {
    const table = entity === undefined ? undefined : current.model.entities.get(entity)?.table;
    if (table !== undefined) touched.add(table);
  }
  const rows = await countRows(
    db,
    [...touched].filter((table) => known.has(table)),
  );
  const placed = new Set<TableStatement>();
  const operations = differences.map((difference): PlanOperation => {
    const statements = everything.filter((statement) => belongs(statement, difference, next));
    for (const statement of statements) placed.add(statement);
    const table =
      difference.entity === undefined
        ? undefined
        : (next.entities.get(difference.entity) ?? current.model.entities.get(difference.entity))?.table;
    return {
      operation: difference.operation,
      text: difference.text,
      risk: statements.map((statement) => riskOf(statement, rows)).reduce(graver, difference.risk),
      sql: statements.map(({ sql }) => sql),
      rows: table === undefined ? null : (rows.get(table) ?? null),
    };
  });
  // What follows from another document, e.g. an index that a view's filter asks for.
  for (const statement of everything) {
    if (placed.has(statement)) continue;
    const place = `${statement.table} (${statement.columns.slice(0, 4).join(', ')})`;
    operations.push({
      operation: statement.kind,
      text:
        statement.kind === 'index.drop'
          ? sentence(`索引 移除:${place}`, `Index on ${place} removed`)
          : sentence(`数据表 调整:${place}`, `Table adjusted: ${place}`),
      risk: riskOf(statement, rows),
      sql: [statement.sql],
      rows: rows.get(statement.table) ?? null,
    });
  }
  return operations;
}

function belongs(statement: TableStatement, difference: DocumentDifference, next: Model): boolean {
  const entity = difference.entity === undefined ? undefined : next.entities.get(difference.entity);
  if (!entity) return false;
  if (difference.field === undefined) {
    return (
      difference.operation === 'entity.add' &&
      (statement.table === entity.table || [...entity.parts.values()].includes(statement.table))
    );
  }
  const fields = [difference.field, ...companionNames(difference.field)].flatMap(
    (name) => entity.fields.get(name) ?? entity.retiredFields.get(name) ?? [],
  );
  return fields.some(
    ({ column }) =>
      column !== null && statement.table === column.table && statement.columns.includes(column.name),
  );
}

function riskOf(statement: TableStatement, rows: ReadonlyMap<string, number>): Risk {
  if (statement.kind === 'column.widen') return 'locks';
  if (isConcurrent(statement)) return 'none';
  const waits = statement.kind === 'index.add' || statement.kind === 'constraint.add';
  return waits && (rows.get(statement.table) ?? 0) > MANY_ROWS ? 'locks' : 'none';
}
