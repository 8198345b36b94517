import type { Context } from '../context/context.ts';
import type { Fault } from '../errors/problem.ts';
import type { EntityModel, FieldModel, Model } from '../model/model.ts';
import type { Queryable } from '../store/database.ts';
import { isDate } from '../expression/calendar.ts';
import { quoteName } from '../access/quote-name.ts';
import type { Draft, LineDraft } from './draft.ts';
import { isEmptyValue, sameValue } from './same-value.ts';
import { dateInZone } from './today.ts';
import { faultAt } from './value-fault.ts';

/** Where the rates stand: one record a currency and day. */
const RATES = 'exchange_rate';

const AMOUNTS = new WeakMap<EntityModel, readonly FieldModel[]>();

/** Amounts that may be in several currencies. */
function foreignAmounts(entity: EntityModel): readonly FieldModel[] {
  let found = AMOUNTS.get(entity);
  if (!found) {
    found = [...entity.fields.values()].filter(
      ({ type, def }) => type === 'money' && def['foreign'] === true,
    );
    AMOUNTS.set(entity, found);
  }
  return found;
}

/** Must rates be looked up for a record? Then it cannot be finished without the database. */
export function asksForRates(draft: Draft): boolean {
  return [draft, ...[...draft.lines.values()].flat()].some(({ entity }) => foreignAmounts(entity).length > 0);
}

/**
 * Gives the amounts of a record and its lines the rate of their day (CUR-01): the one that was sent, 1 for the currency of the
 * installation, or the last one noted up to the day. A rate stays until currency or day of its amount change.
 */
export async function applyRates(
  context: Context,
  tx: Queryable,
  draft: Draft,
  faults: Fault[],
): Promise<void> {
  const lines = [...draft.lines.values()].flat();
  for (const each of [{ ...draft, at: '' }, ...lines])
    for (const field of foreignAmounts(each.entity)) await applyRate(context, tx, each, field, faults);
}

type Rated = Pick<LineDraft, 'entity' | 'values' | 'previous' | 'sent' | 'at'>;

async function applyRate(
  context: Context,
  tx: Queryable,
  { values, previous, sent, at }: Rated,
  { name, def }: FieldModel,
  faults: Fault[],
): Promise<void> {
  const [currencyName, rateName] = [`${name}_currency`, `${name}_rate`];
  const base = context.model.settings.currency;
  const currency = String(values[currencyName] ?? base);
  if (currency === base) {
    values[rateName] = '1.00000000';
    return;
  }
  const dayName = typeof def['rateOn'] === 'string' ? def['rateOn'] : null;
  const isOther = (field: string): boolean => previous === null || !sameValue(previous[field], values[field]);
  const mayStay = !isOther(currencyName) && (dayName === null || !isOther(dayName));
  // Written by a person, or still right.
  if (!isEmptyValue(values[rateName]) && (mayStay || (sent.has(rateName) && isOther(rateName)))) return;
  if (isEmptyValue(values[name])) {
    values[rateName] = null;
    return;
  }
  const day = dayOf(context, dayName === null ? null : values[dayName]);
  const rate = await rateOf(context.model, tx, currency, day);
  values[rateName] = rate;
  if (rate === null)
    faults.push(
      faultAt(
        `${at}/${rateName}`,
        'MRT_VALUE_RATE',
        `没有 ${currency} 在 ${day} 的汇率,请填写。`,
        `There is no rate of ${currency} for ${day}; enter one.`,
      ),
    );
}

/** The business day of a date or a moment; without one, of now. */
function dayOf({ now, model: { settings } }: Context, given: unknown): string {
  if (typeof given !== 'string' || given === '') return dateInZone(now, settings.timeZone);
  return isDate(given) ? given : dateInZone(new Date(given), settings.timeZone);
}

/** The last rate noted up to a day, as decimal text; null when there is none. */
async function rateOf(model: Model, tx: Queryable, currency: string, day: string): Promise<string | null> {
  const entity = model.entities.get(RATES);
  const column = (name: string): string | undefined => {
    const found = entity?.fields.get(name)?.column;
    return found?.table === entity?.table ? found?.name : undefined;
  };
  const [of, on, rate] = [column('currency'), column('on'), column('rate')];
  if (!entity || !of || !on || !rate) return null;
  const [row] = await tx.query<{ rate: string }>({
    text: `select round(${quoteName(rate)}, 8)::text as rate from ${quoteName(entity.table)}
      where ${quoteName(of)} = $1 and ${quoteName(on)} <= $2::date and deleted_at is null and is_void is not true
      order by ${quoteName(on)} desc limit 1`,
    values: [currency, day],
  });
  return row?.rate ?? null;
}
