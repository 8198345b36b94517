import type { NumberDraw } from './autonumber-values.ts';
import type { StatementParameters } from './statement-parameters.ts';

/** Draws as many numbers of each sequence as it is asked for; one object `key → last number` named `drawn`. */
export function drawManySql(parameters: StatementParameters, draws: readonly NumberDraw[]): string {
  const counts = new Map<string, number>();
  for (const { key } of draws) counts.set(key, (counts.get(key) ?? 0) + 1);
  // In one order, so that two batches never wait for each other's sequences.
  const keys = [...counts.keys()].sort();
  const asked = `unnest(${parameters.bind(keys)}::text[], ${parameters.bind(keys.map((key) => counts.get(key)))}::bigint[]) AS k (key, value)`;
  return `drawn AS (INSERT INTO mortise.sequence AS s (key, value) SELECT key, value FROM ${asked} ORDER BY key ON CONFLICT (key) DO UPDATE SET value = s.value + excluded.value RETURNING s.key, s.value)`;
}

/** The column that tells what {@link drawManySql} drew. */
export const DRAWN_COLUMN = '(SELECT json_object_agg(key, value::text) FROM drawn) AS "$drawn"';

/** Hands the drawn numbers out in the order of the draws, as if each had been drawn by itself. */
export function numberGiver(
  drawn: Readonly<Record<string, string>>,
  draws: readonly NumberDraw[],
): (key: string) => string {
  const next = new Map<string, bigint>();
  for (const { key } of draws) next.set(key, (next.get(key) ?? BigInt(drawn[key] ?? 0) + 1n) - 1n);
  return (key) => {
    const value = next.get(key) ?? 0n;
    next.set(key, value + 1n);
    return String(value);
  };
}
