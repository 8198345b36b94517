import { describe, expect, it } from 'vitest';
import { defOf, definitionFaults, en, parseScope, zh } from '../field-fixture.ts';
import { address } from './address.ts';

const def = defOf('address', { dictionary: 'region' });
const value = { region: '110105', street: '建国路1号', postcode: '100022' };

describe('address', () => {
  it('ENG-03 is printed from the greatest part to the smallest, in English the other way', () => {
    expect(address.format(value, def, zh)).toBe('北京市朝阳区建国路1号 100022');
    expect(address.format({ ...value, street: '1 Jianguo Road' }, def, en)).toBe(
      '1 Jianguo Road, Chaoyang, Beijing 100022',
    );
    expect(address.format({ street: '建国路1号' }, def, zh)).toBe('建国路1号');
  });

  it.each([
    ['北京市朝阳区建国路1号 100022', value],
    ['北京市朝阳区建国路1号 邮编:100022', value],
    ['建国路1号', { street: '建国路1号' }],
    ['100022', { postcode: '100022' }],
    [' ', null],
  ])('IO-01 reads the cell %j', (cell, read) => {
    expect(address.parse(cell, def, parseScope)).toEqual(read);
  });

  it('IO-01 reads back what it prints, in both languages', () => {
    for (const scope of [zh, en])
      expect(address.parse(address.format(value, def, scope), def, parseScope)).toEqual(value);
  });

  it('keeps no empty part, and nothing at all without parts', () => {
    expect(address.normalise({ street: ' 路 ', postcode: '１００ ', region: null }, def)).toEqual({
      street: '路',
      postcode: '100',
    });
    expect(address.normalise({ street: ' ' }, def)).toBeNull();
  });

  it('needs a dictionary that exists', () => {
    expect(definitionFaults(address, defOf('address', { dictionary: 'ghost' }))).toEqual([
      '/dictionary MRT_FIELD_DICTIONARY',
    ]);
    expect(address.checkValue({ region: 'x' }, defOf('address'))).toMatchObject({ at: '/region' });
  });
});
