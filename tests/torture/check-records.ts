import { sameValue } from '../../core/src/records/same-value.ts';
import type { EntityModel, FieldModel, Model } from '../../core/src/model/model.ts';
import type { Database, Row } from '../../core/src/store/database.ts';
import { quote } from '../../core/src/store/quote.ts';
import type { Acknowledged, Ledger } from './ledger.ts';
import { ORDER } from './documents.ts';

interface Entry extends Row {
  readonly record_id: string;
  readonly version: number;
  readonly action: string;
  readonly changes: Readonly<Record<string, { readonly old: unknown; readonly new: unknown }>>;
}

/** Kept with every write, and no part of its history. */
const BOOKKEEPING = new Set([
  'id',
  'version',
  'created_at',
  'created_by',
  'updated_at',
  'updated_by',
  'last_modified_on',
  'position',
]);
/** Written beside the history: when somebody signed in last. */
const BESIDE: Readonly<Record<string, readonly string[]>> = {
  user: ['last_sign_in', 'last_login_at', 'last_login_on'],
};
const MOST_FAULTS = 20;

/**
 * Every record and its history tell the same (what follows other records has none): versions without a gap, each old value is what the entry before left, and
 * the newest values are those of the row, its lines included. So there is no half a write, acknowledged or not.
 */
export async function checkRecords(db: Database, model: Model, ledger: Ledger): Promise<string[]> {
  const faults: string[] = [];
  for (const entity of model.entities.values()) {
    if (entity.ownership !== 'user') continue;
    const entries = await historyOf(db, entity.name);
    const rows = await rowsOf(db, entity);
    for (const [id, row] of rows) {
      const own = entries.get(id) ?? [];
      faults.push(...chainFaults(entity, id, row, own));
    }
    for (const id of entries.keys())
      if (!rows.has(id)) faults.push(`${entity.name} ${id} has a history and is not there`);
    faults.push(...(await lineFaults(db, model, entity, entries)));
    if (entity.name === ORDER)
      faults.push(
        ...acknowledgedFaults(ledger, entries),
        ...numberFaults(entries),
        ...(await stepFaults(db, entries)),
      );
    if (faults.length > MOST_FAULTS) break;
  }
  return faults.slice(0, MOST_FAULTS);
}

async function historyOf(db: Database, entity: string): Promise<ReadonlyMap<string, readonly Entry[]>> {
  const rows = await db.query<Entry>({
    text: 'select record_id, version, action, changes from mortise.history where entity = $1 order by record_id, version, at',
    values: [entity],
  });
  return Map.groupBy(rows, (row) => row.record_id);
}

async function rowsOf(db: Database, entity: EntityModel): Promise<ReadonlyMap<string, Row>> {
  const rows = new Map<string, Row>();
  for (const row of await db.query<Row & { id: string }>({ text: `select * from ${quote(entity.table)}` }))
    rows.set(row.id, row);
  for (const part of entity.parts.values())
    for (const row of await db.query<Row & { id: string }>({ text: `select * from ${quote(part)}` }))
      rows.set(row.id, { ...row, ...rows.get(row.id) });
  return rows;
}

function columnsOf(entity: EntityModel): readonly FieldModel[] {
  const beside = BESIDE[entity.name] ?? [];
  return [...entity.fields.values(), ...entity.retiredFields.values()].filter(
    (field) => field.column && !field.derived && !BOOKKEEPING.has(field.name) && !beside.includes(field.name),
  );
}

function chainFaults(entity: EntityModel, id: string, row: Row, entries: readonly Entry[]): string[] {
  const what = `${entity.name} ${id}`;
  const versions = entries.map((entry) => entry.version);
  const expected = Array.from({ length: Number(row['version']) }, (_, index) => index + 1);
  if (!sameValue(versions, expected))
    return [
      `${what} is at version ${String(row['version'])}, its history has ${versions.join(',') || 'nothing'}`,
    ];
  const values: Record<string, unknown> = {};
  const faults: string[] = [];
  for (const { version, changes } of entries) {
    for (const [name, change] of Object.entries(changes)) {
      if (entity.fields.get(name)?.column && !same(values[name], change.old))
        faults.push(
          `${what}.${name} was ${text(values[name])}, and version ${version} says ${text(change.old)}`,
        );
      values[name] = change.new;
    }
  }
  for (const { name, column } of columnsOf(entity)) {
    const stored = row[column?.name ?? ''];
    if (!same(values[name], stored))
      faults.push(`${what}.${name} is ${text(stored)}, its history ends with ${text(values[name])}`);
  }
  return faults;
}

function same(a: unknown, b: unknown): boolean {
  const empty = (value: unknown): boolean =>
    value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0);
  return (empty(a) && empty(b)) || sameValue(a, b) || (typeof a !== 'object' && String(a) === String(b));
}

