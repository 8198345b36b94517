import { type BeforeWrite, Decimal, type HookScope, type RecordData, refuse } from '@mortise/core/plugin';
import { deliveryOfCustomer } from './delivery-of-customer.ts';
import { paymentOf } from './payment-status.ts';
import { priceLines } from './price-lines.ts';
import { readDecimal } from './read-decimal.ts';
import { stampReviews } from './stamp-reviews.ts';

/**
 * Before a subscription is written: fills in where it goes, prices and totals its lines, derives the payment status
 * and notes who reviewed it (DM-SUB-02…18, PUB-04, PUB-05).
 */
export async function writeSubscription(event: BeforeWrite, scope: HookScope): Promise<RecordData> {
  const delivery = await deliveryOfCustomer(event, scope);
  const reviews = stampReviews(event, scope.actor.id, new Date());
  const concerned = event.previous === null || event.sent.has('lines') || event.sent.has('nature');
  const priced = concerned ? await price(event, scope) : {};
  return { ...delivery, ...reviews, ...priced, ...paymentOf(event, { ...event.draft, ...priced }) };
}

async function price({ draft, previous }: BeforeWrite, scope: HookScope): Promise<RecordData> {
  const lines = linesOf(draft);
  if (lines.length === 0) {
    throw refuse(
      { 'zh-CN': '请至少填写一种刊物。', en: 'A subscription needs at least one title.' },
      '/lines',
    );
  }
  const complimentary = draft['nature'] === 'complimentary';
  const changed = previous !== null && complimentary !== (previous['nature'] === 'complimentary');
  const priced = await priceLines(
    lines,
    previous ? linesOf(previous) : [],
    { complimentary, changed },
    scope,
  );
  const currency = oneCurrency(priced);
  return {
    lines: priced,
    amount: totalOf(priced).toFixed(2),
    ...(currency ? { amount_currency: currency } : {}),
  };
}

/** Sum of the lines' amounts. */
function totalOf(lines: readonly RecordData[]): Decimal {
  return lines.reduce((sum, line) => sum.plus(readDecimal(line['amount']) ?? 0), new Decimal(0));
}

/** Amounts of different currencies cannot be added up. Undefined where no line names one. */
function oneCurrency(lines: readonly RecordData[]): unknown {
  const currencies = lines.map((line) => line['amount_currency'] ?? null);
  const currency = currencies.find((each) => each !== null);
  const other = currencies.findIndex((each) => each !== null && each !== currency);
  if (other < 0) return currency;
  throw refuse(
    { 'zh-CN': '同一订阅的各行须用同一币种。', en: 'All lines of a subscription must be in one currency.' },
    `/lines/${other}/unit_price_currency`,
  );
}

function linesOf(record: RecordData): readonly RecordData[] {
  return Array.isArray(record['lines']) ? (record['lines'] as readonly RecordData[]) : [];
}
