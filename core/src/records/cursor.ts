import { hash } from 'node:crypto';
import { queryProblem } from './query-problem.ts';

/** Where a page ended: the texts of the sort keys of its last row. */
export type CursorKeys = readonly (string | null)[];

function signature(shape: string, keys: CursorKeys): string {
  return hash('sha256', `${shape}\0${JSON.stringify(keys)}`, 'base64url').slice(0, 22);
}

/** An opaque text for the keys, bound to the query's shape (entity, filter, order). */
export function encodeCursor(shape: string, keys: CursorKeys): string {
  return Buffer.from(JSON.stringify([signature(shape, keys), ...keys])).toString('base64url');
}

/** @throws MRT_QUERY_CURSOR when the text is not one of ours, was changed, or belongs to another query */
export function decodeCursor(shape: string, cursor: string, length: number): CursorKeys {
  const refuse = () => queryProblem('MRT_QUERY_CURSOR', {}, '/cursor');
  let content: unknown;
  try {
    content = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    throw refuse();
  }
  if (!Array.isArray(content)) throw refuse();
  const [signed, ...keys] = content as unknown[];
  const valid =
    keys.length === length &&
    keys.every((key): key is string | null => key === null || typeof key === 'string');
  if (!valid || signed !== signature(shape, keys)) throw refuse();
  return keys;
}
