import { describe, expect, it } from 'vitest';
import { defOf, en, zh } from '../field-fixture.ts';
import { tags } from './tags.ts';

const def = defOf('tags', { maxLength: 5 });

describe('tags', () => {
  it('ENG-03 keeps each tag once, as it was first written', () => {
    expect(tags.normalise([' VIP', 'vip', '重点', ''], def)).toEqual(['VIP', '重点']);
    expect(tags.normalise([], def)).toBeNull();
  });

  it('names the faulty tag', () => {
    expect(tags.checkValue(['a', 'abcdef'], def)).toMatchObject({ code: 'MRT_VALUE_TOO_LONG', at: '/1' });
    expect(tags.checkValue(['a,b'], def)).toMatchObject({ code: 'MRT_VALUE_CHARACTERS', at: '/0' });
    expect(tags.checkValue('a', def)).toMatchObject({ code: 'MRT_VALUE_TYPE' });
  });

  it('IO-01 prints and reads a list of words', () => {
    expect(tags.format(['重点', 'VIP'], def, zh)).toBe('重点、VIP');
    expect(tags.format(['重点', 'VIP'], def, en)).toBe('重点, VIP');
    expect(tags.parse('重点、 VIP；vip', def)).toEqual(['重点', 'VIP']);
    expect(tags.parse(' ', def)).toBeNull();
  });

  it('is searched by its words', () => {
    expect(tags.searchText?.('"c"')).toBe(`array_to_string("c", ' ')`);
  });
});
