import type { BenchCase, FloorName } from './case.ts';
import type { Figures } from './drive/figures.ts';

/** The medians of one target, and how much memory it held in the end (MB). */
interface TargetFigures extends Figures {
  readonly memory: number | null;
}

/** One case against one floor. Ratios are product : floor; of CPU less is better, of requests a second more. */
export interface CaseResult {
  readonly case: string;
  readonly title: string;
  readonly kind: BenchCase['kind'];
  readonly floor: FloorName;
  readonly connections: number;
  /** CPU of server and database together. */
  readonly cpuRatio: number | null;
  readonly serverCpuRatio: number | null;
  readonly databaseCpuRatio: number | null;
  readonly rpsRatio: number;
  /** Statements a request of the product and of the floor; null where they are not counted. */
  readonly statements: number | null;
  readonly floorStatements: number | null;
  /** The product's with what it does in the background for them, e.g. keys for the search of duplicates. */
  readonly statementsWithBackground: number | null;
  readonly product: TargetFigures;
  readonly floorFigures: TargetFigures;
}

/** From the start of the process to its first answer, when the database exists. */
export interface ColdStart {
  readonly seconds: number;
  /** CPU seconds of the process; null where the system does not tell. */
  readonly cpuSeconds: number | null;
}

/** Everything of one run. */
export interface BenchRun {
  readonly size: string;
  readonly customers: number;
  readonly contacts: number;
  readonly node: string;
  readonly server: string;
  readonly processor: string;
  /** How statements were counted, and what could not be measured. */
  readonly notes: readonly string[];
  readonly coldStart: ColdStart | null;
  readonly results: readonly CaseResult[];
}

/** The start as a row of the JSON file: no floor, since none has to start what the product starts. */
interface ColdStartRow extends ColdStart {
  readonly case: 'cold-start';
  readonly floor: null;
}

/** What the JSON file is a list of. */
export type ResultRow = CaseResult | ColdStartRow;

/** The run as rows, for `--json`. */
export function rowsOf(run: BenchRun): ResultRow[] {
  return [
    ...run.results,
    ...(run.coldStart ? [{ case: 'cold-start', floor: null, ...run.coldStart } as const] : []),
  ];
}
