import type { Bench } from './bench.ts';
import type { Engine } from './installation.ts';

/** What a fault has shown. */
export interface Shown {
  /** One line of figures. */
  readonly figures: string;
  /** What must not be; empty when all is well. */
  readonly faults: readonly string[];
  /** Why it could not be tried. */
  readonly skipped?: string | undefined;
}

/** One kind of trouble that the product must survive. */
export interface Fault {
  readonly name: string;
  /** What it does, for the report. */
  readonly title: string;
  readonly engines: readonly Engine[];
  /** Also in the short form. */
  readonly short: boolean;
  run(bench: Bench, seed: number): Promise<Shown>;
}

export const BOTH: readonly Engine[] = ['pglite', 'postgresql'];
export const SERVER_ONLY: readonly Engine[] = ['postgresql'];

/** Counts of answers, the most frequent first. */
export function tally(counts: ReadonlyMap<string, number>): string {
  return [...counts]
    .sort(([, a], [, b]) => b - a)
    .map(([name, n]) => `${n}× ${name}`)
    .join(', ');
}
