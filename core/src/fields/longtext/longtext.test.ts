import { describe, expect, it } from 'vitest';
import { condition, defOf, faultCode, zh } from '../field-fixture.ts';
import { longtext } from './longtext.ts';

const def = defOf('longtext', { maxLength: 5 });

describe('longtext', () => {
  it('ENG-03 keeps lines, with one kind of line end and nothing behind it', () => {
    expect(longtext.normalise('一 \r\n\r\n二\r', def)).toBe('一\n\n二');
    expect(longtext.normalise(`一${' '.repeat(1_000_000)}二 \n`, def)).toHaveLength(1_000_002);
    expect(longtext.normalise('\n \n', def)).toBeNull();
    expect(longtext.columnType(def)).toBe('text');
  });

  it('ENG-03 refuses text over its length and control characters', () => {
    expect(faultCode(longtext, '一二三四五', def)).toBeNull();
    expect(faultCode(longtext, '一二三四五六', def)).toBe('MRT_VALUE_TOO_LONG');
    expect(faultCode(longtext, 'a\u0000', def)).toBe('MRT_VALUE_CHARACTERS');
    expect(faultCode(longtext, 5, def)).toBe('MRT_VALUE_TYPE');
  });

  it('is searched like text and not sorted by', () => {
    expect(longtext.sortable).toBe(false);
    expect(condition(longtext, 'contains', '展会').values).toEqual(['%展会%']);
  });

  it('reads what it prints', () => {
    expect(longtext.parse(longtext.format('一\n二', def, zh), def)).toBe('一\n二');
  });
});
