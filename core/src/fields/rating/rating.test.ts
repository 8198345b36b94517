import { describe, expect, it } from 'vitest';
import { defOf, faultCode, zh } from '../field-fixture.ts';
import { rating } from './rating.ts';

const def = defOf('rating');

describe('rating', () => {
  it('ENG-03 is shown in stars out of its greatest', () => {
    expect(rating.format(3, def, zh)).toBe('★★★☆☆');
    expect(rating.format(3, defOf('rating', { maximum: 3 }), zh)).toBe('★★★');
    expect(rating.format(null, def, zh)).toBe('');
  });

  it.each([
    ['4', 4],
    ['4/5', 4],
    ['★★★★☆', 4],
    ['4星', 4],
    ['4 stars', 4],
    ['', null],
  ])('IO-01 reads the cell %j', (cell, value) => {
    expect(rating.parse(cell, def)).toBe(value);
  });

  it('knows neither halves nor zero', () => {
    expect(() => rating.parse('4.5', def)).toThrow('not a rating');
    expect(faultCode(rating, 0, def)).toBe('MRT_VALUE_RANGE');
    expect(faultCode(rating, 6, def)).toBe('MRT_VALUE_RANGE');
  });
});
