import { type BeforeWrite, Decimal, type HookScope, type RecordData, refuse } from '@mortise/core/plugin';
import { paymentOf } from './payment-status.ts';
import { priceLines } from './price-lines.ts';
import { readDecimal } from './read-decimal.ts';
import { stampReviews } from './stamp-reviews.ts';

/**
 * Before an advertising order is written: prices its lines, totals it, derives the payment status and notes who
 * reviewed it (ADV-04, ADV-05, ADV-08, DM-ADO-12…17).
 */
export async function writeOrder(event: BeforeWrite, scope: HookScope): Promise<RecordData> {
  const reviews = stampReviews(event, scope.actor.id, new Date());
  const priced = event.previous === null || event.sent.has('lines') ? await priceOrder(event, scope) : {};
  return { ...reviews, ...priced, ...paymentOf(event, { ...event.draft, ...priced }) };
}

async function priceOrder({ draft, previous }: BeforeWrite, scope: HookScope): Promise<RecordData> {
  const lines = linesOf(draft);
  if (lines.length === 0) {
    throw refuse(
      { 'zh-CN': '订单至少要有一项广告服务。', en: 'An order needs at least one advertising service.' },
      '/lines',
    );
  }
  const day = typeof draft['order_date'] === 'string' ? draft['order_date'] : scope.today;
  const priced = await priceLines(lines, previous ? linesOf(previous) : [], day, scope);
  const currency = oneCurrency(priced);
  return {
    lines: priced,
    contract_amount: totalOf(priced).toFixed(2),
    ...(currency ? { contract_amount_currency: currency } : {}),
  };
}

/** Sum of the lines' amounts. */
export function totalOf(lines: readonly RecordData[]): Decimal {
  return lines.reduce((sum, line) => sum.plus(readDecimal(line['amount']) ?? 0), new Decimal(0));
}

/** Amounts of different currencies cannot be added up. Undefined where no line names one. */
function oneCurrency(lines: readonly RecordData[]): unknown {
  const currencies = lines.map((line) => line['amount_currency'] ?? null);
  const currency = currencies.find((each) => each !== null);
  const other = currencies.findIndex((each) => each !== null && each !== currency);
  if (other < 0) return currency;
  throw refuse(
    { 'zh-CN': '同一订单的各行须用同一币种。', en: 'All lines of an order must be in one currency.' },
    `/lines/${other}/unit_price_currency`,
  );
}

function linesOf(record: RecordData): readonly RecordData[] {
  return Array.isArray(record['lines']) ? (record['lines'] as readonly RecordData[]) : [];
}
