/** Repeatable chance: equal seeds, equal throws (mulberry32). */
export interface Dice {
  int(from: number, to: number): number;
  pick<T>(of: readonly T[]): T;
  chance(of: number): boolean;
}

/** Dice that fall the same for the same seed. */
export function seededRandom(seed: number): Dice {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const int = (from: number, to: number): number => from + Math.floor(next() * (to - from + 1));
  return {
    int,
    pick: (of) => {
      if (of.length === 0) throw new Error('nothing to pick from');
      return of[int(0, of.length - 1)] as (typeof of)[number];
    },
    chance: (of) => next() < of,
  };
}
