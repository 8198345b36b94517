import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { differences, mergeThreeWay } from './three-way.ts';

const open = { exact: false, winner: () => undefined };
const exact = { ...open, exact: true };

/** Documents as they come: nested maps whose leaves are plain values, `null` among them. */
const { tree } = fc.letrec<{ tree: Record<string, unknown>; value: unknown }>((tie) => ({
  value: fc.oneof({ depthSize: 'small' }, fc.constantFrom(1, 'a', true, null), tie('tree')),
  tree: fc.dictionary(fc.constantFrom('a', 'b', 'c/~'), tie('value')),
}));

describe('mergeThreeWay', () => {
  it('ENG-14 takes what the package changed and keeps what was changed here', () => {
    const before = { label: 'A', max: 50, help: 'x' };
    const { merged, clashes } = mergeThreeWay(
      before,
      { ...before, max: 80 },
      { ...before, label: 'B' },
      open,
    );
    expect(merged).toEqual({ label: 'B', max: 80, help: 'x' });
    expect(clashes).toEqual([]);
  });

  it('ENG-14 names a place that both sides have changed, with its three values, and keeps what stands here', () => {
    const { merged, clashes } = mergeThreeWay({ a: { m: 1 } }, { a: { m: 2 } }, { a: { m: 3 } }, open);
    expect(merged).toEqual({ a: { m: 2 } });
    expect(clashes).toEqual([{ path: '/a/m', before: 1, here: 2, package: 3 }]);
  });

  it('ENG-14 lets the winner of a clash be chosen by its place', () => {
    const winner = (path: string) => (path === '/m' ? ('package' as const) : ('here' as const));
    const { merged, clashes } = mergeThreeWay({}, { m: 1, n: 1 }, { m: 2, n: 2 }, { exact: false, winner });
    expect(merged).toEqual({ m: 2, n: 1 });
    expect(clashes).toEqual([]);
  });

  it('ENG-14 leaves alone what a package does not mention, unless it is to be exact', () => {
    const before = { a: 1, b: { c: 1 } };
    expect(mergeThreeWay(before, before, { a: 1 }, open).merged).toEqual(before);
    expect(mergeThreeWay(before, before, { a: 1 }, exact).merged).toEqual({ a: 1 });
    const changed = { a: 1, b: { c: 2 } };
    expect(mergeThreeWay(before, changed, { a: 1 }, exact)).toEqual({
      merged: changed,
      clashes: [{ path: '/b', before: { c: 1 }, here: { c: 2 } }],
    });
  });

  it('keeps a null, which takes an attribute of a lower layer away', () => {
    expect(mergeThreeWay({ help: null }, { help: null }, {}, open).merged).toEqual({ help: null });
    expect(mergeThreeWay({ help: 'x' }, { help: null }, { help: 'x' }, open).merged).toEqual({ help: null });
  });

  it('gives back one side when the other has changed nothing, for any documents', () => {
    fc.assert(
      fc.property(tree, tree, (a, b) => {
        expect(mergeThreeWay(a, a, b, exact).merged).toEqual(b);
        expect(mergeThreeWay(a, b, a, exact).merged).toEqual(b);
        expect(mergeThreeWay(a, b, b, open)).toEqual({ merged: b, clashes: [] });
      }),
    );
  });

  it('never clashes where only one side differs from the common version, for any documents', () => {
    fc.assert(
      fc.property(tree, tree, tree, (before, here, sent) => {
        for (const { path } of mergeThreeWay(before, here, sent, exact).clashes) {
          expect(differences(at(before, path), at(here, path))).not.toEqual([]);
          expect(differences(at(before, path), at(sent, path))).not.toEqual([]);
        }
      }),
    );
  });
});

function at(value: unknown, path: string): unknown {
  return path
    .split('/')
    .slice(1)
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce<unknown>((inner, key) => (inner as Record<string, unknown> | null | undefined)?.[key], value);
}
