import { describe, expect, it } from 'vitest';
import { seededRandom } from './random.ts';

describe('seededRandom', () => {
  it('gives the same numbers for the same seed, within the bounds', () => {
    const draw = (): number[] => {
      const random = seededRandom(42);
      return Array.from({ length: 1000 }, () => random.int(3, 7));
    };
    expect(draw()).toEqual(draw());
    expect(new Set(draw())).toEqual(new Set([3, 4, 5, 6, 7]));
  });

  it('picks by weight and never what weighs nothing', () => {
    const random = seededRandom(1);
    const picked = Array.from({ length: 2000 }, () =>
      random.weighted([
        ['often', 9],
        ['seldom', 1],
        ['never', 0],
      ]),
    );
    const often = picked.filter((each) => each === 'often').length;
    expect(often).toBeGreaterThan(1600);
    expect(picked).not.toContain('never');
  });
});
