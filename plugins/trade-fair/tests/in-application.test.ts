import { beforeAll, expect, it } from 'vitest';
import { describeEngines } from '@mortise/core/testing';
import { type Person, type RunningApplication, startApplication } from '@mortise/core/testing';

describeEngines('the trade-fair plugin alone with the base', (open) => {
  let running: RunningApplication;
  let staff: Person;
  let manager: Person;
  let customer: string;
  let fair: string;

  beforeAll(async () => {
    running = await startApplication(open);
    await running.enableOnly('trade-fair');
    [staff, manager] = await Promise.all([running.person('employee'), running.person('department_manager')]);
    customer = String(
      (await staff.create('customer', { name: '泸州某某酒厂', fair_intent: 'interested' }))['id'],
    );
    const edition = {
      edition_no: '114',
      name: '第 114 届全国糖酒商品交易会',
      season: 'spring',
      start_on: '2026-03-26',
      end_on: '2026-03-28',
    };
    fair = String((await manager.create('trade_fair', edition))['id']);
  });

  it('PLG-06 runs without the other plugins', () => {
    expect(running.app.changes.current().plugins).toEqual(['trade-fair']);
  });

  it('DM-FAIR-01…10 records a participation and what was spent on advertising', async () => {
    const made = await staff.create('fair_participation', {
      customer,
      fair,
      purpose: ['recruit', 'launch'],
      stand_size: '36',
      stand_count: 4,
      hall: '3 号馆',
      agency_by_us: true,
      agency_fee: '5000',
      ad_budget: '30000',
      ad_log: [
        { date: '2026-03-26', medium: '参展指南', amount: '12000.50' },
        { date: '2026-03-27', medium: '户外', amount: '0.60' },
      ],
      participation_log: [{ date: '2026-03-26', note: '布展完成' }],
      next_intent: 'interested',
    });
    expect(await staff.read('fair_participation', String(made['id']))).toMatchObject({
      ad_spent: '12001.10',
      ad_spent_currency: 'CNY',
      stand_size: '36.00',
      next_intent: 'interested',
      record_no: expect.stringMatching(/^TF\d{9}$/),
    });
    const read = await staff.read('customer', customer, { include: ['fair_participations'] });
    expect(read).toMatchObject({ fair_intent: 'interested', fair_participations: [{ id: made['id'] }] });
  });

  it('DM-FAIR-01 refuses a second record of one company at one fair', async () => {
    const other = await staff.create('customer', { name: '宜宾某某酒厂' });
    await staff.create('fair_participation', { customer: other['id'], fair });
    await expect(staff.create('fair_participation', { customer: other['id'], fair })).rejects.toMatchObject({
      code: 'MRT_RECORD_UNIQUE',
    });
  });

  it('DM-FAIR-10 refuses an agency fee where we are not the agency', async () => {
    const other = await staff.create('customer', { name: '遵义某某酒厂' });
    await expect(
      staff.create('fair_participation', { customer: other['id'], fair, agency_fee: '1' }),
    ).rejects.toThrow('/agency_fee');
  });

  it('DM-TF-01 refuses a fair that ends before it begins, and an edition twice', async () => {
    const next = { edition_no: '115', name: '第 115 届', start_on: '2026-10-17' };
    await expect(manager.create('trade_fair', { ...next, end_on: '2026-10-16' })).rejects.toThrow('/end_on');
    await expect(manager.create('trade_fair', { ...next, edition_no: '114' })).rejects.toMatchObject({
      code: 'MRT_RECORD_UNIQUE',
    });
  });

  it('PM-06 staff see their own participations and all editions, which they may not add to', async () => {
    const other = await running.person('employee');
    expect((await other.list('fair_participation')).items).toEqual([]);
    expect((await other.list('trade_fair')).items).toHaveLength(1);
    await expect(other.create('trade_fair', { edition_no: '116', name: '第 116 届' })).rejects.toMatchObject({
      code: 'MRT_ACCESS_DENIED',
    });
  });
});
