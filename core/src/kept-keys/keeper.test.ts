import { expect, it } from 'vitest';
import type { Model } from '../model/model.ts';
import type { Database } from '../store/database.ts';
import { createKeeper } from './keeper.ts';

it('QRY-05 prepares the tables of a model that comes while those of the one before are being prepared', async () => {
  const swapped = new Set<(next: Model, previous: Model) => void>();
  let version = 1;
  const prepared: number[] = [];
  const reached = Promise.withResolvers<void>();
  const go = Promise.withResolvers<void>();
  const keeper = createKeeper({
    // Nothing waits for its keys.
    db: { query: async () => [{ due: false }] } as unknown as Database,
    kind: 'search',
    models: {
      onSwap(listener) {
        swapped.add(listener);
        return () => swapped.delete(listener);
      },
    },
    async watch() {
      const seen = version;
      reached.resolve();
      await go.promise;
      prepared.push(seen);
    },
    makeSome: async () => false,
    report: (error) => {
      throw error;
    },
  });

  const settled = keeper.settle();
  await reached.promise;
  version = 2;
  for (const tell of swapped) tell({} as Model, {} as Model);
  go.resolve();
  await settled;
  expect(prepared).toEqual([1, 2]);
  await keeper.settle();
  expect(prepared).toEqual([1, 2]);
  await keeper.stop();
});
