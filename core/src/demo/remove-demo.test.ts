import { beforeEach, describe, expect, it } from 'vitest';
import { systemContext } from '../app/create-context.ts';
import type { Context } from '../context/context.ts';
import type { Problem } from '../errors/problem.ts';
import { type DemoScript, defineDemo } from '../plugin/api.ts';
import type { RecordData } from '../records/records.ts';
import { describeEngines, type RunningApplication, startApplication } from '../testing/index.ts';
import { countDemo, isDemoComplete } from './demo-state.ts';
import { loadDemo } from './load-demo.ts';
import { removeDemo } from './remove-demo.ts';

/** A customer and its main contact refer to each other. */
const circle = defineDemo(async (demo) => {
  const [customer] = await demo.create('customer', [{ name: '成都某某食品有限公司' }]);
  if (!customer) throw new Error('the customer was not created');
  const [contact] = await demo.create('contact', [{ name: '王敏', customer: customer.id }]);
  await demo.update('customer', [{ ...customer, patch: { primary_contact: contact?.id } }]);
});

/** A service of the rate card and an order that sells it. */
const advertising = defineDemo(async (demo) => {
  const [customer] = await demo.create('customer', [{ name: '成都某某酒业有限公司' }]);
  const [service] = await demo.create('ad_service', [
    {
      service_type: 'inside_page',
      edition: 'baijiu',
      size: 'half',
      colour: 'full_color',
      price: '8000',
      valid_from: '2026-01-01',
      valid_to: '2027-12-31',
    },
  ]);
  await demo.create('ad_order', [orderOf(customer?.id, service?.id)]);
});

function orderOf(customer: unknown, service: unknown): RecordData {
  return {
    customer,
    order_date: '2026-03-01',
    lines: [{ ad_service: service, quantity: '2', discount: '0.85' }],
  };
}

const breaks = defineDemo(async (demo) => {
  await demo.create('customer', [{ name: '成都某某贸易有限公司' }]);
  throw new Error('the power went out');
});