const text = (value: unknown): string => JSON.stringify(value ?? null);

async function lineFaults(
  db: Database,
  model: Model,
  entity: EntityModel,
  entries: ReadonlyMap<string, readonly Entry[]>,
): Promise<string[]> {
  const faults: string[] = [];
  for (const field of entity.fields.values()) {
    if (field.type !== 'lines') continue;
    const lines = model.entities.get(String(field.def['entity']));
    const parent = lines?.fields.get(String(field.def['by']))?.column?.name;
    if (!lines || parent === undefined) continue;
    const rows = await db.query<Row & { id: string }>({
      text: `select * from ${quote(lines.table)} order by position, id`,
    });
    const stored = Map.groupBy(rows, (row) => String(row[parent]));
    for (const id of stored.keys())
      if (!entries.has(id)) faults.push(`${lines.name} of ${id}, which is not there`);
    for (const [id, own] of entries) {
      const last = own.findLast((entry) => entry.changes[field.name])?.changes[field.name]?.new;
      const told = (Array.isArray(last) ? last : []) as readonly Readonly<Record<string, unknown>>[];
      const there = stored.get(id) ?? [];
      const differs =
        told.length !== there.length ||
        told.some((line, index) =>
          Object.entries(line).some(([name, value]) => {
            const column = lines.fields.get(name)?.column?.name ?? name;
            return (
              column !== parent && column in (there[index] ?? {}) && !same(value, there[index]?.[column])
            );
          }),
        );
      if (differs)
        faults.push(
          `${entity.name} ${id}.${field.name}: the history tells of ${told.length} lines ${text(told)}, there are ${there.length}`,
        );
    }
  }
  return faults;
}

function acknowledgedFaults(ledger: Ledger, entries: ReadonlyMap<string, readonly Entry[]>): string[] {
  const deletes = new Map<string, number>();
  return ledger.writes.flatMap((write) => {
    const own = entries.get(write.id) ?? [];
    if (write.version === null) {
      const n = (deletes.get(write.id) ?? 0) + 1;
      deletes.set(write.id, n);
      const found = own.filter((entry) => entry.action === 'delete').length;
      return found < n ? [`${write.id}: ${n} deletes were acknowledged, ${found} are there`] : [];
    }
    return versionFaults(
      write,
      own.filter((entry) => entry.version === write.version),
    );
  });
}

function versionFaults(write: Acknowledged, found: readonly Entry[]): string[] {
  const what = `the acknowledged ${write.action} of ${write.id} at version ${write.version}`;
  const [entry] = found;
  if (!entry || found.length > 1) return [`${what} is there ${found.length} times`];
  if (entry.action !== write.action) return [`${what} is there as ${entry.action}`];
  return Object.entries(write.values).flatMap(([name, value]) => {
    if (name === 'id' || typeof value === 'object' || write.action === 'restore') return [];
    const change = entry.changes[name];
    // A value that was the same before is no change.
    if (!change) return write.action === 'create' ? [`${what} lacks ${name}`] : [];
    return same(change.new, value)
      ? []
      : [`${what} has ${name} = ${text(change.new)}, sent was ${text(value)}`];
  });
}

/** Every step of a workflow stands beside the history row of its version, once, and none is missing. */
async function stepFaults(db: Database, entries: ReadonlyMap<string, readonly Entry[]>): Promise<string[]> {
  const steps = await db.query<Row & { record_id: string; version: number }>({
    text: 'select record_id, version from mortise.workflow_step where entity = $1',
    values: [ORDER],
  });
  const key = (id: string, version: number): string => `${id} at version ${version}`;
  const logged = new Set(steps.map(({ record_id, version }) => key(record_id, version)));
  const told = [...entries.values()]
    .flat()
    .filter(({ action }) => action === 'transition')
    .map(({ record_id, version }) => key(record_id, version));
  return [
    ...told.filter((each) => !logged.has(each)).map((each) => `the transition of ${each} has no step`),
    ...[...logged].filter((each) => !told.includes(each)).map((each) => `the step of ${each} has no history`),
    ...(logged.size === steps.length ? [] : [`${steps.length} steps are of ${logged.size} versions`]),
  ];
}

function numberFaults(entries: ReadonlyMap<string, readonly Entry[]>): string[] {
  const given = new Map<unknown, string>();
  const faults: string[] = [];
  for (const [id, own] of entries) {
    const code = own[0]?.changes['code']?.new;
    if (code === undefined) continue;
    const other = given.get(code);
    if (other !== undefined) faults.push(`the number ${String(code)} was given to ${other} and to ${id}`);
    given.set(code, id);
  }
  return faults;
}
