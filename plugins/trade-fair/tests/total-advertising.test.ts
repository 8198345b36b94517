import type { RecordData } from '@mortise/core/plugin';
import { describe, expect, it } from 'vitest';
import { totalAdvertising } from '../src/total-advertising.ts';

const spent = (draft: RecordData): RecordData =>
  totalAdvertising({
    entity: 'fair_participation',
    id: 'p-1',
    previous: null,
    draft,
    sent: new Set(Object.keys(draft)),
  });

describe('totalAdvertising', () => {
  it('FAIR-06 adds the advertising records up in decimals', () => {
    const ad_log = [
      { medium: '指南', amount: '0.10' },
      { medium: '户外', amount: '0.20' },
      { medium: '赠送' },
    ];
    expect(spent({ ad_log })).toEqual({ ad_spent: '0.30' });
  });

  it('is in the currency of the budget it is compared with', () => {
    expect(spent({ ad_log: [{ amount: '5000' }], ad_budget_currency: 'USD' })).toEqual({
      ad_spent: '5000.00',
      ad_spent_currency: 'USD',
    });
  });

  it('is empty where nothing was recorded', () => {
    expect(spent({})).toEqual({ ad_spent: null });
    expect(spent({ ad_log: null })).toEqual({ ad_spent: null });
    expect(spent({ ad_log: [{ medium: '指南', amount: null }] })).toEqual({ ad_spent: null });
  });

  it('leaves what is no amount to validation', () => {
    expect(spent({ ad_log: [{ amount: 'much' }, 'nonsense', { amount: '1.00' }] })).toEqual({
      ad_spent: '1.00',
    });
  });
});
