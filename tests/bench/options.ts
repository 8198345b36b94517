import { parseArgs } from 'node:util';

/** What a run is asked for. */
export interface BenchOptions {
  /** Records that the data set holds. */
  readonly size: DataSize;
  /** Interleaved rounds, of which the medians count. */
  readonly rounds: number;
  /** Most requests of one window; a window ends after `seconds` anyhow. */
  readonly requests: number;
  readonly seconds: number;
  readonly connections: readonly number[];
  /** Only cases whose name contains one of these; empty is all. */
  readonly cases: readonly string[];
  readonly json: string | null;
  readonly compare: string | null;
  /** By how much a figure may be worse than the earlier run's, as a part of it. */
  readonly tolerance: number;
  /** Where the product and floors write their CPU profiles; null is nowhere. */
  readonly profile: string | null;
}

/** How many records of each kind are loaded. */
export interface DataSize {
  readonly name: 'full' | 'small';
  readonly customers: number;
  readonly contacts: number;
}

const FULL: DataSize = { name: 'full', customers: 200_000, contacts: 400_000 };
const SMALL: DataSize = { name: 'small', customers: 5_000, contacts: 10_000 };

const count = (text: string, name: string): number => {
  const value = Number(text);
  if (!Number.isFinite(value) || value <= 0)
    throw new Error(`--${name} is a number above 0, and not “${text}”`);
  return value;
};

/** Reads the command line. @throws Error for an option it does not know or cannot read */
export function readOptions(args: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      small: { type: 'boolean', default: false },
      rounds: { type: 'string', default: '5' },
      requests: { type: 'string', default: '300' },
      seconds: { type: 'string', default: '1.5' },
      connections: { type: 'string', default: '1,16' },
      case: { type: 'string', multiple: true, default: [] },
      json: { type: 'string' },
      compare: { type: 'string' },
      tolerance: { type: 'string', default: '0.2' },
      profile: { type: 'string' },
    },
  });
  return {
    size: values.small ? SMALL : FULL,
    rounds: count(values.rounds, 'rounds'),
    requests: count(values.requests, 'requests'),
    seconds: count(values.seconds, 'seconds'),
    connections: values.connections.split(',').map((each) => count(each, 'connections')),
    cases: values.case,
    json: values.json ?? null,
    compare: values.compare ?? null,
    tolerance: count(values.tolerance, 'tolerance'),
    profile: values.profile ?? null,
  };
}
