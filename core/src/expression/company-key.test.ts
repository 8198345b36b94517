import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { companyKey } from './company-key.ts';

describe('companyKey', () => {
  it.each([
    ['宜宾五粮液集团有限公司', '四川省宜宾五粮液（集团）有限公司'],
    ['宜宾五粮液集团公司', '宜宾五粮液股份有限公司'],
    ['成都市华西广告有限责任公司', '四川成都华西广告公司'],
    ['北京市同仁堂有限公司', '北京同仁堂'],
    ['广西壮族自治区桂林啤酒厂', '桂林啤酒'],
    ['ＡＢＣ科技 有限公司', 'abc科技有限公司'],
    ['华西·广告-有限公司', '华西广告有限公司'],
    ['Acme Co., Ltd.', 'ACME'],
    ['Acme Industries Inc', 'acme industries, Limited'],
    ['四川华西公司成都分公司', '四川省华西有限公司成都分公司'],
    ['华西广告总公司', '华西广告有限公司'],
  ])('SCN-06 finds %s and %s to be one', (a, b) => {
    expect(companyKey(a)).toBe(companyKey(b));
  });

  it.each([
    ['四川第一机床厂', '四川第二机床厂'],
    ['成都一厂', '成都二厂'],
    ['成都一厂', '成都一公司有限公司'],
    ['华西公司成都分公司', '华西公司德阳分公司'],
    ['华西公司成都分公司', '华西公司'],
    ['华西公司成都办事处', '华西公司'],
    ['红旗超市', '红旗超'],
    ['四川有限公司', '贵州有限公司'],
    ['四川集团', '集团'],
  ])('DM-CUST-48 keeps %s and %s apart', (a, b) => {
    expect(companyKey(a)).not.toBe(companyKey(b));
  });

  it.each([
    ['四川有限公司', '四川'],
    ['有限公司', '有限公司'],
    ['公司', '公司'],
    ['厂', '厂'],
    ['Ltd', 'ltd'],
    ['  （）', ''],
    ['重庆', '重庆'],
  ])('%s leaves %j', (name, key) => {
    expect(companyKey(name)).toBe(key);
  });

  it('is empty only for a name without letters, digits or characters, and holds no blank', () => {
    const part = fc.constantFrom(
      '四川',
      '省',
      '成都',
      '市',
      '集团',
      '有限',
      '公司',
      '一',
      '厂',
      '分',
      'Co',
      ' ',
      '（',
      '）',
      'A',
      '1',
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 8 }), (parts) => {
        const name = parts.join('');
        const key = companyKey(name);
        expect(key === '').toBe(!/[\p{L}\p{N}]/u.test(name));
        expect(key).not.toMatch(/[\s（）()A-Z]/);
      }),
    );
  });
});
