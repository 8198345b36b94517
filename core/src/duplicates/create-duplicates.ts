import type { Duplicates } from './duplicates.ts';
import { findDuplicates, type FindOptions } from './find-duplicates.ts';
import { createKeyKeeper, type KeyKeeperOptions } from './key-keeper.ts';

/** How long a question waits for the keys of the latest writes. */
const PATIENCE_MS = 100;

/** Duplicates together with `wake`, to be called after writes. */
export interface DuplicatesEngine extends Duplicates {
  wake(): void;
}

/** Makes the search for duplicates over a database (docs/decisions/0008). It begins to make keys that are due. */
export function createDuplicates(options: KeyKeeperOptions & Omit<FindOptions, 'places'>): DuplicatesEngine {
  const keeper = createKeyKeeper(options);
  keeper.wake();
  return {
    async find(context, entity, question) {
      // With the keys there are, a clerk is helped more than with an error.
      await keeper.settle(PATIENCE_MS).catch(options.report);
      return await findDuplicates({ ...options, places: keeper.places }, context, entity, question);
    },
    settle: () => keeper.settle(),
    wake: keeper.wake,
    stop: keeper.stop,
  };
}
