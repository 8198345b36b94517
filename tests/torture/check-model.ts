import { compose } from '../../core/src/change/compose.ts';
import { pluginStates } from '../../core/src/change/plugin-layers.ts';
import { readState } from '../../core/src/change/stored-state.ts';
import { readFileLayers } from '../../core/src/app/read-file-layers.ts';
import { columnsOf } from '../../core/src/model/allocation.ts';
import type { Model } from '../../core/src/model/model.ts';
import type { Database, Row } from '../../core/src/store/database.ts';
import { planTables } from '../../core/src/store/table-plan.ts';
import { KIND, PLUGIN } from './documents.ts';
import type { Ledger } from './ledger.ts';
import { ROOT } from './root.ts';

/** What the check of the model found, with the model for the check of the records; null before the first start is done. */
export interface ModelCheck {
  readonly model: Model | null;
  readonly faults: readonly string[];
}

/**
 * Version, documents, tables and dictionaries tell the same: the stored documents compile to the stored hash, nothing is
 * left to be done to the tables, every column and index that is noted is there, and none that is not.
 */
export async function checkModel(db: Database, ledger: Ledger): Promise<ModelCheck> {
  const state = await db.transaction(readState);
  if (!state)
    return {
      model: null,
      faults: ledger.changes.size > 0 ? ['there is no version, but changes were acknowledged'] : [],
    };
  const layers = await readFileLayers(ROOT);
  const composed = compose(
    layers,
    state.overlays,
    pluginStates(layers.plugins, state.plugins),
    state.version,
    state.laid.allocation,
  );
  const plan = await planTables(state.laid, composed);
  const faults = [
    ...(composed.model.hash === state.modelHash
      ? []
      : ['the stored documents do not compile to the stored hash']),
    ...plan.faults.map((fault) => fault.message.en),
    ...plan.statements.map(({ sql }) => `the tables lack: ${sql}`),
    ...(await catalogueFaults(db, state.laid)),
    ...(await changeFaults(db, state.version, ledger)),
    ...(await valueFaults(db, ledger)),
    ...pluginFaults(state.plugins, ledger),
  ];
  return { model: composed.model, faults };
}

async function catalogueFaults(db: Database, laid: Parameters<typeof planTables>[0]): Promise<string[]> {
  const columns = await db.query<Row & { at: string }>({
    text: `select table_name || '.' || column_name as at from information_schema.columns where table_schema = 'public'`,
  });
  const there = new Set(columns.map(({ at }) => at));
  const noted = new Set(
    Object.values(laid.allocation).flatMap((place) =>
      columnsOf(place).map(({ column }) => `${place.table}.${column}`),
    ),
  );
  // Every table has its key, and lines their place among their like.
  const always = (at: string): boolean => /\.(?:id|position)$/.test(at);
  const indexes = await db.query<Row & { name: string; valid: boolean }>({
    text: `select c.relname as name, i.indisvalid as valid from pg_index i join pg_class c on c.oid = i.indexrelid
      join pg_namespace n on n.oid = c.relnamespace where n.nspname = 'public'`,
  });
  const steps = await db.query<Row & { subject: string }>({
    text: `select subject from mortise.online_step where state <> 'done'`,
  });
  const open = new Set(steps.map(({ subject }) => subject));
  const valid = new Map(indexes.map(({ name, valid: is }) => [name, is]));
  return [
    ...[...noted].filter((at) => !there.has(at)).map((at) => `the column ${at} is noted and not there`),
    ...[...there]
      .filter((at) => !noted.has(at) && !always(at))
      .map((at) => `the column ${at} is there and nothing knows of it`),
    ...Object.keys(laid.indexes)
      .filter((name) => !valid.get(name) && !open.has(name))
      .map((name) => `the index ${name} is noted and not there`),
    ...indexes
      .filter(({ name, valid: is }) => !is && !open.has(name))
      .map(({ name }) => `the index ${name} is not valid and nothing repairs it`),
  ];
}

async function changeFaults(db: Database, version: number, ledger: Ledger): Promise<string[]> {
  const rows = await db.query<Row & { version: number; note: string }>({
    text: 'select version, note from mortise.change_set order by number',
  });
  const versions = new Set(rows.map((row) => row.version));
  const faults: string[] = [];
  for (let at = 1; at <= version; at += 1)
    if (!versions.has(at)) faults.push(`version ${at} has no change set`);
  if (Math.max(...versions) > version)
    faults.push(`there is a change set of version ${Math.max(...versions)}, the model is at ${version}`);
  const byNote = Map.groupBy(rows, (row) => row.note);
  for (const [note, at] of ledger.changes) {
    const found = byNote.get(note) ?? [];
    if (found.length !== 1 || found[0]?.version !== at)
      faults.push(`the acknowledged change “${note}” of version ${at} is there ${found.length} times`);
  }
  for (const note of ledger.sentNotes)
    if ((byNote.get(note)?.length ?? 0) > 1) faults.push(`the change “${note}” is there twice`);
  return faults;
}

async function valueFaults(db: Database, ledger: Ledger): Promise<string[]> {
  const rows = await db.query<Row & { code: string }>({
    text: 'select code from mortise.dictionary_value where dictionary = $1',
    values: [KIND],
  });
  const there = new Set(rows.map(({ code }) => code));
  return [...ledger.values]
    .filter((code) => !there.has(code))
    .map((code) => `the acknowledged value ${code} is not there`);
}

function pluginFaults(stored: ReadonlyMap<string, boolean>, ledger: Ledger): string[] {
  const is = stored.get(PLUGIN);
  return ledger.plugin === null || (is !== undefined && ledger.plugin.has(is))
    ? []
    : [`the plugin ${PLUGIN} is ${is ? 'on' : 'off'} against what was acknowledged`];
}
