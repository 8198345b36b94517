import type { ModelHolder } from '../change/holder.ts';
import type { Database, Row } from '../store/database.ts';
import type { Dictionaries } from '../store/dictionaries.ts';
import { checkedFields, type CheckedFields } from './checked-fields.ts';
import { makeKeys, type KeyRules } from './make-keys.ts';
import { PLACE_DICTIONARIES, placesOf, type Places } from './places.ts';
import { watchTables } from './watch-tables.ts';

/** Keeps the keys of all records current. */
export interface KeyKeeper {
  places(): Places;
  /** Waits until no record waits, or `most` milliseconds: a bulk load must not hold up the clerk. */
  settle(most?: number): Promise<void>;
  /** Makes what is due soon, without anybody waiting for it. */
  wake(): void;
  stop(): Promise<void>;
}

export interface KeyKeeperOptions {
  readonly db: Database;
  readonly dictionaries: Dictionaries;
  readonly models: Pick<ModelHolder, 'current' | 'onSwap'>;
  /** Told when the work in the background fails; it is tried again with the next question or write. */
  readonly report: (error: unknown) => void;
}

/** How long writes are collected before their keys are made. */
const COLLECT_MS = 300;

/** Starts to keep the keys. */
export function createKeyKeeper({ db, dictionaries, models, report }: KeyKeeperOptions): KeyKeeper {
  let stopped = false;
  let watched = false;
  let running: Promise<void> | null = null;
  let timer: NodeJS.Timeout | undefined;
  let revision = '';
  let known: Places | null = null;

  const places = (): Places => {
    const now = PLACE_DICTIONARIES.map((name) => dictionaries.revision(name)).join();
    if (!known || now !== revision) known = placesOf(dictionaries);
    revision = now;
    return known;
  };
  const work = async (): Promise<void> => {
    const entities = checkedEntities(models);
    if (!watched) await watchTables(db, [...entities.values()]);
    watched = true;
    const rules: KeyRules = { entities, places: places() };
    for (;;) if (stopped || !(await makeKeys(db, rules))) return;
  };
  const run = (): Promise<void> => {
    running ??= work().finally(() => (running = null));
    return running;
  };
  const wake = (): void => {
    if (stopped) return;
    timer ??= setTimeout(() => {
      timer = undefined;
      run().catch((error: unknown) => {
        if (!stopped) report(error);
      });
    }, COLLECT_MS);
    timer.unref();
  };
  const forget = models.onSwap(() => {
    watched = false;
    wake();
  });

  return {
    places,
    wake,
    async settle(most) {
      if (watched && !running && !(await isAnyDue(db))) return;
      // A run that began before the last write may have looked already: only one that begins now has seen it.
      const all = (running ? running.then(run) : run()).then(() => true);
      if (most === undefined) return void (await all);
      let waiting: NodeJS.Timeout | undefined;
      const patience = new Promise<boolean>((resolve) => {
        waiting = setTimeout(() => resolve(false), most);
      });
      try {
        // Late failures are told in the background; early ones to who asked.
        if (!(await Promise.race([all, patience]))) all.catch(report);
      } finally {
        clearTimeout(waiting);
      }
    },
    async stop() {
      stopped = true;
      forget();
      clearTimeout(timer);
      await running?.catch(() => undefined);
    },
  };
}

async function isAnyDue(db: Database): Promise<boolean> {
  const rows = await db.query<Row & { due: boolean }>({
    text: 'select exists (select from mortise.duplicate_pending) as due',
  });
  return rows[0]?.due === true;
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
