import { beforeAll, expect, it } from 'vitest';
import { describeEngines } from '@mortise/core/testing';
import { type Person, type RunningApplication, startApplication } from '@mortise/core/testing';

describeEngines('the publication plugin alone with the base', (open) => {
  let running: RunningApplication;
  let clerk: Person;
  let manager: Person;
  let finance: Person;
  let customer: string;

  beforeAll(async () => {
    running = await startApplication(open);
    await running.enableOnly('publication');
    [clerk, manager, finance] = await Promise.all([
      running.person('circulation_clerk'),
      running.person('department_manager'),
      running.person('finance'),
    ]);
    const account = {
      name: '重庆某某食品有限公司',
      province: '50',
      address: '渝中区解放碑 2 号',
      postcode: '400010',
      phone: '023-63000000',
    };
    customer = String((await manager.create('customer', account))['id']);
    await clerk.create('publication_title', {
      code: 'semimonthly',
      name: '半月刊',
      cycle: 'semimonthly',
      unit_price: '10',
    });
    await clerk.create('publication_title', {
      code: 'fair_guide',
      name: '参展指南',
      cycle: 'yearly',
      year_price: '180',
    });
    await clerk.create('publication_title', {
      code: 'paili_news',
      name: '派力资讯',
      cycle: 'irregular',
      unit_price: '5',
      active: false,
    });
  });

  const line = (more = {}) => ({
    publication: 'semimonthly',
    copies: 2,
    start_date: '2026-01-01',
    end_date: '2026-12-31',
    ...more,
  });
  const subscribe = (more = {}) => clerk.create('subscription', { customer, lines: [line()], ...more });
  const whole = (id: unknown) => clerk.read('subscription', String(id), { include: ['lines'] });

  it('PLG-06 runs without the other plugins', () => {
    expect(running.app.changes.current().plugins).toEqual(['publication']);
  });

  it('PUB-03, PUB-04 prices several titles and goes to the customer’s address', async () => {
    const { id } = await subscribe({ lines: [line(), line({ publication: 'fair_guide', copies: 1 })] });
    const made = await whole(id);
    expect(made).toMatchObject({
      region: '50',
      delivery_address: '渝中区解放碑 2 号',
      postcode: '400010',
      amount: '660.00',
      payment_status: 'none',
      nature: 'paid',
    });
    expect(made['order_no']).toMatch(/^SUB\d{4}\d{5}$/);
    expect(made['lines']).toMatchObject([
      { issues: 24, unit_price: '10.00', amount: '480.00', price_note: '单价 10.00 × 24 期 × 2 份' },
      { issues: 1, unit_price: '180.00', amount: '180.00' },
    ]);
  });

  it('DM-SUB-04 another address may be given; without any the subscription is refused', async () => {
    const { id } = await subscribe({ delivery_address: '成都市春熙路 1 号' });
    expect(await whole(id)).toMatchObject({ delivery_address: '成都市春熙路 1 号' });
    const homeless = await manager.create('customer', { name: '没有地址的公司' });
    await expect(subscribe({ customer: homeless['id'] })).rejects.toThrow('/delivery_address');
  });

  it('DM-SUB-12 complimentary copies cost nothing and need a reason', async () => {
    await expect(subscribe({ nature: 'complimentary' })).rejects.toThrow('/complimentary_reason');
    const { id } = await subscribe({ nature: 'complimentary', complimentary_reason: '行业协会' });
    expect(await whole(id)).toMatchObject({
      amount: '0.00',
      payment_status: 'full',
      lines: [{ amount: '0.00', price_note: '赠阅 24 期 × 2 份' }],
    });
  });

  it('DM-SUB-10 refuses a term that ends before it begins', async () => {
    await expect(subscribe({ lines: [line({ end_date: '2025-12-31' })] })).rejects.toMatchObject({
      faults: [{ path: '/lines/0/end_date' }],
    });
  });

  it('DM-SUB-08 refuses no copies at all', async () => {
    await expect(subscribe({ lines: [line({ copies: 0 })] })).rejects.toThrow('/lines/0/copies');
  });

  it('DM-ISS-01 refuses a title that takes no subscriptions, and a second title of one publication', async () => {
    await expect(subscribe({ lines: [line({ publication: 'paili_news', issues: 3 })] })).rejects.toThrow(
      '/lines/0/publication',
    );
    await expect(
      clerk.create('publication_title', { code: 'semimonthly', name: '又一本', cycle: 'semimonthly' }),
    ).rejects.toMatchObject({ code: 'MRT_RECORD_UNIQUE' });
  });

  it('PUB-04 counts again when the term changes', async () => {
    const { id } = await subscribe();
    const [first] = (await whole(id))['lines'] as readonly { readonly id: string }[];
    await clerk.update('subscription', String(id), {
      lines: [{ id: first?.id, ...line({ end_date: '2026-06-30' }) }],
    });
    expect(await whole(id)).toMatchObject({ amount: '240.00', lines: [{ issues: 12, amount: '240.00' }] });
  });

  it('PM-07 the clerk may not enter payments, finance may', async () => {
    const { id } = await subscribe();
    await expect(clerk.update('subscription', String(id), { received_amount: '480' })).rejects.toMatchObject({
      code: 'MRT_ACCESS_FIELD',
    });
    await finance.update('subscription', String(id), { received_amount: '480' });
    expect(await whole(id)).toMatchObject({ payment_status: 'full' });
  });

  it('DM-SUB-19 a call may come before any subscription and is kept with the customer', async () => {
    const call = await clerk.create('subscription_call', {
      customer,
      result: 'call_back',
      next_call_at: '2026-04-01T01:00:00Z',
      content: '请四月再联系',
    });
    expect(call['time']).toEqual(expect.any(String));
    const read = await clerk.read('customer', customer, { include: ['subscription_calls'] });
    expect(read['subscription_calls']).toMatchObject([{ id: call['id'] }]);
  });
});
