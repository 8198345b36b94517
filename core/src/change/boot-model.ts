import type { PlanOperation } from '../http/contract.ts';
import type { Database } from '../store/database.ts';
import { planTables, type Laid } from '../store/table-plan.ts';
import { problem } from '../errors/catalogue.ts';
import { Problem } from '../errors/problem.ts';
import { sentence } from './change-text.ts';
import { commitChange, StaleState } from './commit-change.ts';
import { nextModel } from './next-model.ts';
import type { OnlineStepKind } from './online-steps/online-step.ts';
import { compose } from './compose.ts';
import { pluginStates, pluginVersions, type FileLayers } from './plugin-layers.ts';
import type { Snapshot } from './prepare-change.ts';
import { fitUpgrade } from './upgrade/fit-upgrade.ts';
import { readState, type StoredState } from './stored-state.ts';

const NOTHING: Laid = { allocation: {}, indexes: {} };
const ATTEMPTS = 5;

/**
 * The model at start: as stored when files, program and database agree, otherwise brought up to date in one
 * transaction. Two nodes may start at once; the second one finds the work done.
 */
export async function bootModel(
  db: Database,
  layers: FileLayers,
  kinds: readonly OnlineStepKind[],
  hash: string,
): Promise<Snapshot> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const state = await db.transaction(readState);
    try {
      return await reach(db, layers, kinds, hash, state);
    } catch (error) {
      // Another node that starts first makes all tables: that may take longer than a change waits for its lock.
      const isBusy = error instanceof Problem && error.code === 'MRT_PLAN_BUSY';
      if (!isBusy && !(error instanceof StaleState)) throw error;
    }
  }
  throw problem('MRT_PLAN_BUSY');
}

async function reach(
  db: Database,
  layers: FileLayers,
  kinds: readonly OnlineStepKind[],
  hash: string,
  state: StoredState | null,
): Promise<Snapshot> {
  const plugins = pluginStates(layers.plugins, state?.plugins ?? new Map());
  const fitted = state && state.fileHash !== hash ? await fitUpgrade(db, layers, state, plugins) : null;
  const overlays = fitted?.overlays ?? state?.overlays ?? new Map();
  const stored = state?.laid ?? NOTHING;
  const laid = fitted ? { ...stored, allocation: fitted.allocation } : stored;
  const at = (version: number, checked = false) =>
    compose(layers, overlays, plugins, version, laid.allocation, { checked });
  // The same files and overlays made the stored model: they need not be checked a second time.
  const known = state?.fileHash === hash ? at(state.version, true) : null;
  const same = known && known.model.hash === state?.modelHash ? known : at(state?.version ?? 1);
  const tables = await planTables(laid, same);
  if (tables.faults.length > 0) throw problem('MRT_PLAN_REFUSED', {}, tables.faults);
  // New versions of the program may ask for other columns or indexes although no document has changed.
  const agrees =
    state?.fileHash === hash && state.modelHash === same.model.hash && tables.statements.length === 0;
  if (agrees) {
    const { version, dictionaryRevision } = state;
    return { version, dictionaryRevision, laid, overlays, plugins, model: same.model, lower: same.lower };
  }
  const composed = state ? at(state.version + 1) : same;
  const previous = state ? (known?.model ?? null) : null;
  const committed = await commitChange(db, {
    from: state && { version: state.version, dictionaryRevision: state.dictionaryRevision },
    next: await nextModel(db, kinds, previous, composed, tables),
    fileHash: hash,
    overlays: { before: state?.overlays ?? overlays, after: overlays },
    ...(fitted ? { also: fitted.note } : {}),
    plugins: {
      before: state?.plugins ?? new Map(),
      after: plugins,
      versions: pluginVersions(layers.plugins),
    },
    values: [],
    seed: true,
    author: { id: null, name: 'Mortise' },
    note: '',
    operations: [bootOperation(state, composed.model.entities.size)],
  });
  return {
    version: committed.version,
    dictionaryRevision: committed.dictionaryRevision,
    laid: tables.laid,
    overlays,
    plugins,
    model: composed.model,
    lower: composed.lower,
  };
}

function bootOperation(state: StoredState | null, entities: number): PlanOperation {
  const text = state
    ? sentence(`按程序文件更新:${entities} 个实体`, `Brought up to date with the files: ${entities} entities`)
    : sentence(`新建:${entities} 个实体`, `Created with ${entities} entities`);
  return {
    operation: state ? 'files.change' : 'installation.create',
    text,
    risk: 'none',
    sql: [],
    rows: null,
  };
}
