import { beforeAll, expect, it } from 'vitest';
import type { Application } from '../../core/src/app/application.ts';
import type { Context } from '../../core/src/context/context.ts';
import type { RecordData } from '../../core/src/records/records.ts';
import { describeEngines } from '../../core/src/testing/databases.ts';
import { startBase } from '../conformance/base-application.ts';
import { makePerson, refusal, type Person } from './people.ts';

describeEngines('the shipped workflows', (open) => {
  let app: Application;
  let system: Context;
  let manager: Person;
  let chief: Person;
  let seller: Person;
  let stranger: Person;
  let treasurer: Person;
  let reviewers: readonly Person[];
  let customer: string;
  /** Now, as the rules of dates see it. */
  let clock = new Date();

  beforeAll(async () => {
    ({ app, system } = await startBase(open, () => clock));
    const sales = await app.records.create(system, 'unit', { name: '营销中心', code: 'sales' });
    const news = await app.records.create(system, 'unit', { name: '新闻中心', code: 'news' });
    const of = (username: string, role: string, unit: RecordData) =>
      makePerson(app, system, { username, role, unit });
    manager = await of('manager', 'department_manager', sales);
    chief = await of('chief', 'decision_maker', news);
    seller = await of('seller', 'employee', sales);
    stranger = await of('stranger', 'department_manager', news);
    treasurer = await of('treasurer', 'finance', news);
    reviewers = [await of('first', 'reviewer', news), await of('second', 'reviewer', news)];
    customer = await newCustomer('青山酒业有限公司');
  });

  const newCustomer = async (name: string): Promise<string> =>
    String(
      (
        await app.records.create({ ...seller, source: 'demo' }, 'customer', {
          name,
          address: `${name}路1号`,
          province: '51',
          city: '510100',
        })
      )['id'],
    );
  const take = (entity: string, id: string, by: Person, name: string, request = {}): Promise<RecordData> =>
    app.records.transition(by, entity, id, name, request);
  const reasons = async (call: Promise<unknown>): Promise<readonly string[]> =>
    (await refusal(call)).faults.map(({ code }) => code);
  const posting = async (more: RecordData = {}, by = seller): Promise<string> =>
    String(
      (
        await app.records.create(by, 'supply_demand', {
          customer,
          intent: 'supply',
          subject: '供应高粱',
          ...more,
        })
      )['id'],
    );

  it('WF-02, DM-COM-09 goes from draft to effective by manager and finance; unpaid only with a guarantee', async () => {
    const id = await posting({ fee: '800.00' });
    const step = (by: Person, name: string, request = {}) => take('supply_demand', id, by, name, request);
    expect(await reasons(step(manager, 'contract_pass'))).toContain('MRT_TRANSITION_STATE');
    await step(seller, 'submit_order');
    expect(await reasons(step(seller, 'contract_pass'))).toContain('MRT_TRANSITION_WHO');
    expect((await refusal(step(stranger, 'contract_pass'))).code).toBe('MRT_RECORD_NOT_FOUND');
    expect(await reasons(step(manager, 'contract_return'))).toEqual(['MRT_VALUE_REQUIRED']);
    expect(await step(manager, 'contract_return', { opinion: '价格不对' })).toMatchObject({
      order_status: 'draft',
      contract_review: 'rejected',
      contract_reviewer: manager.id,
      contract_review_opinion: '价格不对',
    });
    await step(seller, 'submit_order');
    expect(await step(manager, 'contract_pass')).toMatchObject({
      order_status: 'finance_pending',
      contract_review: 'approved',
      contract_review_opinion: null,
    });
    expect(await reasons(step(manager, 'finance_pass'))).toContain('MRT_TRANSITION_WHO');
    expect(await reasons(step(treasurer, 'finance_pass'))).toEqual(['MRT_TRANSITION_GUARD']);
    const input = {
      payment_status: 'partial',
      received_amount: '300.00',
      guarantee_record: '经理担保余款',
      guarantor: manager.id,
    };
    const done = await step(treasurer, 'finance_pass', { input });
    expect(done).toMatchObject({ ...input, order_status: 'effective', finance_reviewer: treasurer.id });
    expect(done['guaranteed_on']).not.toBeNull();
    // What was approved is not changed behind the approval.
    const change = app.records.update(seller, 'supply_demand', id, Number(done['version']), { fee: '1.00' });
    expect((await refusal(change)).faults.map(({ path }) => path)).toEqual(['/fee']);
    expect(await step(treasurer, 'reopen_order', { opinion: '换合同' })).toMatchObject({
      order_status: 'draft',
      contract_review: 'pending',
      finance_review: 'pending',
    });
  });

  it('WF-02 is for four eyes: who submitted or entered it does not approve it', async () => {
    const id = await posting({ fee: '10.00' }, manager);
    await take('supply_demand', id, manager, 'submit_order');
    expect(await reasons(take('supply_demand', id, manager, 'contract_pass'))).toEqual(
      expect.arrayContaining(['MRT_TRANSITION_AUTHOR']),
    );
    await take('supply_demand', id, chief, 'contract_pass');
    const paid = { input: { payment_status: 'full', received_amount: '10.00' } };
    expect(await take('supply_demand', id, treasurer, 'finance_pass', paid)).toMatchObject({
      order_status: 'effective',
    });
    expect(
      await reasons(
        app.records.update(seller, 'supply_demand', await posting(), 1, { contract_review: 'approved' }),
      ),
    ).toEqual(['MRT_ACCESS_FIELD']);
  });

  it('WF-06, SD-02 publishes what is reviewed, with a fee what is effective, until its term ends', async () => {
    const id = await posting({ fee: '5.00', valid_until: '2031-03-10' });
    const step = (by: Person, name: string, request = {}) => take('supply_demand', id, by, name, request);
    expect(await reasons(step(seller, 'publish'))).toEqual(['MRT_TRANSITION_GUARD', 'MRT_TRANSITION_GUARD']);
    await step(reviewers[0]!, 'first_pass');
    await step(reviewers[1]!, 'second_pass');
    await step(seller, 'submit_order');
    await step(manager, 'contract_pass');
    expect(await reasons(step(seller, 'publish'))).toEqual(['MRT_TRANSITION_GUARD']);
    // A payment undoes no review.
    expect(await step(treasurer, 'finance_pass', { input: { payment_status: 'full' } })).toMatchObject({
      review_status: 'second_passed',
    });
    expect(await step(seller, 'publish')).toMatchObject({ posting_status: 'published' });
    clock = new Date('2031-03-10T16:00:00Z');
    await app.automation.settle();
    clock = new Date('2031-03-10T16:30:00Z');
    await app.automation.settle();
    expect(await app.records.read(seller, 'supply_demand', id)).toMatchObject({ posting_status: 'expired' });
    const free = await posting();
    await take('supply_demand', free, reviewers[0]!, 'first_pass');
    await take('supply_demand', free, reviewers[1]!, 'second_pass');
    await take('supply_demand', free, seller, 'publish');
    expect(
      await take('supply_demand', free, seller, 'withdraw_posting', { opinion: '已售完' }),
    ).toMatchObject({ posting_status: 'withdrawn' });
  });

  it('WF-09, QUO-01 adds up, asks for approval of a great discount, and leads to a contract or a new version', async () => {
    const quote = async (discount: string, by = seller): Promise<string> =>
      String(
        (
          await app.records.create(by, 'quote', {
            customer,
            tax: '6.00',
            discount: '0.9',
            lines: [
              { item: '半月刊整版', quantity: '2', unit_price: '1000', discount },
              { item: '网站横幅', unit_price: '500' },
            ],
          })
        )['id'],
      );
    const step = (id: string, by: Person, name: string, request = {}) => take('quote', id, by, name, request);
    const small = await quote('0.9');
    expect(await app.records.read(seller, 'quote', small)).toMatchObject({
      subtotal: '2300.00',
      total: '2076.00',
    });
    expect(await reasons(step(small, seller, 'submit_quote', { opinion: 'x' }))).toEqual([
      'MRT_TRANSITION_GUARD',
    ]);
    await step(small, seller, 'send_quote');
    expect(await step(small, seller, 'accept_quote')).toMatchObject({ status: 'accepted' });
    const { items } = await app.records.list(seller, 'task', { filter: { customer }, fields: ['title'] });
    expect(items.map(({ title }) => String(title))).toContainEqual(expect.stringMatching(/^签订合同:QT/));
    const great = await quote('0.5');
    expect(await reasons(step(great, seller, 'send_quote'))).toEqual(['MRT_TRANSITION_GUARD']);
    await step(great, seller, 'submit_quote', { opinion: '老客户' });
    expect(await reasons(step(great, seller, 'approve_quote'))).toContain('MRT_TRANSITION_WHO');
    expect(await step(great, manager, 'return_quote', { opinion: '太低' })).toMatchObject({
      status: 'draft',
      approval: 'rejected',
    });
    await step(great, seller, 'submit_quote', { opinion: '再请批准' });
    expect(await step(great, manager, 'approve_quote')).toMatchObject({
      status: 'sent',
      approval: 'approved',
    });
    await step(great, seller, 'refuse_quote', { opinion: '太贵' });
    expect(await step(great, seller, 'revise_quote')).toMatchObject({ status: 'draft', quote_version: 2 });
    const own = await quote('0.5', manager);
    await step(own, manager, 'submit_quote', { opinion: '我的' });
    expect(await reasons(step(own, manager, 'approve_quote'))).toContain('MRT_TRANSITION_AUTHOR');
  });

  it('WF-11, LC-04, LC-09, CM-06 a proposal of one is approved by another; by hand nothing of it is set', async () => {
    const id = await newCustomer('黑石食品有限公司');
    const step = (by: Person, name: string, request = {}) => take('customer', id, by, name, request);
    const version = async (): Promise<number> =>
      Number((await app.records.read(seller, 'customer', id))['version']);
    for (const [field, value] of [
      ['customer_type', ['blacklist']],
      ['customer_status', 'cancelled'],
      ['is_key_account', true],
    ] as const) {
      const patch = { [field]: value, blacklist_reason: 'x' };
      const change = app.records.update(seller, 'customer', id, await version(), patch);
      expect((await refusal(change)).faults.map(({ path }) => path)).toEqual([`/${field}`]);
    }
    expect(await reasons(step(seller, 'propose_blacklist'))).toEqual(['MRT_VALUE_REQUIRED']);
    await step(seller, 'propose_blacklist', { opinion: '窃取商业秘密' });
    expect(await reasons(step(seller, 'approve_blacklist'))).toContain('MRT_TRANSITION_WHO');
    expect(await step(manager, 'refuse_blacklist', { opinion: '证据不足' })).toMatchObject({
      blacklist_state: 'refused',
      customer_type: ['potential'],
    });
    await step(manager, 'propose_blacklist', { opinion: '证据已补' });
    expect(await reasons(step(manager, 'approve_blacklist'))).toEqual(['MRT_TRANSITION_FOUR_EYES']);
    expect(await step(chief, 'approve_blacklist')).toMatchObject({
      customer_type: ['potential', 'blacklist'],
      blacklist_reason: '证据已补',
    });
    expect(await step(manager, 'end_blacklist', { opinion: '和解' })).toMatchObject({
      customer_type: ['potential'],
      blacklist_state: 'none',
    });
    await step(seller, 'propose_key_account', { opinion: '年成交额第一' });
    expect(await step(manager, 'approve_key_account', { input: { value_grade: 'A' } })).toMatchObject({
      is_key_account: true,
      value_grade: 'A',
    });
    await step(seller, 'propose_cancellation', { opinion: '已停业' });
    expect(await step(manager, 'approve_cancellation')).toMatchObject({
      customer_status: 'cancelled',
      loss_reason: '已停业',
    });
    expect(await step(manager, 'end_cancellation', { opinion: '复业' })).toMatchObject({
      customer_status: 'active',
    });
  });
});
