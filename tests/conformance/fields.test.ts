import { describe, expect, it } from 'vitest';
import { faultsOfRow, type Row } from './check-row.ts';
import { entities, fieldOf, forms, requirements } from './documents.ts';

const rows = requirements<readonly Row[]>('fields');
const entitiesWith = (label: string): readonly string[] => [
  ...new Set(rows.filter((row) => row.label === label).map((row) => row.entity)),
];

describe('the tables of REQUIREMENTS 2.4 and 2.6.4', () => {
  for (const row of rows) {
    const fields = row.fields.map((field) => `${field.of ?? row.entity}.${field.name}`).join(', ');
    it(`${row.id} ${row.label} is ${fields || row.note}`, () => {
      expect(faultsOfRow(row)).toEqual([]);
    });
  }
});

describe('blocks that tables name (2.1)', () => {
  for (const entity of entitiesWith('信息采集人')) {
    it(`DM-COM-08 ${entity} names the collector also in words, and by default the current user as entry clerk`, () => {
      expect(fieldOf(entity, 'collected_by_text')?.field).toBe('text');
      expect(fieldOf(entity, 'entered_by')?.default).toEqual({ expr: 'user.id' });
    });
  }
  for (const entity of entitiesWith('财务担保记录')) {
    it(`DM-COM-09 ${entity} keeps the amount received, who vouched and who approved`, () => {
      expect(fieldOf(entity, 'received_amount')?.field).toBe('money');
      expect(fieldOf(entity, 'guarantor')?.['entity']).toBe('user');
      expect(fieldOf(entity, 'guaranteed_on')?.field).toBe('date');
      for (const review of ['contract', 'finance']) {
        expect(fieldOf(entity, `${review}_reviewer`)?.['entity']).toBe('user');
        expect(fieldOf(entity, `${review}_reviewed_at`)?.field).toBe('datetime');
        expect(fieldOf(entity, `${review}_review_opinion`)?.field).toBe('longtext');
      }
    });
  }
  for (const entity of new Set(rows.map((row) => row.entity))) {
    it(`DM-COM-02…07 ${entity} carries the review block`, () => {
      const block = [
        'first_review_mark',
        'second_review_mark',
        'registered_on',
        'last_modified_on',
        'remarks',
        'reviewer',
      ];
      expect(block.filter((name) => !fieldOf(entity, name))).toEqual([]);
    });
  }
});

describe('rules beside the tables', () => {
  it('DICT-21 a part payment of a posting needs its amount (orders and subscriptions derive the status from it)', () => {
    expect(fieldOf('supply_demand', 'received_amount')?.requiredWhen).toBe("payment_status == 'partial'");
  });
  it('DM-CUST-01, DM-CUST-08, DM-CONT-03 name and address are looked up for duplicates', () => {
    expect(fieldOf('customer', 'name')?.duplicateCheck).toBe('company-name');
    expect(fieldOf('customer', 'address')?.duplicateCheck).toBe('address');
    expect(fieldOf('contact', 'name')?.duplicateCheck).toBe('person-name');
  });
  it('DM-CUST-14, DM-CUST-16 subtype and subcategory cascade', () => {
    expect(fieldOf('customer', 'subtype')?.['dependsOn']).toEqual({ field: 'type' });
    expect(fieldOf('customer', 'product_subcategory')?.['dependsOn']).toEqual({
      field: 'product_category',
      mapping: 'product_category',
    });
  });
  it('DM-CUST-24 a new customer is a prospect', () => {
    expect(fieldOf('customer', 'customer_type')?.default).toEqual(['potential']);
  });
  it('DM-CUST-28, DM-STAFF-06, DM-ORG-02 parents form trees', () => {
    expect(fieldOf('customer', 'parent')?.['tree']).toBe(true);
    expect(fieldOf('staff', 'supervisor')?.['tree']).toBe(true);
    expect(fieldOf('unit', 'parent')?.['tree']).toBe(true);
  });
  it('DM-CONT-32 a superior works for the same customer', () => {
    expect(fieldOf('contact', 'reports_to')?.['where']).toEqual({ customer: '$customer' });
  });
  it('DM-CONTX-14 the personal data stand in eight sections, none of them empty', () => {
    const sections = Object.values(forms.get('contact.default')?.tabs['personal']?.sections ?? {});
    expect(sections.map((section) => section.label['zh-CN'])).toEqual([
      '基本信息',
      '消费情况',
      '教育情况',
      '事业情况',
      '家庭情况',
      '生活情况',
      '个性情况',
      '人际情况',
    ]);
    expect(sections.filter((section) => Object.keys(section.fields ?? {}).length === 0)).toEqual([]);
  });
  it('CF-02 the customer form begins with its five sections', () => {
    const labels = Object.values(forms.get('customer.default')?.tabs ?? {}).map((tab) => tab.label['zh-CN']);
    expect(labels.slice(0, 5)).toEqual(['基本信息', '客户特征', '业务状况', '交易状况', '负责人信息']);
  });
  it('DM-FAIR-01 a customer has one record per edition', () => {
    const rules = Object.values(entities.get('fair_participation')?.unique ?? {});
    expect(rules.map((rule) => Object.keys(rule.fields).sort())).toContainEqual(['customer', 'fair']);
  });
  it.each(['edition', 'column', 'size', 'colour', 'details'])(
    'DM-ADS-09 %s is shown by the root of the service type',
    (name) => {
      expect(String(fieldOf('ad_service', name)?.visibleWhen)).toContain('semimonthly');
    },
  );
});
