/** What the harness may ask of the process of a server. */
export interface Order {
  readonly number: number;
  /** Milliseconds by which the clock is wrong from now on. */
  readonly clock?: number;
  /** A failpoint, `name[:nth][:action]`; empty disarms. */
  readonly arm?: string;
  /** Collect garbage before the memory is read. */
  readonly memory?: boolean;
}

/** The answer to an order: bytes in use. */
export interface Reply {
  readonly number: number;
  readonly heapUsed: number;
  readonly rss: number;
  readonly external: number;
}
