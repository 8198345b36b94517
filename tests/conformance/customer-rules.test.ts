import { beforeAll, expect, it } from 'vitest';
import type { Application } from '../../core/src/app/application.ts';
import type { Context } from '../../core/src/context/context.ts';
import type { RecordData } from '../../core/src/records/records.ts';
import { describeEngines } from '../../core/src/testing/databases.ts';
import { startBase } from './base-application.ts';

describeEngines('rules of the base documents', (open) => {
  let app: Application;
  let context: Context;
  beforeAll(async () => {
    ({ app, system: context } = await startBase(open));
  });
  const create = (entity: string, input: RecordData): Promise<RecordData> =>
    app.records.create(context, entity, input);
  const customer = (input: RecordData): Promise<RecordData> =>
    create('customer', { name: '某某酒业有限公司', ...input });

  it('DM-CODE-05 the code is letter, area code of the city and serial', async () => {
    const hangzhou = await customer({ name: '杭州甲酒业有限公司', province: '33', city: '330100' });
    expect(hangzhou).toMatchObject({ area_code: '0571', intl_dial_code: '86', customer_code: 'n0571001' });
    const next = await customer({
      name: '杭州乙食品有限公司',
      province: '33',
      city: '330100',
      importance: 'i',
    });
    expect(next['customer_code']).toBe('i0571001');
    const beijing = await customer({
      name: '北京丙饮料有限公司',
      province: '11',
      city: '110100',
      importance: 'i',
    });
    expect(beijing['customer_code']).toBe('i010001');
  });

  it('DM-CODE-05 abroad the international code takes the place of the area code', async () => {
    const record = await customer({ name: 'Bordeaux Vins SARL', country: 'FR' });
    expect(record).toMatchObject({ intl_dial_code: '33', customer_code: 'n33001' });
  });

  it('DM-CODE-01, 02 a customer whose city is not known yet has a code as well', async () => {
    const record = await customer({ name: '城市未知公司', importance: 'p' });
    expect(record['customer_code']).toMatch(/^p[0-9]{1,7}$/u);
  });

  it('DM-CODE-04 the example i010110 is accepted, another first letter is not', async () => {
    const record = await customer({ name: '北京示例酒业有限公司', customer_code: 'i010110' });
    expect(record['customer_code']).toBe('i010110');
    await expect(customer({ name: '错码公司', customer_code: 'x010110' })).rejects.toMatchObject({
      faults: [expect.objectContaining({ path: '/customer_code' })],
    });
  });

  it('DICT-08a a subcategory below an allowed one fits, one of another category is refused', async () => {
    const record = await customer({
      name: '白酒公司',
      product_category: ['alcohol'],
      product_subcategory: ['baijiu'],
    });
    expect(record['product_subcategory']).toEqual(['baijiu']);
    await expect(
      customer({ name: '错类公司', product_category: ['beverage'], product_subcategory: ['baijiu'] }),
    ).rejects.toMatchObject({ faults: [expect.objectContaining({ path: '/product_subcategory/0' })] });
  });

  it('DM-CUST-14, DM-CUST-20 subtype and city must lie below type and province', async () => {
    await expect(customer({ name: '错型公司', type: 'service', subtype: 'prod_food' })).rejects.toMatchObject(
      {
        faults: [expect.objectContaining({ path: '/subtype' })],
      },
    );
    await expect(customer({ name: '错城公司', province: '32', city: '330100' })).rejects.toMatchObject({
      faults: [expect.objectContaining({ path: '/city' })],
    });
    const other = await customer({ name: '其他公司', type: 'other', subtype: 'other' });
    expect(other['subtype']).toBe('other');
  });

  it('DM-COM-16 the company size follows the number of employees, the lower bound included', async () => {
    expect((await customer({ name: '五十人公司', employee_count: 50 }))['company_size']).toBe('50_100');
    expect((await customer({ name: '千人公司', employee_count: 1000 }))['company_size']).toBe('over_1000');
    expect((await customer({ name: '未知规模公司', company_size: 'under_50' }))['company_size']).toBe(
      'under_50',
    );
  });

  it('LC-01, LC-09 the blacklist excludes target customers and asks for a reason', async () => {
    await expect(
      customer({
        name: '黑名单一',
        customer_type: ['blacklist', 'target'],
        blacklist_reason: '窃取商业秘密',
      }),
    ).rejects.toMatchObject({
      faults: expect.arrayContaining([
        expect.objectContaining({ code: 'MRT_RULE_BLACKLIST_EXCLUDES_TARGET' }),
      ]),
    });
    await expect(customer({ name: '黑名单二', customer_type: ['blacklist'] })).rejects.toMatchObject({
      faults: expect.arrayContaining([expect.objectContaining({ path: '/blacklist_reason' })]),
    });
  });

  it('DM-COM-08 the modified mark is set by the first change', async () => {
    const record = await customer({ name: '修改标记公司' });
    expect(record['modified_mark']).toBe(false);
    const changed = await app.records.update(
      context,
      'customer',
      String(record['id']),
      Number(record['version']),
      {
        postcode: '310000',
      },
    );
    expect(changed['modified_mark']).toBe(true);
  });

  it('DM-CONT-07, 24, 29 a contact takes its address from the customer; DM-COM-17 its age from the birth date', async () => {
    const company = await customer({
      name: '联系人公司',
      province: '33',
      city: '330100',
      address: '解放路1号',
      postcode: '310009',
    });
    const contact = await create('contact', {
      customer: company['id'],
      name: '王小明',
      birth_date: '1980-01-01',
    });
    expect(contact).toMatchObject({
      country: 'CN',
      city: '330100',
      address: '解放路1号',
      postcode: '310009',
      area_code: '0571',
    });
    expect(contact['age']).toBeGreaterThanOrEqual(46);
    const typed = await create('contact', { customer: company['id'], name: '李四', age: 35 });
    expect(typed['age']).toBe(35);
  });

  it('DM-PROD-06 a product is classed by the subdivisions and products dealt in alone', async () => {
    const company = await customer({ name: '产品公司' });
    const goods = { customer: company['id'], name: '五年陈酿' };
    expect((await create('product', goods))['industry']).toBeNull();
    const classed = await create('product', {
      ...goods,
      industry: ['IND.PT.PROD.ALC.BAIJIU', 'IND.PT.REL.PACK'],
    });
    expect(classed['industry']).toEqual(['IND.PT.PROD.ALC.BAIJIU', 'IND.PT.REL.PACK']);
    await expect(create('product', { ...goods, industry: ['IND.SVC.AD'] })).rejects.toMatchObject({
      faults: [expect.objectContaining({ path: '/industry' })],
    });
  });

  it('DM-SD-08, DICT-21 a posting ends after it begins, and a part payment names its amount', async () => {
    const company = await customer({ name: '供求公司' });
    const posting = { customer: company['id'], intent: 'recruit', subject: '招商' };
    await expect(
      create('supply_demand', { ...posting, valid_from: '2026-05-02', valid_until: '2026-05-01' }),
    ).rejects.toMatchObject({ faults: [expect.objectContaining({ path: '/valid_until' })] });
    await expect(create('supply_demand', { ...posting, payment_status: 'partial' })).rejects.toMatchObject({
      faults: [expect.objectContaining({ path: '/received_amount' })],
    });
  });
});
