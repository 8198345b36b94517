import { describe, expect, it } from 'vitest';
import { condition, defOf, definitionFaults, faultCode, zh } from '../field-fixture.ts';
import { money } from './money.ts';

const def = defOf('money', { minimum: '0' });

describe('money', () => {
  it('ENG-03 is fifteen digits, two of them decimals, and text in the API', () => {
    expect(money.columnType(def)).toBe('numeric(15,2)');
    expect(money.normalise('1200', def)).toBe('1200.00');
    expect(money.normalise('007.5', def)).toBe('7.50');
    expect(money.normalise(money.normalise('7.5', def), def)).toBe('7.50');
  });

  it('ENG-03 refuses a third decimal, a JSON number and more than thirteen digits before the point', () => {
    expect(faultCode(money, '12.345', def)).toBe('MRT_VALUE_DECIMALS');
    expect(faultCode(money, '12.340', def)).toBeNull();
    expect(faultCode(money, 12.5, def)).toBe('MRT_VALUE_TYPE');
    expect(money.checkValue(12.5, def)?.message.en).toContain('in quotes, such as "12.50"');
    expect(faultCode(money, '9999999999999.99', def)).toBeNull();
    expect(faultCode(money, '10000000000000', def)).toBe('MRT_VALUE_RANGE');
    expect(faultCode(money, '-1', def)).toBe('MRT_VALUE_RANGE');
    for (const bad of ['', '1,200', '+5', '.5', '5.', 'NaN', 'Infinity', '0x10', '12 ']) {
      expect(faultCode(money, bad, def)).toBe('MRT_VALUE_TYPE');
    }
  });

  it('CUR-01 takes its rate of the day of a date field only', () => {
    const rateOn = (field: string) =>
      definitionFaults(money, defOf('money', { foreign: true, rateOn: field }));
    expect(rateOn('signed_on')).toEqual([]);
    expect(rateOn('signed_at')).toEqual([]);
    expect(rateOn('name')).toEqual(['/rateOn MRT_FIELD_FOREIGN']);
    expect(rateOn('nothing')).toEqual(['/rateOn MRT_FIELD_UNKNOWN']);
  });

  it('filters in numeric', () => {
    expect(condition(money, 'gte', '500000')).toEqual({ sql: '"c" >= $1::numeric', values: ['500000'] });
    expect(condition(money, 'in', ['1', 2]).values).toEqual([['1', '2']]);
  });

  it('reads what it prints, and what people type', () => {
    expect(money.format('1234567.5', def, zh)).toBe('1,234,567.50');
    for (const cell of ['1,234,567.50', '¥1,234,567.5', '1234567.5元', '1,234,567.50', '$1234567.50']) {
      expect(money.parse(cell, def)).toBe('1234567.50');
    }
    expect(money.parse(' ', def)).toBeNull();
    expect(() => money.parse('12,34', def)).toThrow('is not a number');
    expect(() => money.parse('5%', def)).toThrow('is not a number');
  });
});
