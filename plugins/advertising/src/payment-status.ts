import { type BeforeWrite, Decimal, type RecordData, refuse } from '@mortise/core/plugin';
import { readDecimal } from './read-decimal.ts';

/** 全款到 / 到XXX / 未到 (DICT-21). */
type PaymentStatus = 'full' | 'partial' | 'none';

/** What the money received says about an order. Where nothing is owed, everything has been received. */
function paymentStatus(received: Decimal, total: Decimal): PaymentStatus {
  if (received.gte(total)) return 'full';
  return received.gt(0) ? 'partial' : 'none';
}

/**
 * The payment status of an order: derived from the money received (DM-ADO-12), unless somebody who may do so has
 * set it. A status that was set stays until the money or the total changes.
 * @param order the draft with its total
 * @throws MRT_PLUGIN_REFUSED when the status that was set contradicts the money received
 */
export function paymentOf({ previous, sent }: BeforeWrite, order: RecordData): RecordData {
  const received = readDecimal(order['received_amount']);
  const total = readDecimal(order['contract_amount']);
  if (received === undefined || !total) return {};
  const money = received ?? new Decimal(0);
  const status = order['payment_status'];
  if (sent.has('payment_status') && typeof status === 'string') {
    requirePossible(status, money);
    return {};
  }
  const known = previous !== null && typeof previous['payment_status'] === 'string';
  if (known && sameMoney(previous, 'received_amount', money) && sameMoney(previous, 'contract_amount', total))
    return {};
  return { payment_status: paymentStatus(money, total) };
}

/** Finance may call an order paid for less than its total; not unpaid when money came, nor part-paid when none did. */
function requirePossible(status: string, received: Decimal): void {
  if (status === 'none' && received.gt(0)) {
    throw refuse(
      {
        'zh-CN': `已到款 ${received.toFixed(2)},不能是“未到”。`,
        en: `${received.toFixed(2)} has been received, so the status cannot be “not received”.`,
      },
      '/payment_status',
    );
  }
  if (status === 'partial' && received.lte(0)) {
    throw refuse(
      { 'zh-CN': '“到XXX”须填写到款金额。', en: 'A part payment needs the amount received.' },
      '/received_amount',
    );
  }
}

function sameMoney(previous: RecordData, field: string, now: Decimal): boolean {
  return now.eq(readDecimal(previous[field]) ?? 0);
}
