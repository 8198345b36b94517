import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { brokenOrder, orderEntries } from '../../../../core/src/model/order.ts';
import { arrange, mayMove, moved } from './document-order.ts';

type Entries = Record<string, { after?: string }>;

/** A document of a lower layer as the server merges it, and the same with its entries in order. */
const documents = fc
  .uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g'), { minLength: 2, maxLength: 7 })
  .chain((names) =>
    fc
      .tuple(
        ...names.map((_name, index) =>
          fc.option(fc.nat({ max: Math.max(index - 1, 0) }), { nil: undefined }),
        ),
      )
      .map((afters) => {
        const written: Entries = {};
        names.forEach((name, index) => {
          const after = index === 0 ? undefined : afters[index];
          written[name] = after === undefined ? {} : { after: names[after] ?? 'a' };
        });
        return written;
      }),
  );

describe('order of fields', () => {
  it('ENG-02 a move is what the server makes of it, whatever followed what before', () => {
    fc.assert(
      fc.property(documents, fc.nat(), fc.nat(), (written, a, b) => {
        const effective = orderEntries(written);
        const names = Object.keys(effective);
        const [from, to] = [a % names.length, b % names.length];
        fc.pre(mayMove(names.length, from, to, false));
        const wished = moved(names, from, to);
        const arranged = arrange(effective, wished);
        // The lower layer keeps its written order; the overlay brings the `after` attributes alone.
        const merged = Object.fromEntries(Object.keys(written).map((name) => [name, arranged[name] ?? {}]));
        expect(brokenOrder(merged)).toEqual([]);
        expect(Object.keys(orderEntries(merged))).toEqual(wished);
      }),
    );
  });

  it('ENG-02 in a document of the site any entry can be the first, and something of it shows as changed', () => {
    fc.assert(
      fc.property(documents, fc.nat(), fc.nat(), (written, a, b) => {
        const effective = orderEntries(written);
        const names = Object.keys(effective);
        const [from, to] = [a % names.length, b % names.length];
        fc.pre(mayMove(names.length, from, to, true));
        const wished = moved(names, from, to);
        const arranged = arrange(effective, wished);
        expect(Object.keys(orderEntries(arranged))).toEqual(wished);
        expect(names.some((name) => arranged[name]?.after !== effective[name]?.after)).toBe(true);
      }),
    );
  });

  it('the first entry of a lower layer stays, nothing comes before it', () => {
    expect(mayMove(3, 0, 1, false)).toBe(false);
    expect(mayMove(3, 1, 0, false)).toBe(false);
    expect(mayMove(3, 1, 0, true)).toBe(true);
    expect(mayMove(3, 1, 2, false)).toBe(true);
  });
});
