/** How long one event stands for those like it. */
const WINDOW_MS = 60_000;
/** Different events of one window; what is beyond is counted together. */
const MOST_KEYS = 60;

interface Counted<E> {
  readonly event: E;
  readonly from: number;
  more: number;
}

/**
 * Lets the first of many events pass and counts those like it: at most two rows a key and window, and at most
 * {@link MOST_KEYS} keys, whatever is sent.
 */
export class FloodGate<E extends { readonly kind: string; readonly userName: string }> {
  readonly window = WINDOW_MS;
  readonly #counted = new Map<string, Counted<E>>();

  /** Nothing is being counted. */
  get idle(): boolean {
    return this.#counted.size === 0;
  }

  /** Is this event to be written now? Otherwise it is counted. */
  admit(event: E, key: string, now: number): boolean {
    const known = this.#counted.get(key) ?? this.#rest(event, key);
    if (known) {
      known.more += 1;
      return false;
    }
    this.#counted.set(key, { event, from: now, more: 0 });
    return true;
  }

  /** Events whose window is over, with how many came after the first; they are forgotten. */
  due(now: number): readonly { readonly event: E; readonly times: number }[] {
    const found: { event: E; times: number }[] = [];
    for (const [key, { event, from, more }] of this.#counted) {
      if (now - from < WINDOW_MS) continue;
      this.#counted.delete(key);
      if (more > 0) found.push({ event, times: more });
    }
    return found;
  }

  /** When there are too many keys: one that stands for all further ones of its kind. */
  #rest(event: E, key: string): Counted<E> | null {
    if (this.#counted.size < MOST_KEYS || this.#counted.has(key)) return null;
    const shared = `…${event.kind}`;
    const known = this.#counted.get(shared);
    if (known) return known;
    const made: Counted<E> = {
      event: { kind: event.kind, userId: null, userName: '…', detail: { reason: 'flood' } } as unknown as E,
      from: Date.now(),
      more: 0,
    };
    this.#counted.set(shared, made);
    return made;
  }
}
