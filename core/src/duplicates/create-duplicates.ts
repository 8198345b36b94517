import type { KeepBeside } from '../records/write-scope.ts';
import { checkedFields } from './checked-fields.ts';
import type { Duplicates } from './duplicates.ts';
import { keysBeside } from './keys-beside.ts';
import { findDuplicates, type FindOptions, type Likely } from './find-duplicates.ts';
import { listJudgements } from './judgements.ts';
import type { Context } from '../context/context.ts';
import type { DuplicateQuestion } from './duplicates.ts';
import { createKeyKeeper, type KeyKeeperOptions } from './key-keeper.ts';

/** How long a question waits for the keys of the latest writes. */
const PATIENCE_MS = 100;

/** Duplicates together with `wake`, to be called after writes. */
export interface DuplicatesEngine extends Duplicates {
  /** As `find`, with every id and without waiting for keys: for the check of a write. */
  likely(context: Context, entity: string, question: DuplicateQuestion): Promise<readonly Likely[]>;
  /** The keys of a new record, to be written with it; null when nothing of it is checked. */
  beside: KeepBeside;
  wake(): void;
}

/** What the search for duplicates needs. */
type DuplicatesOptions = KeyKeeperOptions & Omit<FindOptions, 'places'>;

/** Makes the search for duplicates over a database (docs/decisions/0008). It begins to make keys that are due. */
export function createDuplicates(options: DuplicatesOptions): DuplicatesEngine {
  const keeper = createKeyKeeper(options);
  keeper.wake();
  const likely: DuplicatesEngine['likely'] = (context, entity, question) =>
    findDuplicates({ ...options, places: keeper.places }, context, entity, question);
  return {
    likely,
    async find(context, entity, question) {
      // With the keys there are, a clerk is helped more than with an error.
      await keeper.settle(PATIENCE_MS).catch(options.report);
      return (await likely(context, entity, question)).map(({ candidate }) => candidate);
    },
    judgements: (context, entity, id) => listJudgements(options, context, entity, id),
    beside(draft, context) {
      const fields = checkedFields(context.model, draft.entity);
      return fields && keysBeside(fields, draft, keeper.places());
    },
    settle: () => keeper.settle(),
    wake: keeper.wake,
    stop: keeper.stop,
  };
}
