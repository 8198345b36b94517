import { describe, expect, it } from 'vitest';
import { condition, defOf } from '../field-fixture.ts';
import { FilterValueError } from '../field-type.ts';
import { geo } from './geo.ts';

const def = defOf('geo');

describe('geo', () => {
  it.each([
    ['39.9042, 116.4074', { lat: 39.9042, lon: 116.4074 }],
    ['39.9042 116.4074', { lat: 39.9042, lon: 116.4074 }],
    ['３９．９０４２，１１６．４０７４', { lat: 39.9042, lon: 116.4074 }],
    ['39°54′15.12″N 116°24′26.64″E', { lat: 39.9042, lon: 116.4074 }],
    ["33°51'S, 151°12'E", { lat: -33.85, lon: 151.2 }],
    ['', null],
  ])('IO-01 reads the cell %j', (cell, value) => {
    expect(geo.parse(cell, def)).toEqual(value);
  });

  it.each(['116.4074, 39.9042', '39.9', 'Beijing'])('refuses the cell %j', (cell) => {
    expect(() => geo.parse(cell, def)).toThrow('not a place');
  });

  it('names the coordinate that is out of range', () => {
    expect(geo.checkValue({ lat: 0, lon: 181 }, def)).toMatchObject({ code: 'MRT_VALUE_RANGE', at: '/lon' });
  });

  it.each([{ lat: 1, lon: 1 }, { lat: 1, lon: 1, km: -1 }, '1,1', { lat: 100, lon: 0, km: 1 }])(
    'ENG-02 refuses the distance filter %j',
    (value) => {
      expect(() => condition(geo, 'near', value)).toThrow(FilterValueError);
    },
  );
});
