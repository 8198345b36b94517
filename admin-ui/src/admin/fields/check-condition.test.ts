import { describe, expect, it } from 'vitest';
import type { EntityDocument } from '@mortise/core/contract';
import { checkCondition, type ConditionFields } from './check-condition.ts';

const label = { 'zh-CN': '名', en: 'Name' };
const customer: EntityDocument = {
  name: 'customer',
  label,
  display: 'name',
  ownership: 'user',
  properties: { name: { field: 'text', label }, employees: { field: 'integer', label } },
};
const scope: ConditionFields = {
  view: undefined,
  fields: {
    mobile: { field: 'phone', label },
    customer: { field: 'reference', label, entity: 'customer' },
    old_code: { field: 'text', label, retired: true },
  },
  entities: new Map([['customer', customer]]),
};

describe('a condition while it is typed', () => {
  it('ENG-04 reads own fields and those one reference away', () => {
    expect(
      checkCondition('mobile != null && customer.employees > 50 && customer.owner != user.id', scope, true),
    ).toBeNull();
  });

  it('ENG-04 says what is wrong and where', () => {
    const fault = checkCondition('mobile != null && mobil != null', scope, true);
    expect(fault?.position).toBe(18);
    expect(fault?.message.en).toContain('mobil');
    expect(checkCondition("old_code == 'x'", scope, true)?.position).toBe(0);
  });

  it('ENG-04 a condition yields true or false, a calculation anything', () => {
    expect(checkCondition('customer.employees', scope, true)?.position).toBeNull();
    expect(checkCondition('customer.employees', scope, false)).toBeNull();
  });
});
