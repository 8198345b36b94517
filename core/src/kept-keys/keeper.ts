import type { ModelHolder } from '../change/holder.ts';
import type { Database, Row } from '../store/database.ts';
import type { KindOfKeys } from './watch-tables.ts';

/** Keeps keys that are made outside of the writes current. */
export interface Keeper {
  /** Waits until no record waits, or `most` milliseconds: a bulk load must not hold up who asks. */
  settle(most?: number): Promise<void>;
  /** Makes what is due soon, without anybody waiting for it. */
  wake(): void;
  stop(): Promise<void>;
}

export interface KeeperOptions {
  readonly db: Database;
  readonly kind: KindOfKeys;
  readonly models: Pick<ModelHolder, 'onSwap'>;
  /** Puts the triggers on the tables; asked once for each model. */
  readonly watch: () => Promise<void>;
  /** Makes the keys of some records that wait; whether more may wait. */
  readonly makeSome: () => Promise<boolean>;
  /** Told when the work in the background fails; it is tried again with the next question or write. */
  readonly report: (error: unknown) => void;
}

/** How long writes are collected before their keys are made. A question does not wait for it: it makes what is due. */
const COLLECT_MS = 300;
/** While writes keep coming keys are made no oftener: of many records at once each costs a fraction. */
const REST_MS = 1000;

/** Starts to keep the keys. */
export function createKeeper({ db, kind, models, watch, makeSome, report }: KeeperOptions): Keeper {
  let stopped = false;
  /** Counts the models; a model that comes while the tables of the one before are prepared needs its own. */
  let model = 0;
  let watched = -1;
  let running: Promise<void> | null = null;
  let timer: NodeJS.Timeout | undefined;
  let restedAt = 0;

  const work = async (): Promise<void> => {
    while (watched !== model) {
      const at = model;
      await watch();
      watched = at;
    }
    for (;;) if (stopped || !(await makeSome())) return;
  };
  const run = (): Promise<void> => {
    running ??= work().finally(() => {
      running = null;
      restedAt = performance.now() + REST_MS;
    });
    return running;
  };
  const wake = (): void => {
    if (stopped) return;
    timer ??= setTimeout(
      () => {
        timer = undefined;
        run().catch((error: unknown) => {
          if (!stopped) report(error);
        });
      },
      Math.max(COLLECT_MS, restedAt - performance.now()),
    );
    timer.unref();
  };
  const forget = models.onSwap(() => {
    model += 1;
    wake();
  });

  return {
    wake,
    async settle(most) {
      if (watched === model && !running && !(await isAnyDue(db, kind))) return;
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

async function isAnyDue(db: Database, kind: KindOfKeys): Promise<boolean> {
  const rows = await db.query<Row & { due: boolean }>({
    text: `select exists (select from mortise.${kind}_pending) as due`,
  });
  return rows[0]?.due === true;
}
