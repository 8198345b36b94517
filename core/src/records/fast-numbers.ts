import { AsyncResource } from 'node:async_hooks';
import type { Database } from '../store/database.ts';

/** Numbers kept ready of one sequence: enough for a burst, few to lose at a restart. */
const BLOCK = 50;
const REFILL_BELOW = 25;

interface Block {
  next: bigint;
  last: bigint;
  refilling: boolean;
}

/**
 * Numbers of sequences that are counted fast: drawn ahead, outside of the transactions that use them, so that records
 * are saved without waiting for one another. What a refused record or a restart leaves unused stays a gap.
 */
export interface FastNumbers {
  /** The next number, or null when none is at hand: it is drawn within the transaction then. */
  take(key: string): string | null;
  /** Resolves when no drawing ahead is under way. */
  idle(): Promise<void>;
}

const KNOWN = new WeakMap<Database, FastNumbers>();

/** The numbers that this process keeps ready for a database. */
export function fastNumbers(db: Database): FastNumbers {
  let numbers = KNOWN.get(db);
  if (!numbers) KNOWN.set(db, (numbers = createFastNumbers(db)));
  return numbers;
}

function createFastNumbers(db: Database): FastNumbers {
  const blocks = new Map<string, Block>();
  const running = new Set<Promise<void>>();
  // Outside of any request: its open transaction must not be taken for ours.
  const outside = new AsyncResource('mortise-numbers');

  async function refill(key: string, block: Block): Promise<void> {
    try {
      const [row] = await db.query<{ value: string }>({
        text: `insert into mortise.sequence as s (key, value) values ($1, ${BLOCK})
          on conflict (key) do update set value = s.value + ${BLOCK} returning value::text as value`,
        values: [key],
      });
      const last = BigInt(row?.value ?? 0);
      // What is left of the older numbers comes first; a hole between the blocks belongs to other nodes.
      if (block.next > block.last) Object.assign(block, { next: last - BigInt(BLOCK) + 1n, last });
      else spare.set(key, { next: last - BigInt(BLOCK) + 1n, last });
    } catch {
      // The write that needs a number draws it by itself, and tells what is wrong with the database.
    } finally {
      block.refilling = false;
    }
  }
  const spare = new Map<string, { readonly next: bigint; readonly last: bigint }>();

  function order(key: string, block: Block): void {
    if (block.refilling || spare.has(key)) return;
    block.refilling = true;
    const work = outside.runInAsyncScope(() => refill(key, block));
    running.add(work);
    void work.then(() => running.delete(work));
  }

  return {
    take(key) {
      // One connection serves all: there is nobody to wait for, and nothing to draw ahead with.
      if (db.engine === 'pglite') return null;
      const block = blocks.get(key) ?? { next: 1n, last: 0n, refilling: false };
      blocks.set(key, block);
      if (block.next > block.last) {
        const ready = spare.get(key);
        if (ready) Object.assign(block, ready);
        spare.delete(key);
      }
      const number = block.next <= block.last ? block.next : null;
      if (number !== null) block.next += 1n;
      if (block.last - block.next + 1n < BigInt(REFILL_BELOW)) order(key, block);
      return number === null ? null : String(number);
    },
    async idle() {
      while (running.size > 0) await Promise.all(running);
    },
  };
}
