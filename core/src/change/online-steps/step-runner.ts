import { Problem } from '../../errors/problem.ts';
import type { Model } from '../../model/model.ts';
import type { Database, Queryable } from '../../store/database.ts';
import { failpoint } from '../../store/failpoint.ts';
import { outageReason } from '../../store/outage.ts';
import { isSqlError, SQL_STATE } from '../../store/sql-error.ts';
import type { LocaleText } from '../../text/locale.ts';
import type { OnlineStep, OnlineStepKind } from './online-step.ts';
import { beginStep, nextStep, storeFailure, storeProgress } from './step-store.ts';

const reached = {
  begun: failpoint('step.begun'),
  worked: failpoint('step.worked'),
  stored: failpoint('step.stored'),
};
/** Held by the one node that is at work on the steps. A session's lock: it goes when its connection does. */
const LOCK = '73016, 6';
const MOST_ATTEMPTS = 5;
/** Another node may have died over its work; a step may wait for a table. */
const LOOK_AGAIN_MS = 5_000;
/** Pass by themselves as a rule, but may also be a step's own fault: it is not tried for ever. Other outages are waited out. */
const DOUBTFUL: readonly string[] = [
  SQL_STATE.lockTimeout,
  SQL_STATE.deadlock,
  SQL_STATE.serialization,
  SQL_STATE.cancelled,
  'MRT_MODEL_STALE',
];

export interface StepRunnerOptions {
  readonly db: Database;
  readonly kinds: readonly OnlineStepKind[];
  readonly model: () => Model;
  /** Told of a failure that is not a step's own, e.g. a lost connection. */
  readonly report: (error: unknown) => void;
}

/** Does the recorded steps of all versions up to this node's, one after the other, on one node at a time. */
export class StepRunner {
  readonly #options: StepRunnerOptions;
  readonly #kinds: ReadonlyMap<string, OnlineStepKind>;
  #running: Promise<void> | null = null;
  #again = false;
  #resumed = false;
  #stopped = false;
  #timer: NodeJS.Timeout | null = null;

  constructor(options: StepRunnerOptions) {
    this.#options = options;
    this.#kinds = new Map(options.kinds.map((kind) => [kind.kind, kind]));
  }

  /** Begins, when everything that the kinds need has been put together. */
  resume(): void {
    this.#resumed = true;
    this.wake();
  }

  /** There may be something to do. Does not wait for it. */
  wake(): void {
    if (this.#stopped || !this.#resumed) return;
    this.#again = true;
    this.#running ??= this.#run().finally(() => {
      this.#running = null;
      if (this.#again) this.wake();
    });
  }

  /** Resolves when this node finds nothing more to do. */
  async settled(): Promise<void> {
    this.resume();
    while (this.#running) await this.#running;
  }

  /** Waits for the piece at work; the rest goes on at the next start. */
  async stop(): Promise<void> {
    this.#stopped = true;
    if (this.#timer) clearTimeout(this.#timer);
    await this.#running;
  }

  async #run(): Promise<void> {
    try {
      while (this.#again && !this.#stopped) {
        this.#again = false;
        await this.#round();
      }
    } catch (error) {
      this.#again = false;
      if (this.#stopped) return;
      this.#options.report(error);
      this.#later();
    }
  }

  /** Everything that can be done now. */
  async #round(): Promise<void> {
    const { db } = this.#options;
    if (!(await this.#next(db, []))) return;
    await db.session(async (session) => {
      const [lock] = await session.query<{ held: boolean }>({
        text: `select pg_try_advisory_lock(${LOCK}) as held`,
      });
      if (!lock?.held) return this.#later();
      try {
        const skipped: string[] = [];
        for (;;) {
          const step = this.#stopped ? undefined : await this.#next(session, skipped);
          if (!step) break;
          if (!(await this.#finish(step, session))) skipped.push(step.id);
        }
        if (skipped.length > 0) this.#later();
      } finally {
        await session.query({ text: `select pg_advisory_unlock(${LOCK})` });
      }
    });
  }

  #next(db: Queryable, skipped: readonly string[]): Promise<OnlineStep | undefined> {
    return nextStep(db, [...this.#kinds.keys()], this.#options.model().version, skipped);
  }

  /** Piece after piece. Answers false when the step must wait for a better moment. */
  async #finish(step: OnlineStep, session: Queryable): Promise<boolean> {
    const kind = this.#kinds.get(step.kind)!;
    if (!(await beginStep(session, step.id))) return true;
    reached.begun();
    let at = step;
    while (!this.#stopped) {
      const { db, model } = this.#options;
      try {
        const progress = await kind.advance({ step: at, db, session, model: model() });
        reached.worked();
        if (!(await storeProgress(session, step.id, progress)) || progress.finished) break;
        reached.stored();
        at = { ...at, ...progress };
      } catch (error) {
        return await this.#failed(step, session, error);
      }
    }
    return true;
  }

  async #failed(step: OnlineStep, session: Queryable, error: unknown): Promise<boolean> {
    const doubtful = (isSqlError(error) || error instanceof Problem) && DOUBTFUL.includes(error.code);
    const passing = doubtful || outageReason(error) !== null;
    const attempts = await storeFailure(session, step.id, reasonOf(error), !passing);
    if (!passing) return true;
    if (doubtful && attempts >= MOST_ATTEMPTS) await storeFailure(session, step.id, reasonOf(error), true);
    return false;
  }

  #later(): void {
    if (this.#stopped || this.#timer) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.wake();
    }, LOOK_AGAIN_MS);
    this.#timer.unref();
  }
}

function reasonOf(error: unknown): LocaleText {
  if (!(error instanceof Problem)) {
    const text = error instanceof Error ? error.message : String(error);
    return { 'zh-CN': text, en: text };
  }
  const texts = [error.text, ...error.faults.map(({ message }) => message)];
  return {
    'zh-CN': texts.map((text) => text['zh-CN']).join(' '),
    en: texts.map((text) => text.en).join(' '),
  };
}
