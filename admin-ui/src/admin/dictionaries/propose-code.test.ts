import { describe, expect, it } from 'vitest';
import { freeName, nameFromLabel } from '../ui/name-from-label.ts';
import { proposeCode } from './propose-code.ts';

describe('proposed names', () => {
  it('a name is made of the English label', () => {
    expect(nameFromLabel('WeChat ID')).toBe('wechat_id');
    expect(nameFromLabel('  2nd Café — n° 5 ')).toBe('nd_cafe_n_5');
    expect(nameFromLabel('微信号')).toBe('');
    expect(freeName('note', (name) => name === 'note' || name === 'note_2')).toBe('note_3');
  });

  it('a code follows the manner of its neighbours', () => {
    const free = (): boolean => false;
    expect(proposeCode('Sauce aroma', 'IND.PT', ['IND.PT.REL'], free)).toBe('IND.PT.SAUCE_AROMA');
    expect(proposeCode('New product', undefined, ['trial'], free)).toBe('new_product');
    expect(proposeCode('New product', undefined, [], (code) => code === 'new_product')).toBe('new_product_2');
  });
});
