import { addField, timed } from './measure.ts';
import type { Product } from './product.ts';

/** What adding fields to a large table costs those who are at work. */
export interface ManyRows {
  readonly plain: number;
  readonly filled: number;
  readonly longestRead: number;
  readonly longestWrite: number;
  readonly requests: number;
  readonly failed: number;
}

/** Adds fields to an entity of many rows while three people list and two create and change. */
export async function manyRows(product: Product, entity: string): Promise<ManyRows> {
  const at = `/api/v1/records/${entity}`;
  const load = { on: true };
  let failed = 0;
  const reads: number[] = [];
  const writes: number[] = [];
  async function person(times: number[], act: (n: number) => Promise<unknown>): Promise<void> {
    for (let n = 0; load.on; n += 1) {
      try {
        times.push(await timed(() => act(n)));
      } catch (error) {
        failed += 1;
        console.error(error instanceof Error ? error.message : error);
      }
    }
  }
  const people = [
    ...[0, 1, 2].map((who) =>
      person(reads, (n) =>
        product.call('GET', `${at}?limit=20&count=none&filter={"f1":${(n * 7 + who) % 1000}}`),
      ),
    ),
    ...[0, 1].map((who) =>
      person(writes, async (n) => {
        const { id, version } = await product.call<{ id: string; version: number }>('POST', at, {
          name: `p${who}-${n}`,
        });
        await product.call('PATCH', `${at}/${id}`, { f1: n }, { 'If-Match': `"${version}"` });
      }),
    ),
  ];
  await new Promise((resolve) => setTimeout(resolve, 1000));
  const plain = await addField(product, entity, 'late_one');
  await new Promise((resolve) => setTimeout(resolve, 500));
  const filled = await addField(product, entity, 'late_two', { default: '-' });
  await new Promise((resolve) => setTimeout(resolve, 1000));
  load.on = false;
  await Promise.all(people);
  return {
    plain,
    filled,
    longestRead: Math.max(...reads),
    longestWrite: Math.max(...writes),
    requests: reads.length + writes.length,
    failed,
  };
}
