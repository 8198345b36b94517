import { beforeAll, expect, it } from 'vitest';
import { bindAccess } from '../../core/src/access/bind-access.ts';
import { compileAccess } from '../../core/src/access/compile-access.ts';
import type { Application } from '../../core/src/app/application.ts';
import type { Actor, Context } from '../../core/src/context/context.ts';
import type { RecordData } from '../../core/src/records/records.ts';
import { describeEngines } from '../../core/src/testing/databases.ts';
import { startBase } from './base-application.ts';

describeEngines('the delivered roles at work (SEC-17)', (open) => {
  let app: Application;
  let system: Context;
  let seller: Context;
  let neighbour: Context;
  let clerk: Context;
  let finance: Context;
  let theirs: RecordData;

  const person = async (username: string, unit: RecordData, role: string): Promise<Context> => {
    const user = await app.records.create(system, 'user', {
      username,
      display_name: username,
      unit: unit['id'],
      roles: [role],
    });
    const actor: Actor = {
      id: String(user['id']),
      username,
      displayName: username,
      unit: String(unit['id']),
      roles: [role],
    };
    return {
      ...system,
      actor,
      access: bindAccess(compileAccess(system.model, [role]), actor, { below: (id) => [id] }),
    };
  };

  beforeAll(async () => {
    ({ app, system } = await startBase(open));
    const sales = await app.records.create(system, 'unit', { name: '营销中心', code: 'marketing_center' });
    const news = await app.records.create(system, 'unit', { name: '新闻中心', code: 'news_center' });
    seller = await person('seller', sales, 'employee');
    neighbour = await person('neighbour', news, 'employee');
    clerk = await person('clerk', news, 'entry_clerk');
    finance = await person('accountant', news, 'finance');
    theirs = await app.records.create(neighbour, 'customer', {
      name: '邻组酒业有限公司',
      address: '人民路2号',
      province: '33',
      city: '330100',
    });
  });

  it('PM-01, SEC-15 an employee finds every customer, of other departments only name, city, owner and department', async () => {
    const { items } = await app.records.list(seller, 'customer', {
      fields: ['name', 'city', 'owner', 'unit', 'address', 'customer_code'],
      filter: { id: theirs['id'] },
    });
    expect(items).toHaveLength(1);
    expect(items[0]).toMatchObject({ name: '邻组酒业有限公司', city: '330100', owner: neighbour.actor.id });
    expect(items[0]?.['address'] ?? null).toBeNull();
    expect(items[0]?.['customer_code'] ?? null).toBeNull();
  });

  it('CF-04 the delivered order of the customer list hides nobody’s customers', async () => {
    const sort = seller.model.views.get('customer.all')?.sort ?? '';
    const { items } = await app.records.list(seller, 'customer', { fields: ['name'], sort });
    expect(items.map((item) => item['name'])).toContain('邻组酒业有限公司');
  });

  it('PM-01 an employee changes own customers, not those of others', async () => {
    const own = await app.records.create(seller, 'customer', { name: '自有食品有限公司' });
    expect(own['owner']).toBe(seller.actor.id);
    const changed = await app.records.update(seller, 'customer', String(own['id']), Number(own['version']), {
      postcode: '100010',
    });
    expect(changed['postcode']).toBe('100010');
    await expect(
      app.records.update(seller, 'customer', String(theirs['id']), Number(theirs['version']), {
        postcode: '100010',
      }),
    ).rejects.toMatchObject({ code: expect.stringMatching(/^MRT_(ACCESS|RECORD)_/u) });
  });

  it('PM-02 the home address of a contact is for its owner and the management', async () => {
    const contact = await app.records.create(system, 'contact', {
      customer: theirs['id'],
      name: '周敏',
      home_address: '湖滨路3号',
      owner: neighbour.actor.id,
      unit: neighbour.actor.unit,
    });
    const read = async (context: Context): Promise<unknown> =>
      (await app.records.read(context, 'contact', String(contact['id'])))['home_address'] ?? null;
    expect(await read(neighbour)).toBe('湖滨路3号');
    expect(await read(finance)).toBeNull();
  });

  it('PM-01 an entry clerk changes what was entered by that clerk', async () => {
    const entered = await app.records.create(clerk, 'customer', { name: '录入糖业有限公司' });
    const changed = await app.records.update(
      clerk,
      'customer',
      String(entered['id']),
      Number(entered['version']),
      { fax: '0571-88886666' },
    );
    expect(changed['fax']).toBe('0571-88886666');
    await expect(
      app.records.update(clerk, 'customer', String(theirs['id']), Number(theirs['version']), {
        fax: '0571-88886666',
      }),
    ).rejects.toMatchObject({ code: expect.stringMatching(/^MRT_(ACCESS|RECORD)_/u) });
  });

  it('PM-07 payments are recorded by finance, not by the salesperson', async () => {
    const own = await app.records.create(seller, 'customer', { name: '供求客户有限公司' });
    const posting = await app.records.create(seller, 'supply_demand', {
      customer: own['id'],
      intent: 'supply',
      subject: '供应白糖',
      fee: '800.00',
    });
    const [id, version] = [String(posting['id']), Number(posting['version'])];
    await expect(
      app.records.update(seller, 'supply_demand', id, version, { payment_status: 'full' }),
    ).rejects.toMatchObject({
      code: 'MRT_ACCESS_FIELD',
    });
    const paid = await app.records.update(finance, 'supply_demand', id, version, {
      payment_status: 'partial',
      received_amount: '300.00',
    });
    expect(paid).toMatchObject({ payment_status: 'partial', received_amount: '300.00' });
    await expect(
      app.records.update(finance, 'supply_demand', id, Number(paid['version']), { subject: '改题' }),
    ).rejects.toMatchObject({ code: 'MRT_ACCESS_FIELD' });
  });

  it('DM-CODE-06 the customer code is not the salesperson’s to choose', async () => {
    await expect(
      app.records.create(seller, 'customer', { name: '自编码有限公司', customer_code: 'i010999' }),
    ).rejects.toMatchObject({ code: 'MRT_ACCESS_FIELD' });
  });
});
