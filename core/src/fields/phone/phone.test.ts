import { describe, expect, it } from 'vitest';
import { condition, defOf, faultCode, zh } from '../field-fixture.ts';
import { phone } from './phone.ts';

const def = defOf('phone');

describe('phone', () => {
  it('ENT-08 keeps a number as typed, half width and with single spaces', () => {
    expect(phone.normalise(' (010)8888-1234 转 56 ', def)).toBe('(010)8888-1234转56');
    expect(phone.normalise('+86  138 0000  0000', def)).toBe('+86 138 0000 0000');
    expect(phone.normalise('028-8555 ext. 12', def)).toBe('028-8555转12');
    expect(phone.normalise('', def)).toBeNull();
  });

  it.each(['13800000000', '+86 138-0000-0000', '(028) 8555 1234', '400-800-1234转8', '010—88881234', '110'])(
    'ENG-03 takes %j',
    (value) => {
      expect(faultCode(phone, value)).toBeNull();
    },
  );

  it.each([
    '12',
    'call me',
    '138x0000',
    '1'.repeat(21),
    '转56',
    '13800000000;13900000000',
    '12+345',
    '1'.repeat(51),
  ])('ENG-03 refuses %j', (value) => {
    expect(faultCode(phone, value)).toMatch(/^MRT_VALUE_(FORMAT|TOO_LONG)$/);
  });

  it('finds a number typed in full width', () => {
    expect(condition(phone, 'eq', '(010)88881234').values).toEqual(['(010)88881234']);
    expect(phone.parse(phone.format('010-1234转5', def, zh), def)).toBe('010-1234转5');
  });
});
