import { problem } from '../errors/catalogue.ts';
import type { Problem } from '../errors/problem.ts';
import type { Context } from '../context/context.ts';
import type { EntityModel } from '../model/model.ts';
import type { Transaction } from '../store/database.ts';
import type { Dictionaries } from '../store/dictionaries.ts';
import type { Values } from './draft.ts';
import type { Changes } from './history-row.ts';
import { readRecord } from './read-record.ts';

/**
 * Fields that others changed since `version` with the value they had then, from the history; null when the history
 * does not tell, because a version in between left no row. Shares make no version.
 */
export async function changedSince(
  tx: Transaction,
  entity: EntityModel,
  id: string,
  version: number,
  current: number,
): Promise<ReadonlyMap<string, unknown> | null> {
  if (version >= current || version < 1) return null;
  const rows = await tx.query<{ version: number; changes: Changes }>({
    text: `SELECT version, changes FROM mortise.history WHERE entity = $1 AND record_id = $2::uuid AND version > $3::integer AND action NOT IN ('share', 'unshare') ORDER BY version`,
    values: [entity.name, id, version],
  });
  const versions = new Set(rows.map((row) => row.version));
  if (versions.size !== current - version) return null;
  const before = new Map<string, unknown>();
  for (const { changes } of rows) {
    for (const [name, change] of Object.entries(changes)) if (!before.has(name)) before.set(name, change.old);
  }
  return before;
}

/** The conflict with both versions (ENG-16): nothing is overwritten in silence. */
export async function conflictProblem(
  tx: Transaction,
  context: Context,
  entity: EntityModel,
  id: string,
  dictionaries: Dictionaries,
  yours: Readonly<Values>,
  conflicts: readonly string[],
): Promise<Problem> {
  const include = Object.keys(yours).filter((name) => entity.fields.get(name)?.type === 'lines');
  const current = await readRecord(tx, context, entity.name, id, { include }, dictionaries);
  return problem('MRT_RECORD_CONFLICT', {}, [], { current, yours, conflicts });
}
