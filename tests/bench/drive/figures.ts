import type { Fired } from './fire.ts';

/** Figures of one target: of one window, or the medians of several. */
export interface Figures {
  readonly perSecond: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
  /** Milliseconds of CPU a request: of the program, of the database's processes for it. Null where unknown. */
  readonly serverCpu: number | null;
  readonly databaseCpu: number | null;
  /** Both together; of the program alone where the database's is unknown. */
  readonly cpu: number | null;
}

/** @param server and `database` CPU seconds of the window */
export function figuresOf(fired: Fired, server: number | null, database: number | null): Figures {
  const each = (seconds: number | null): number | null =>
    seconds === null ? null : (seconds * 1000) / fired.requests;
  const at = (part: number): number =>
    fired.times[Math.min(fired.times.length - 1, Math.floor(fired.times.length * part))] ?? 0;
  return {
    perSecond: fired.requests / fired.seconds,
    p50: at(0.5),
    p99: at(0.99),
    serverCpu: each(server),
    databaseCpu: each(database),
    cpu: server === null ? null : each(server + (database ?? 0)),
  };
}

/** Median of numbers; NaN for none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.ceil(middle) - 1] ?? Number.NaN) + (sorted[Math.floor(middle)] ?? Number.NaN)) / 2;
}

/** Median of what is known; null when some is not. */
export function medianOf(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length < values.length || known.length === 0 ? null : median(known);
}

/** The medians of several windows, figure by figure. */
export function middle(windows: readonly Figures[]): Figures {
  const of = (pick: (figures: Figures) => number): number => median(windows.map(pick));
  return {
    perSecond: of((each) => each.perSecond),
    p50: of((each) => each.p50),
    p99: of((each) => each.p99),
    serverCpu: medianOf(windows.map((each) => each.serverCpu)),
    databaseCpu: medianOf(windows.map((each) => each.databaseCpu)),
    cpu: medianOf(windows.map((each) => each.cpu)),
  };
}
