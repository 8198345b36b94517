import type { Context } from '../context/context.ts';
import type { Model } from '../model/model.ts';
import type { LoadedPlugin } from '../plugin/hook-runner.ts';
import type { WriteFollower } from '../records/follow-write.ts';
import type { Records } from '../records/records.ts';
import type { Database } from '../store/database.ts';
import type { Dictionaries } from '../store/dictionaries.ts';
import { clockContext } from './acting.ts';
import { runClockRules, type ClockOptions } from './clock-rules.ts';
import { runDeadlines } from './deadlines.ts';
import { forgetOld } from './forget-old.ts';
import { sendDue, type OutboxOptions } from './outbox.ts';
import { createPluginCaller } from './plugin-call.ts';
import { noteRun, type NewRun } from './run-log.ts';
import { createRuleRunner } from './rule-runner.ts';
import type { WebhookPolicy } from './webhook.ts';
import { createWorker, type Worker } from './worker.ts';

export interface AutomationOptions {
  readonly db: Database;
  readonly dictionaries: Dictionaries;
  readonly plugins: readonly LoadedPlugin[];
  /** Asked for late: the records engine itself is built with the follower. */
  readonly records: () => Records;
  readonly model: () => Model;
  readonly policy: WebhookPolicy;
  readonly report: (error: unknown) => void;
  /** Sends one mail of the outbox. */
  readonly mail?: OutboxOptions['mail'];
  /** What else is due by the clock, in the context of nobody. */
  readonly also?: (now: Date, context: Context) => Promise<void>;
  /** The time; tests give another. */
  readonly clock?: () => Date;
}

/** Everything that happens by itself: rules of writes and of the clock, and what leaves the database. */
export interface AutomationEngine {
  readonly follower: WriteFollower;
  /** For runs that somebody wants again. */
  readonly clockOptions: ClockOptions;
  /** Begins to look at the clock and into the outbox. */
  start(): void;
  /** Does what is due now, and waits for it. */
  settle(): Promise<void>;
  /** There may be something to send. */
  wake(): void;
  stop(): Promise<void>;
}

const CLOCK_MS = 20_000;
/** How often what is old is looked for. */
const SWEEP_MS = 600_000;
/** In whose name the clock acts where no rule asks for it. */
const CLOCK = { name: '$clock', label: { 'zh-CN': '时钟', en: 'Clock' } };
const OUTBOX_MS = 5_000;
/** Held by the one node that looks at the clock. */
const LOCK = '73016, 18';

/** Puts the automation together. */
export function createAutomation(options: AutomationOptions): AutomationEngine {
  const { db, dictionaries, records, model, report } = options;
  const clock = options.clock ?? (() => new Date());
  let swept = 0;
  let workers: { readonly outbox: Worker; readonly clock: Worker } | null = null;
  const wake = (): void => workers?.outbox.wake();
  const told = new Set<Promise<void>>();
  const refused = (run: NewRun): void => {
    const telling = noteRun(db, run)
      .then(() => undefined, report)
      .finally(() => told.delete(telling));
    told.add(telling);
  };
  const call = createPluginCaller({ db, plugins: options.plugins, records, model, clock });
  const outbox: OutboxOptions = {
    db,
    policy: options.policy,
    call,
    clock,
    ...(options.mail ? { mail: options.mail } : {}),
  };
  const clockOptions: ClockOptions = { db, dictionaries, records, model, wake, report };

  const lookAtClock = async (): Promise<boolean> => {
    await db.session(async (session) => {
      const [lock] = await session.query<{ held: boolean }>({
        text: `select pg_try_advisory_lock(${LOCK}) as held`,
      });
      if (!lock?.held) return;
      try {
        const now = clock();
        // Each on its own: what stops the deadlines does not stop the rules.
        await runDeadlines(clockOptions, now).catch(report);
        await runClockRules(clockOptions, now);
        await options.also?.(now, clockContext(model(), CLOCK, [], now)).catch(report);
        if (now.getTime() - swept >= SWEEP_MS) {
          swept = now.getTime();
          await forgetOld(session, now);
        }
      } finally {
        await session.query({ text: `select pg_advisory_unlock(${LOCK})` });
      }
    });
    return false;
  };

  return {
    follower: createRuleRunner({ dictionaries, records, refused, wake }),
    clockOptions,
    start() {
      workers ??= {
        outbox: createWorker(() => sendDue(outbox), OUTBOX_MS, report),
        clock: createWorker(lookAtClock, CLOCK_MS, report),
      };
      workers.outbox.wake();
      workers.clock.wake();
    },
    async settle() {
      await Promise.all(told);
      if (workers) {
        await workers.clock.settle();
        await workers.outbox.settle();
      } else {
        await lookAtClock();
        while (await sendDue(outbox));
      }
    },
    wake,
    async stop() {
      await Promise.all([workers?.outbox.stop(), workers?.clock.stop(), ...told]);
    },
  };
}
