/** What both drivers tell about a failed statement. */
export interface SqlError extends Error {
  /** SQLSTATE, e.g. `23505`. */
  readonly code: string;
  readonly constraint?: string;
  readonly table?: string;
  readonly column?: string;
  readonly detail?: string;
}

/** SQLSTATEs that the core reacts to. */
export const SQL_STATE = {
  unique: '23505',
  foreignKey: '23503',
  notNull: '23502',
  /** What PostgreSQL 18 and later say instead of `foreignKey` when `on delete restrict` forbids it. */
  restrict: '23001',
  lockTimeout: '55P03',
  deadlock: '40P01',
  serialization: '40001',
  /** Also a statement that took too long. */
  cancelled: '57014',
  /** Raised by `mortise.guard` when the writer's model is not the current one. */
  staleModel: 'MRT01',
} as const;

/** Did PostgreSQL break the transaction off because of another one? Nothing of it has happened; it can run again. */
export function isBrokenOff(error: unknown): error is SqlError {
  return isSqlError(error, SQL_STATE.deadlock) || isSqlError(error, SQL_STATE.serialization);
}

/** Is `error` a failed statement of either engine, with this SQLSTATE when one is given? */
export function isSqlError(error: unknown, state?: string): error is SqlError {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return false;
  if (!/^[0-9A-Z]{5}$/.test(error.code)) return false;
  return state === undefined || error.code === state;
}