describeEngines('sample data', (open) => {
  let running: RunningApplication;
  beforeEach(async () => {
    running = await startApplication(open);
  });
  const context = (): Context =>
    systemContext(running.app.changes.current(), running.app.administrator, 'demo');
  const load = (...scripts: readonly DemoScript[]): Promise<number> => {
    const setPassword = (): Promise<void> => Promise.reject(new Error('this sample data has no users'));
    return loadDemo({ ...running.app, setPassword }, context(), scripts);
  };
  const all = async (entity: string): Promise<readonly RecordData[]> =>
    (await running.app.records.list(context(), entity, { state: 'all' })).items;
  const refusal = async (): Promise<Problem> => {
    const before = await countDemo(running.app.db);
    const problem = await removeDemo(running.app.db, context()).then(
      () => Promise.reject(new Error('it was removed')),
      (error: Problem) => error,
    );
    expect(await countDemo(running.app.db)).toBe(before);
    return problem;
  };

  describe('removing it', () => {
    it('NF-PERF-06 removes records that refer to each other in a circle, and nothing else', async () => {
      const { app } = running;
      const kept = await app.records.create(context(), 'customer', { name: '我们自己的客户' });
      expect(await load(circle)).toBe(2);

      expect(await removeDemo(app.db, context())).toBe(2);

      expect(await countDemo(app.db)).toBe(0);
      expect(await isDemoComplete(app.db)).toBe(false);
      expect((await all('customer')).map((item) => item.id)).toEqual([kept.id]);
      expect(await all('contact')).toEqual([]);
    });

    it('NF-PERF-06 removes nothing while the plugin of some of it is disabled', async () => {
      await running.enableOnly('advertising');
      await load(advertising);
      await running.enableOnly();

      expect(await refusal()).toMatchObject({
        code: 'MRT_RECORD_STATE',
        text: { 'zh-CN': expect.stringContaining('(ad_order、ad_service),请先启用该插件') as string },
      });

      await running.enableOnly('advertising');
      expect(await removeDemo(running.app.db, context())).toBe(3);
      expect(await all('ad_service')).toEqual([]);
    });

    it('NF-PERF-06 names own lines that refer to it', async () => {
      const { app } = running;
      await running.enableOnly('advertising');
      await load(advertising);
      const [service] = await all('ad_service');
      const own = await app.records.create(context(), 'customer', { name: '我们自己的客户' });
      const order = await app.records.create(context(), 'ad_order', orderOf(own.id, service?.id));

      const problem = await refusal();
      expect(problem.code).toBe('MRT_RECORD_REFERENCED');
      expect(problem.faults.map((fault) => [fault.path, fault.message.en.slice(0, 11)])).toEqual([
        ['/ad_order_line/ad_service', '1 record(s)'],
      ]);
      expect((await all('ad_order')).map((item) => item.id)).toContain(order.id);
    });

    it('NF-PERF-06 names own values of a retired field', async () => {
      const { app } = running;
      const change = async (patron: unknown): Promise<void> => {
        const { document, base } = app.changes.document('entity', 'product');
        const { patron: _, ...others } = document['properties'] as Record<string, unknown>;
        const properties = patron === null ? others : { ...others, patron };
        await app.changes.apply(app.administrator, {
          changes: [{ kind: 'entity', name: 'product', base, document: { ...document, properties } }],
          note: 'test',
          accept: ['hides-data'],
        });
      };
      const patron = { field: 'reference', label: { 'zh-CN': '赞助商', en: 'Patron' }, entity: 'customer' };
      await change(patron);
      await load(circle);
      const [sample] = await all('customer');
      const own = await app.records.create(context(), 'customer', { name: '我们自己的客户' });
      await app.records.create(context(), 'product', { name: '酒', customer: own.id, patron: sample?.id });
      await change(null);
      expect(app.changes.current().entities.get('product')?.retiredFields.has('patron')).toBe(true);

      const problem = await refusal();
      expect(problem.code).toBe('MRT_RECORD_REFERENCED');
      expect(problem.faults.map((fault) => fault.path)).toEqual(['/product/patron']);
    });

    it('NF-PERF-06 tells of own records of a disabled plugin that refer to it', async () => {
      const { app } = running;
      await running.enableOnly('advertising');
      await load(circle);
      const [sample] = await all('customer');
      const service = { service_type: 'outdoor', details: '高速路口', price: '1' };
      const made = await app.records.create(context(), 'ad_service', service);
      await app.records.create(context(), 'ad_order', orderOf(sample?.id, made.id));
      await running.enableOnly();

      const problem = await refusal();
      expect(problem.code).toBe('MRT_RECORD_REFERENCED');
      expect(problem.faults[0]?.message.en).toContain('ad_order');
    });
  });

  describe('loading it', () => {
    it('NF-PERF-06 loads anew what broke off, and refuses what is complete', async () => {
      const { app } = running;
      await expect(load(circle, breaks)).rejects.toThrow('the power went out');
      expect([await countDemo(app.db), await isDemoComplete(app.db)]).toEqual([3, false]);

      expect(await load(circle)).toBe(2);

      expect([await countDemo(app.db), await isDemoComplete(app.db)]).toEqual([2, true]);
      expect((await all('customer')).map((item) => item['name'])).toEqual(['成都某某食品有限公司']);
      await expect(load(circle)).rejects.toMatchObject({ code: 'MRT_RECORD_STATE' });
      expect(await countDemo(app.db)).toBe(2);
    });

    it('NF-PERF-06 is neither loaded nor removed beside a load', async () => {
      const { app } = running;
      const beside = defineDemo(async (demo) => {
        await demo.create('customer', [{ name: '成都某某贸易有限公司' }]);
        await expect(load(circle)).rejects.toMatchObject({ code: 'MRT_RECORD_STATE' });
        expect((await refusal()).code).toBe('MRT_RECORD_STATE');
      });

      expect(await load(beside)).toBe(1);

      expect(await removeDemo(app.db, context())).toBe(1);
    });
  });
});
