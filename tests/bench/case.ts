import type { World } from './data/world.ts';
import type { FloorCall, Person, Sql } from './floor/floor-call.ts';

/** What is driven: the product, or one of the floors. */
export const TARGETS = ['product', 'duties', 'keys', 'bare'] as const;
/** @see TARGETS */
export type Target = (typeof TARGETS)[number];
/** A hand-written server: with the duties of the product, with those of looking for duplicates and being found, too, or without. */
export type FloorName = Exclude<Target, 'product'>;

/** One request. */
export interface Shot {
  readonly method: 'GET' | 'POST' | 'PATCH';
  /** Path and query. */
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Who asks; the employee when absent. */
  readonly as?: 'admin';
  /** Told the answer, where a later request needs something of it. */
  readonly learn?: (answer: unknown) => void;
}

/** The n-th request of a case; `n` never repeats within a run. */
export type Aim = (n: number) => Shot | Promise<Shot>;

/** How one floor does the case: its handler answers with the same content as the product. */
type FloorHandler = (sql: Sql, call: FloorCall, person: Person) => Promise<unknown>;

/**
 * One thing people do, on the product and on the floors. A file of `cases/` each, listed in `cases/index.ts`.
 */
export interface BenchCase {
  /** Short name, for `--case` and the JSON. */
  readonly name: string;
  /** What a reader of the table sees. */
  readonly title: string;
  /** Decides over the budget of statements: a read has two, a write three (DESIGN §11). */
  readonly kind: 'read' | 'write' | 'change';
  /** Requests to the product. `answered` asks it something beforehand, e.g. for a cursor. */
  product(world: World, answered: (shot: Shot) => Promise<unknown>): Aim | Promise<Aim>;
  /** The floors' side. `request` is asked of `/<name>` of the floor server. */
  readonly floor: {
    request(world: World, floor: FloorName, answered: (shot: Shot) => Promise<unknown>): Aim | Promise<Aim>;
    /** Absent where the duties make no difference worth a floor. */
    readonly duties?: FloorHandler;
    /** `duties` that also looks for a duplicate and keeps what the record is found by; absent where the product does not. */
    readonly keys?: FloorHandler;
    /** The person is not known here: his session is not looked up. */
    readonly bare: (sql: Sql, call: FloorCall) => Promise<unknown>;
  };
  /**
   * What must be equal in the answers of the product and of a floor to the same request: ids, counts; of a write what
   * was written.
   */
  facts(answer: unknown): unknown;
  /**
   * Rows of an answer, of a case in which the bare floor answers others than the product because it keeps no row
   * scope. It must have at least as many.
   */
  readonly rows?: (answer: unknown) => number;
  /** Most requests of a window, where the run's own number would take too long. */
  readonly most?: number;
  /** Connections, where the run's own make no sense. */
  readonly connections?: readonly number[];
}

/** The floors that do a case. */
export function floorsOf({ floor }: BenchCase): readonly FloorName[] {
  return [...(floor.duties ? (['duties'] as const) : []), ...(floor.keys ? (['keys'] as const) : []), 'bare'];
}
