import type { Statement } from './database.ts';

/** Told of every statement that ended. */
export type StatementMeter = (ms: number, failed: boolean, statement: Statement) => void;

/** Runs statements and tells the meter how long they took. Several on one way are told as one, the last of them. */
export async function metered<T>(
  meter: StatementMeter | undefined,
  statements: readonly Statement[],
  run: () => Promise<T>,
): Promise<T> {
  const statement = statements.at(-1);
  if (meter === undefined || statement === undefined) return await run();
  const start = performance.now();
  let failed = true;
  try {
    const result = await run();
    failed = false;
    return result;
  } finally {
    meter(performance.now() - start, failed, statement);
  }
}
