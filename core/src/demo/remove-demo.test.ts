import { expect, it } from 'vitest';
import { systemContext } from '../app/create-context.ts';
import { defineDemo } from '../plugin/api.ts';
import { describeEngines, startApplication } from '../testing/index.ts';
import { countDemo, loadDemo } from './load-demo.ts';
import { removeDemo } from './remove-demo.ts';

/** A customer and its main contact refer to each other. */
const circle = defineDemo(async (demo) => {
  const [customer] = await demo.create('customer', [{ name: '成都某某食品有限公司' }]);
  if (!customer) throw new Error('the customer was not created');
  const [contact] = await demo.create('contact', [{ name: '王敏', customer: customer.id }]);
  await demo.update('customer', [{ ...customer, patch: { primary_contact: contact?.id } }]);
});

describeEngines('removing sample data', (open) => {
  it('NF-PERF-06 removes records that refer to each other in a circle, and nothing else', async () => {
    const { app } = await startApplication(open);
    const context = systemContext(app.changes.current(), app.administrator, 'demo');
    const kept = await app.records.create(context, 'customer', { name: '我们自己的客户' });
    const setPassword = (): Promise<void> => Promise.reject(new Error('this sample data has no users'));
    expect(await loadDemo({ ...app, setPassword }, context, [circle])).toBe(2);

    expect(await removeDemo(app.db, context)).toBe(2);

    expect(await countDemo(app.db)).toBe(0);
    const { items } = await app.records.list(context, 'customer', { state: 'all' });
    expect(items.map((item) => item.id)).toEqual([kept.id]);
    expect((await app.records.list(context, 'contact', { state: 'all' })).items).toEqual([]);
  });
});
