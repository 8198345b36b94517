import type { Queryable, Row, Statement, Transaction } from '../store/database.ts';
import { failpoint } from '../store/failpoint.ts';

/** The statements of a write at which a test may stop the process. */
export type WritePoint = 'guard' | 'prepare' | 'load' | 'write' | 'step' | 'derive';

interface Place {
  before(): void;
  after(): void;
}

function placeOf(point: WritePoint): Place {
  return { before: failpoint(`records.before-${point}`), after: failpoint(`records.after-${point}`) };
}

const POINTS: Readonly<Record<WritePoint, Place>> = {
  guard: placeOf('guard'),
  prepare: placeOf('prepare'),
  load: placeOf('load'),
  write: placeOf('write'),
  step: placeOf('step'),
  derive: placeOf('derive'),
};

/** Runs a part of a write between its two failpoints. */
export async function atPoint<T>(point: WritePoint, run: () => Promise<T>): Promise<T> {
  const { before, after } = POINTS[point];
  before();
  const result = await run();
  after();
  return result;
}

/** Runs one statement of a write between its two failpoints. */
export function runPoint<R extends Row>(
  db: Queryable,
  point: WritePoint,
  statement: Statement,
): Promise<R[]> {
  return atPoint(point, () => db.query<R>(statement));
}

/** The same with the last statement of the transaction: the commit goes with it. */
export function runLast(tx: Transaction, point: WritePoint, statement: Statement): Promise<Row[]> {
  return atPoint(point, () => tx.commitWith(statement));
}
