import { type BeforeWrite, Decimal, type RecordData } from '@mortise/core/plugin';

/**
 * What a company has really spent on advertising at a fair: the sum of its advertising records, to compare with the
 * budget (FAIR-06). Empty where nothing was recorded.
 */
export function totalAdvertising({ draft }: BeforeWrite): RecordData {
  const amounts = entriesOf(draft['ad_log']).flatMap((entry) => decimalsOf(entry['amount']));
  if (amounts.length === 0) return { ad_spent: null };
  const sum = amounts.reduce((total, amount) => total.plus(amount), new Decimal(0));
  return {
    ad_spent: sum.toFixed(2),
    ad_spent_currency: draft['ad_budget_currency'] ?? draft['ad_spent_currency'],
  };
}

function entriesOf(log: unknown): readonly RecordData[] {
  return Array.isArray(log)
    ? log.filter((entry): entry is RecordData => typeof entry === 'object' && entry !== null)
    : [];
}

/** A hook runs before validation: what is no decimal is left for validation to name. */
function decimalsOf(value: unknown): Decimal[] {
  return typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value) ? [new Decimal(value)] : [];
}
