import type { RecordData } from '@mortise/core/plugin';
import { describe, expect, it } from 'vitest';
import { paymentOf } from '../src/payment-status.ts';
import { orderEvent } from './order-fixture.ts';

function status(draft: RecordData, previous: RecordData | null = null): RecordData {
  const event = orderEvent(draft, previous);
  return paymentOf(event, event.draft);
}

describe('paymentOf', () => {
  it.each([
    [null, 'none'],
    ['0.00', 'none'],
    ['0.01', 'partial'],
    ['999.99', 'partial'],
    ['1000.00', 'full'],
    ['1000.01', 'full'],
  ])('DM-ADO-12 of 1000.00, %s received means %s', (received_amount, expected) => {
    expect(status({ contract_amount: '1000.00', received_amount })).toEqual({ payment_status: expected });
  });

  it('has nothing outstanding where nothing is owed', () => {
    expect(status({ contract_amount: '0.00', received_amount: null })).toEqual({ payment_status: 'full' });
  });

  const stored = { contract_amount: '1000.00', received_amount: '999.00', payment_status: 'full' };

  it('DM-ADO-12 keeps what finance has set until the money changes', () => {
    expect(status({ contract_subject: '半版' }, stored)).toEqual({});
    expect(status({ received_amount: '500.00' }, stored)).toEqual({ payment_status: 'partial' });
    expect(status({ contract_amount: '2000.00' }, stored)).toEqual({ payment_status: 'partial' });
  });

  it('DM-ADO-12 lets finance call an order paid that is a little short', () => {
    expect(status({ payment_status: 'full' }, { ...stored, payment_status: 'partial' })).toEqual({});
  });

  it('DICT-21 refuses a part payment without an amount, and “not received” beside money', () => {
    expect(() => status({ contract_amount: '1000.00', payment_status: 'partial' })).toThrow(
      '/received_amount',
    );
    expect(() =>
      status({ contract_amount: '1000.00', received_amount: '10.00', payment_status: 'none' }),
    ).toThrow('/payment_status');
  });

  it('an empty status is derived again', () => {
    expect(status({ payment_status: null, received_amount: '1.00' }, stored)).toEqual({
      payment_status: 'partial',
    });
  });
});
