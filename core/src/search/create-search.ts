import type { ModelHolder } from '../change/holder.ts';
import { createKeeper } from '../kept-keys/keeper.ts';
import { watchTables } from '../kept-keys/watch-tables.ts';
import { findRecords, type FindOptions } from './find-records.ts';
import { makeSearchKeys } from './make-search-keys.ts';
import type { Search } from './search.ts';
import { SEARCH_KEYS_VERSION } from './search-keys.ts';
import { searchedEntities } from './searched-fields.ts';

/** How long a question waits for the keys of the latest writes. */
const PATIENCE_MS = 100;

/** The search box together with `wake`, to be called after writes. */
export interface SearchEngine extends Search {
  wake(): void;
}

export interface SearchOptions extends FindOptions {
  readonly models: Pick<ModelHolder, 'current' | 'onSwap'>;
  /** Told when the work in the background fails; it is tried again with the next question or write. */
  readonly report: (error: unknown) => void;
}

/** Makes the search box over a database (docs/decisions/0011). It begins to make keys that are due. */
export function createSearch(options: SearchOptions): SearchEngine {
  const { db, models, report } = options;
  const keeper = createKeeper({
    db,
    kind: 'search',
    models,
    report,
    async watch() {
      const all = [...searchedEntities(models.current()).values()];
      const watched = all.map(({ entity, fields }) => ({
        entity,
        fields,
        rules: [SEARCH_KEYS_VERSION, fields.map(({ name, type }) => [name, type])],
      }));
      await watchTables(db, 'search', watched);
    },
    makeSome: () => makeSearchKeys(db, searchedEntities(models.current())),
  });
  keeper.wake();
  return {
    async find(context, question) {
      // With the keys there are, one is helped more than with an error.
      await keeper.settle(PATIENCE_MS).catch(report);
      return await findRecords(options, context, question);
    },
    settle: () => keeper.settle(),
    wake: keeper.wake,
    stop: keeper.stop,
  };
}
