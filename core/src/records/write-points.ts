import type { Queryable, Row, Statement } from '../store/database.ts';
import { failpoint } from '../store/failpoint.ts';

/** The statements of a write at which a test may stop the process. */
export type WritePoint = 'guard' | 'prepare' | 'load' | 'write';

type Place = `${'before' | 'after'}-${WritePoint}`;

const PLACES: readonly Place[] = [
  'before-guard',
  'after-guard',
  'before-prepare',
  'after-prepare',
  'before-load',
  'after-load',
  'before-write',
  'after-write',
];
const POINTS = new Map(PLACES.map((place) => [place, failpoint(`records.${place}`)]));

/** Runs one statement of a write between its two failpoints. */
export async function runPoint<R extends Row>(
  db: Queryable,
  point: WritePoint,
  statement: Statement,
): Promise<R[]> {
  POINTS.get(`before-${point}`)?.();
  const rows = await db.query<R>(statement);
  POINTS.get(`after-${point}`)?.();
  return rows;
}
