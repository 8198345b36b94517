import type { ModelHolder } from '../change/holder.ts';
import { createKeeper, type Keeper } from '../kept-keys/keeper.ts';
import { watchTables, type Watched } from '../kept-keys/watch-tables.ts';
import type { Database } from '../store/database.ts';
import type { Dictionaries } from '../store/dictionaries.ts';
import { checkedFields, type CheckedFields } from './checked-fields.ts';
import { makeKeys } from './make-keys.ts';
import { PLACE_DICTIONARIES, placesOf, type Places } from './places.ts';
import { KEYS_VERSION } from './record-keys.ts';

/** Keeps the keys of all records current. */
export interface KeyKeeper extends Keeper {
  places(): Places;
}

export interface KeyKeeperOptions {
  readonly db: Database;
  readonly dictionaries: Dictionaries;
  readonly models: Pick<ModelHolder, 'current' | 'onSwap'>;
  /** Told when the work in the background fails; it is tried again with the next question or write. */
  readonly report: (error: unknown) => void;
}

/** Starts to keep the keys. */
export function createKeyKeeper({ db, dictionaries, models, report }: KeyKeeperOptions): KeyKeeper {
  let revision = '';
  let known: Places | null = null;
  const places = (): Places => {
    const now = PLACE_DICTIONARIES.map((name) => dictionaries.revision(name)).join();
    if (!known || now !== revision) known = placesOf(dictionaries);
    revision = now;
    return known;
  };
  const keeper = createKeeper({
    db,
    kind: 'duplicate',
    models,
    report,
    watch: () => watchTables(db, 'duplicate', [...checkedEntities(models).values()].map(watchedOf)),
    makeSome: () => makeKeys(db, { entities: checkedEntities(models), places: places() }),
  });
  return { ...keeper, places };
}

function watchedOf({ entity, checked, places, company }: CheckedFields): Watched {
  return {
    entity,
    fields: [...checked.map(({ field }) => field), ...places, ...(company ? [company.field] : [])],
    rules: [KEYS_VERSION, checked.map(({ field, kind }) => [field.name, kind])],
  };
}

function checkedEntities(models: KeyKeeperOptions['models']): ReadonlyMap<string, CheckedFields> {
  const model = models.current();
  const all = new Map<string, CheckedFields>();
  for (const entity of model.entities.values()) {
    const fields = checkedFields(model, entity);
    if (fields) all.set(entity.name, fields);
  }
  return all;
}
