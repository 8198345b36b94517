import { problem } from '../errors/catalogue.ts';

/** Wrong passwords in a row before an account is locked, and for how long (SEC-12). */
export const MAX_FAILURES = 5;
export const LOCK_MINUTES = 15;

/** @throws MRT_SESSION_LOCKED while `until` lies in the future */
export function refuseWhileLocked(until: Date | null, now: Date): void {
  if (until === null || until <= now) return;
  const minutes = Math.max(1, Math.ceil((until.getTime() - now.getTime()) / 60_000));
  throw problem('MRT_SESSION_LOCKED', { minutes }, [], { retryAfter: minutes * 60 });
}

const CAPACITY = 10_000;

/**
 * Counts failures for user names that do not exist, so that being locked does not tell which names do. In memory:
 * there is nothing to protect but that secret.
 */
export class UnknownNames {
  readonly #failures = new Map<string, { count: number; until: number }>();

  /** Counts one attempt. @throws MRT_SESSION_LOCKED exactly when a real account would be locked */
  attempt(username: string, now: Date = new Date()): void {
    const known = this.#failures.get(username) ?? { count: 0, until: 0 };
    if (known.until > now.getTime()) refuseWhileLocked(new Date(known.until), now);
    const count = known.until > 0 ? 1 : known.count + 1;
    this.#failures.delete(username);
    this.#failures.set(username, {
      count,
      until: count >= MAX_FAILURES ? now.getTime() + LOCK_MINUTES * 60_000 : 0,
    });
    const oldest = this.#failures.keys().next();
    if (this.#failures.size > CAPACITY && !oldest.done) this.#failures.delete(oldest.value);
  }
}
