import { describe, expect, it } from 'vitest';
import { mendedPinyin } from './question-words.ts';
import { readings } from './syllables.ts';

describe('readings', () => {
  it('QRY-01 reads letters in every way, long syllables first', () => {
    expect(readings('xian', 4)).toEqual([['xian'], ['xia', 'n'], ['xi', 'an'], ['xi', 'a', 'n']]);
    expect(readings('xian', 1)).toEqual([['xian']]);
  });

  it('QRY-01 ends at once with letters of 2^28 beginnings and no end', () => {
    expect(readings(`${'an'.repeat(28)}vvvv`, 4)).toEqual([]);
    expect(mendedPinyin(`${'an'.repeat(10)}vvvv`)).toEqual([]);
  });

  it('QRY-01 mends one error in few letters, and none in many', () => {
    expect(mendedPinyin('guanggoa')).toContainEqual(['guang', 'gao']);
    expect(mendedPinyin('guanggoa'.repeat(4))).toEqual([]);
  });
});
