import type { Json } from './client.ts';

/** A write of a record that was answered with success. */
export interface Acknowledged {
  readonly id: string;
  /** Null where the answer does not tell (a delete). */
  readonly version: number | null;
  readonly action: 'create' | 'update' | 'delete' | 'restore' | 'transition';
  readonly values: Json;
}

/**
 * What the outside world knows: every write that was acknowledged must be found, wholly and once; one that was sent and
 * never answered may be there, wholly, or not at all.
 */
export class Ledger {
  readonly writes: Acknowledged[] = [];
  /** Creates without an answer, by id, to be sent again. */
  readonly pending = new Map<string, Json>();
  /** Records of which nothing is under way, with their version. */
  readonly settled = new Map<string, number>();
  /** Drawn number → record. */
  readonly numbers = new Map<string, string>();
  /** Applied change sets by their note. */
  readonly changes = new Map<string, number>();
  readonly sentNotes = new Set<string>();
  /** Dictionary values that were acknowledged. */
  readonly values = new Set<string>();
  /** What the plugin may be: one state, or both while nobody knows. */
  plugin: ReadonlySet<boolean> | null = null;
  /** What must never happen, seen from outside. */
  readonly faults: string[] = [];
  /** How often each status was answered. */
  readonly statuses = new Map<string, number>();

  acknowledge(write: Acknowledged, code: unknown): void {
    this.writes.push(write);
    this.pending.delete(write.id);
    if (write.version !== null) this.settled.set(write.id, write.version);
    if (typeof code !== 'string') return;
    const other = this.numbers.get(code);
    if (other !== undefined && other !== write.id)
      this.faults.push(`the number ${code} was given to ${other} and ${write.id}`);
    this.numbers.set(code, write.id);
  }

  count(status: string): void {
    this.statuses.set(status, (this.statuses.get(status) ?? 0) + 1);
  }
}
