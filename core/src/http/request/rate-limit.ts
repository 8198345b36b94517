import { problem } from '../../errors/catalogue.ts';

const CAPACITY = 10_000;

/**
 * So many requests of one key within a stretch of time, in the memory of this node.
 * @param most requests @param withinMs length of the stretch
 */
export class RateLimit {
  readonly #most: number;
  readonly #withinMs: number;
  readonly #counts = new Map<string, { count: number; until: number }>();

  constructor(most: number, withinMs: number) {
    this.#most = most;
    this.#withinMs = withinMs;
  }

  /** Counts one request. @throws MRT_RATE_LIMIT with `Retry-After` above the limit */
  count(key: string, now: number = Date.now()): void {
    const known = this.#counts.get(key);
    const current = known && known.until > now ? known : { count: 0, until: now + this.#withinMs };
    current.count += 1;
    this.#counts.delete(key);
    this.#counts.set(key, current);
    const oldest = this.#counts.keys().next();
    if (this.#counts.size > CAPACITY && !oldest.done) this.#counts.delete(oldest.value);
    if (current.count > this.#most)
      throw problem('MRT_RATE_LIMIT', {}, [], { retryAfter: Math.ceil((current.until - now) / 1000) });
  }
}
