import { problem } from '../errors/catalogue.ts';
import type { PlanOperation, Risk } from '../http/contract.ts';
import type { EffectiveDocument, Model } from '../model/model.ts';
import type { Queryable } from '../store/database.ts';
import { planTables, type Laid, type TablePlan, type TableStatement } from '../store/table-plan.ts';
import { compose, type Composed } from './compose.ts';
import { documentText, sentence } from './change-text.ts';
import { describeDocuments, type DocumentDifference } from './describe-documents.ts';
import { describeValue } from './describe-values.ts';
import type { ValueChange } from './dictionary-rows.ts';
import type { FileLayers } from './plugin-layers.ts';
import type { Overlays } from './stored-state.ts';
import { countRows } from './count-rows.ts';
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
}

/** A change that was found possible, with all it will do. Nothing has been done yet. */
export interface Prepared {
  readonly target: Target;
  /** The next model; null when only dictionary values change. */
  readonly next: { readonly composed: Composed; readonly tables: TablePlan } | null;
  readonly operations: readonly PlanOperation[];
  readonly sql: readonly string[];
}

/** From this many rows on, building an index or checking a constraint is worth a warning. */
const MANY_ROWS = 10_000;
const ORDER: readonly Risk[] = ['none', 'locks', 'rewrites', 'hides-data', 'loses-data'];

/** The graver of two risks. */
function graver(a: Risk, b: Risk): Risk {
  return ORDER.indexOf(a) >= ORDER.indexOf(b) ? a : b;
}

/**
 * Compiles the target, plans the tables and says in words what will happen.
 * @throws MRT_DOCUMENT_INVALID for faulty documents, MRT_PLAN_REFUSED for what tables or stored rows do not allow
 */
export async function prepareChange(
  db: Queryable,
  layers: FileLayers,
  current: Snapshot,
  target: Target,
): Promise<Prepared> {
  const composed = sameDocuments(current, target)
    ? null
    : compose(layers, target.overlays, target.plugins, current.version + 1, current.laid.allocation);
  const model = composed?.model ?? current.model;
  const tables = composed ? await planTables(current.laid, composed) : null;
  const faults = [...(tables?.faults ?? []), ...(await usedValues(db, model, target.values))];
  for (const check of tables?.checks ?? []) {
    const [found] = await db.query<{ n: number }>({ text: check.sql });
    if (found && found.n > 0) faults.push(check.fault(found.n));
  }
  if (faults.length > 0) throw problem('MRT_PLAN_REFUSED', {}, faults);
  const documents = composed && tables ? await documentOperations(db, current, composed.model, tables) : [];
  const values = target.values.map((change) =>
    describeValue(change, dictionaryText(model, change.dictionary)),
  );
  return {
    target,
    next: composed && tables ? { composed, tables } : null,
    operations: [...documents, ...values],
    sql: tables?.statements.map(({ sql }) => sql) ?? [],
  };
}

function dictionaryText(model: Model, name: string): ReturnType<typeof sentence> {
  const document = model.dictionaries.get(name);
  return document ? documentText(document) : sentence(name, name);
}

function sameDocuments(current: Snapshot, target: Target): boolean {
  const text = (overlays: Overlays): string =>
    JSON.stringify([...overlays.entries()].sort(([a], [b]) => (a < b ? -1 : 1)));
  const switches = (plugins: ReadonlyMap<string, boolean>): string =>
    JSON.stringify([...plugins].sort(([a], [b]) => (a < b ? -1 : 1)));
  return (
    text(current.overlays) === text(target.overlays) && switches(current.plugins) === switches(target.plugins)
  );
}

async function documentOperations(
  db: Queryable,
  current: Snapshot,
  next: Model,
  tables: TablePlan,
): Promise<PlanOperation[]> {
  const differences = describeDocuments(current.model.documents, next.documents);
  const known = new Set(Object.values(current.laid.allocation).map((place) => place.table));
  const touched = new Set(tables.statements.map(({ table }) => table));
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
    const statements = tables.statements.filter((statement) => belongs(statement, difference, next));
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
  for (const statement of tables.statements) {
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
  const fields = [difference.field, `${difference.field}_currency`].flatMap(
    (name) => entity.fields.get(name) ?? entity.retiredFields.get(name) ?? [],
  );
  return fields.some(
    ({ column }) =>
      column !== null && statement.table === column.table && statement.columns.includes(column.name),
  );
}

function riskOf(statement: TableStatement, rows: ReadonlyMap<string, number>): Risk {
  if (statement.kind === 'column.widen') return 'locks';
  const waits = statement.kind === 'index.add' || statement.kind === 'constraint.add';
  return waits && (rows.get(statement.table) ?? 0) > MANY_ROWS ? 'locks' : 'none';
}
