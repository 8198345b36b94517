import { describe, expect, it } from 'vitest';
import { fieldView } from '../testing/views.ts';
import { checkValue } from './check-values.ts';

describe('checks before sending', () => {
  it('ENT-08 asks for a required value', () => {
    expect(checkValue(fieldView('a', 'text'), '', true)).toEqual({ key: 'fault.required' });
    expect(checkValue(fieldView('a', 'choice', { def: { multiple: true } }), [], true)).toEqual({
      key: 'fault.required',
    });
    expect(checkValue(fieldView('a', 'boolean'), false, true)).toBeNull();
    expect(checkValue(fieldView('a', 'text'), null, false)).toBeNull();
  });

  it.each([
    ['text', { maxLength: 3 }, 'abcd', 'fault.tooLong'],
    ['text', { pattern: '^[0-9]{6}$' }, '12', 'fault.format'],
    ['integer', { minimum: 0 }, -1, 'fault.tooSmall'],
    ['integer', {}, '1x', 'fault.integer'],
    ['money', {}, '1.005', 'fault.money'],
    ['decimal', { scale: 3 }, '1.0005', 'fault.decimal'],
    ['date', {}, '2026-02-30', 'fault.date'],
    ['email', {}, 'nobody', 'fault.email'],
  ] as const)('ENT-08 refuses a %s with %j: %s', (type, def, value, key) => {
    expect(checkValue(fieldView('a', type, { def }), value, false)).toMatchObject({ key });
  });

  it.each([
    ['percent', {}, 'viel'],
    ['time', {}, '25:00'],
    ['rating', { maximum: 3 }, 4],
    ['barcode', { kind: 'isbn' }, '9787302517765'],
  ] as const)("ENT-08 refuses a %s with %j: %j, in the type's own words", (type, def, value) => {
    const fault = checkValue(fieldView('a', type, { def }), value, false);
    expect(fault).toMatchObject({ message: { 'zh-CN': expect.any(String), en: expect.any(String) } });
  });

  it.each([
    ['text', { maxLength: 4 }, '酒业股份'],
    ['integer', { minimum: 0, maximum: 10 }, 10],
    ['money', {}, '-12345.60'],
    ['date', {}, '2028-02-29'],
    ['email', {}, 'a@b.cn'],
  ] as const)('ENT-08 lets a right %s through', (type, def, value) => {
    expect(checkValue(fieldView('a', type, { def }), value, true)).toBeNull();
  });
});
