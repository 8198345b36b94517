import type { Database } from '../store/database.ts';

/** Why a process should get no requests: it is ending, the database does not answer, or its files are older than the model. */
export type NotReady = 'stopping' | 'database' | 'read-only';

/** What `/health/ready` tells. */
export interface Health {
  readonly ready: boolean;
  readonly reasons: readonly NotReady[];
}

export interface HealthSources {
  readonly db: Database;
  readonly stopping: () => boolean;
  readonly readOnly: () => boolean;
  /** Told why the database did not answer. */
  readonly report: (error: unknown) => void;
}

/** Looks at everything that requests need; every fault is named, not only the first. */
export async function lookAtHealth({ db, stopping, readOnly, report }: HealthSources): Promise<Health> {
  const reasons: NotReady[] = [];
  if (stopping()) reasons.push('stopping');
  if (readOnly()) reasons.push('read-only');
  try {
    await db.query({ text: 'select 1' });
  } catch (error) {
    report(error);
    reasons.push('database');
  }
  return { ready: reasons.length === 0, reasons };
}
