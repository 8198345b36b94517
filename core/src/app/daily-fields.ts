import type { PlannedStep } from '../change/online-steps/online-step.ts';
import { recordSteps } from '../change/online-steps/record-steps.ts';
import type { Changes } from '../change/changes.ts';
import { dateIn } from '../expression/calendar.ts';
import type { Model } from '../model/model.ts';
import { dailyFields } from '../records/derived/recalculate.ts';
import type { Database } from '../store/database.ts';
import { stepOf } from './recalculate-step.ts';

/** How often the clock is looked at; nothing is asked of the database before the day has changed. */
const EVERY_MS = 60_000;
/** A write that began before midnight may still be under way: its values are overtaken, not left behind. */
const AFTER_MIDNIGHT_MS = 60_000;

/** Keeps stored formulas over `today()` right: calculates them anew when the business day has changed (ENG-05). */
export interface DailyFields {
  /** Leaves the calculation as online steps when no node has done so today. Answers whether it did. */
  look(): Promise<boolean>;
  /** Looks now and whenever the day changes. */
  start(): void;
  stop(): void;
}

export interface DailyFieldsOptions {
  readonly db: Database;
  readonly changes: Changes;
  readonly now?: () => Date;
  /** Told of a failure; it is tried again a minute later. */
  readonly report: (error: unknown) => void;
}

/** A step for every entity with formulas over its own records, and for each field that follows other records. */
function stepsOf(model: Model): readonly PlannedStep[] {
  const fields = dailyFields(model);
  const first = fields.filter(
    (field, at) =>
      field.derived || fields.findIndex((each) => !each.derived && each.entity === field.entity) === at,
  );
  return first.map((field) => stepOf(model, field));
}

/** @see DailyFields */
export function createDailyFields(options: DailyFieldsOptions): DailyFields {
  const { db, changes, now = () => new Date(), report } = options;
  let seen = '';
  let timer: NodeJS.Timeout | null = null;
  const dayNow = (): string =>
    dateIn(changes.current().settings.timeZone, new Date(now().getTime() - AFTER_MIDNIGHT_MS));

  async function look(): Promise<boolean> {
    const day = dayNow();
    if (day === seen || changes.readOnly()) return false;
    const model = changes.current();
    const isFirst = await db.transaction(async (tx) => {
      const rows = await tx.query({
        text: `insert into mortise.business_day (day) values ($1) on conflict (only_row)
          do update set day = excluded.day where business_day.day < excluded.day returning day`,
        values: [day],
      });
      if (rows.length === 0) return false;
      await recordSteps(tx, model.version, stepsOf(model));
      return true;
    });
    seen = day;
    if (isFirst) changes.resumeSteps();
    return isFirst;
  }

  const tick = (): void => void look().catch(report);
  return {
    look,
    start() {
      tick();
      timer = setInterval(tick, EVERY_MS);
      timer.unref();
    },
    stop() {
      if (timer) clearInterval(timer);
    },
  };
}
