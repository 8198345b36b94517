import { beforeAll, expect, it } from 'vitest';
import { describeEngines } from '@mortise/core/testing';
import { type Person, type RunningApplication, startApplication } from '@mortise/core/testing';

describeEngines('the advertising plugin alone with the base', (open) => {
  let running: RunningApplication;
  let seller: Person;
  let manager: Person;
  let finance: Person;
  let customer: string;
  let service: string;

  beforeAll(async () => {
    running = await startApplication(open);
    await running.enableOnly('advertising');
    [seller, manager, finance] = await Promise.all([
      running.person('employee'),
      running.person('department_manager'),
      running.person('finance'),
    ]);
    customer = String((await seller.create('customer', { name: '成都某某酒业有限公司' }))['id']);
    const half = {
      service_type: 'inside_page',
      edition: 'baijiu',
      size: 'half',
      colour: 'full_color',
      price: '8000',
      valid_from: '2026-01-01',
      valid_to: '2027-12-31',
    };
    service = String((await manager.create('ad_service', half))['id']);
  });

  const newOrder = (more = {}) =>
    seller.create('ad_order', {
      customer,
      order_date: '2026-03-01',
      lines: [{ ad_service: service, quantity: '2', discount: '0.85' }],
      ...more,
    });

  it('PLG-06 runs without the other plugins', () => {
    expect(running.app.changes.current().plugins).toEqual(['advertising']);
    expect(running.app.changes.current().entities.has('subscription')).toBe(false);
  });

  it('DM-ADS-02 names a service that nobody named', async () => {
    expect(await seller.read('ad_service', service)).toMatchObject({
      name: '内页广告 · 白酒版 · 1/2版 · 彩色',
      price: '8000.00',
    });
  });

  it('DM-ADS-09 refuses an edition outside the semi-monthly', async () => {
    const board = { service_type: 'outdoor', edition: 'baijiu', price: '1' };
    await expect(manager.create('ad_service', board)).rejects.toThrow('/edition');
  });

  it('DM-ADS-09 empties what a service does not have once its type changes', async () => {
    const made = await manager.create('ad_service', {
      service_type: 'inside_page',
      edition: 'baijiu',
      size: 'half',
      price: '1',
    });
    await manager.update('ad_service', String(made['id']), { service_type: 'outdoor', details: '高速路口' });
    expect(await manager.read('ad_service', String(made['id']))).toMatchObject({
      edition: null,
      size: null,
      details: '高速路口',
      name: '户外',
    });
  });

  it('ADV-04 prices, explains and totals an order', async () => {
    const { id } = await newOrder();
    const order = await seller.read('ad_order', String(id), { include: ['lines'] });
    expect(order).toMatchObject({
      contract_amount: '13600.00',
      contract_amount_currency: 'CNY',
      payment_status: 'none',
      contract_review: 'pending',
    });
    expect(order['order_no']).toMatch(/^AD\d{4}\d{5}$/);
    expect(order['lines']).toMatchObject([
      {
        quantity: '2.00',
        catalogue_price: '8000.00',
        unit_price: '8000.00',
        discount: '0.8500',
        amount: '13600.00',
        price_note: '刊例价 8000.00 × 2 × 0.85',
        edition: 'baijiu',
      },
    ]);
  });

  it('GL-67 a changed line is calculated anew, the others stay', async () => {
    const { id } = await newOrder({
      lines: [{ ad_service: service }, { ad_service: service, amount: '4000' }],
    });
    const order = await seller.read('ad_order', String(id), { include: ['lines'] });
    const [first, second] = order['lines'] as readonly { readonly id: string }[];
    await seller.update('ad_order', String(id), {
      lines: [
        { id: first?.id, ad_service: service, quantity: '3' },
        { id: second?.id, ad_service: service },
      ],
    });
    const changed = await seller.read('ad_order', String(id), { include: ['lines'] });
    expect(changed['lines']).toMatchObject([
      { amount: '24000.00' },
      { amount: '4000.00', discount: '0.5000' },
    ]);
    expect(changed['contract_amount']).toBe('28000.00');
  });

  it('ADV-03 refuses a price that is not valid on the day of the order', async () => {
    await expect(newOrder({ order_date: '2025-12-31' })).rejects.toMatchObject({
      code: 'MRT_PLUGIN_REFUSED',
      faults: [{ path: '/lines/0/ad_service' }],
    });
  });

  it('DM-ADO-01 refuses an order without a service', async () => {
    await expect(newOrder({ lines: [] })).rejects.toThrow('/lines');
  });

  it('WF-02, PM-07, PM-09 staff may not enter payments or review; finance and the manager may', async () => {
    const { id } = await newOrder();
    const order = String(id);
    await expect(seller.update('ad_order', order, { received_amount: '1.00' })).rejects.toMatchObject({
      code: 'MRT_ACCESS_FIELD',
    });
    await expect(seller.update('ad_order', order, { contract_review: 'approved' })).rejects.toMatchObject({
      code: 'MRT_ACCESS_FIELD',
    });
    await expect(manager.update('ad_order', order, { contract_review: 'approved' })).rejects.toMatchObject({
      code: 'MRT_ACCESS_FIELD',
    });
    await seller.transition('ad_order', order, 'submit_order');
    await expect(seller.update('ad_order', order, { lines: [{ ad_service: service }] })).rejects.toThrow(
      '/lines',
    );
    await manager.transition('ad_order', order, 'contract_pass');
    const payment = { received_amount: '600.00', guarantee_record: '经理担保' };
    await finance.transition('ad_order', order, 'finance_pass', { input: payment });
    expect(await seller.read('ad_order', order)).toMatchObject({
      order_status: 'effective',
      payment_status: 'partial',
      contract_reviewer: manager.id,
      finance_reviewer: finance.id,
      contract_amount: '13600.00',
    });
    await finance.update('ad_order', order, { received_amount: '13600.00' });
    expect(await seller.read('ad_order', order)).toMatchObject({ payment_status: 'full' });
  });

  it('PM-04 one seller does not see the orders of another, the manager does', async () => {
    const { id } = await newOrder();
    const other = await running.person('employee');
    expect((await other.list('ad_order')).items).toEqual([]);
    expect((await manager.list('ad_order', { filter: { id } })).items).toHaveLength(1);
  });

  it('DM-REL-03 a customer knows his orders', async () => {
    await newOrder();
    const read = await seller.read('customer', customer, { include: ['ad_orders', 'media_records'] });
    expect((read['ad_orders'] as readonly unknown[]).length).toBeGreaterThan(0);
    expect(read['media_records']).toEqual([]);
  });

  it('PLG-03 disabled and enabled while running, it is gone and back with its data', async () => {
    const { id } = await newOrder();
    await running.enableOnly();
    await expect(seller.read('ad_order', String(id))).rejects.toMatchObject({ code: 'MRT_ENTITY_UNKNOWN' });
    await running.enableOnly('advertising');
    expect(await seller.read('ad_order', String(id))).toMatchObject({ contract_amount: '13600.00' });
  });
});
