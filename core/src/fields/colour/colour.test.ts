import { describe, expect, it } from 'vitest';
import { defOf, faultCode } from '../field-fixture.ts';
import { colour } from './colour.ts';

describe('colour', () => {
  it('ENG-03 keeps #rrggbb in small letters', () => {
    expect(colour.normalise('#1F6FEB', defOf('colour'))).toBe('#1f6feb');
    expect(faultCode(colour, '#1f6fe')).toBe('MRT_VALUE_FORMAT');
    expect(faultCode(colour, 'url(javascript:1)')).toBe('MRT_VALUE_FORMAT');
  });

  it.each([
    ['#ABC', '#aabbcc'],
    ['1f6feb', '#1f6feb'],
    [' #1F6FEB ', '#1f6feb'],
    ['', null],
  ])('IO-01 reads the cell %j', (cell, value) => {
    expect(colour.parse(cell, defOf('colour'))).toBe(value);
  });

  it('refuses names of colours', () => {
    expect(() => colour.parse('red', defOf('colour'))).toThrow('not a colour');
  });
});
