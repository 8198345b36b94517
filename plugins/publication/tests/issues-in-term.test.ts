import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { issuesInTerm, issuesPerYear } from '../src/issues-in-term.ts';

describe('issuesInTerm', () => {
  it.each([
    [24, '2026-01-01', '2026-12-31', 24],
    [24, '2026-01-01', '2026-01-15', 1],
    [24, '2026-01-16', '2026-02-15', 2],
    [24, '2026-07-01', '2027-06-30', 24],
    [24, '2026-12-16', '2027-01-01', 2],
    [12, '2026-01-20', '2026-03-01', 3],
    [1, '2026-01-01', '2026-12-31', 1],
    [1, '2026-12-31', '2027-01-01', 2],
    [2, '2026-06-30', '2026-07-01', 2],
    [52, '2026-01-01', '2026-12-31', 52],
  ])('PUB-04 with %d issues a year, %s to %s holds %d', (perYear, start, end, expected) => {
    expect(issuesInTerm(perYear, start, end)).toBe(expected);
  });

  it('has no answer for a term that ends before it begins or is no date', () => {
    expect(issuesInTerm(24, '2026-02-01', '2026-01-01')).toBeNull();
    expect(issuesInTerm(24, '2026-2-1', '2026-03-01')).toBeNull();
    expect(issuesInTerm(24, '2026-13-01', '2026-13-02')).toBeNull();
  });

  it('DM-SUB-10 counts at least one issue for any term, and all of them in whole years', () => {
    const day = fc
      .date({ min: new Date('2000-01-01'), max: new Date('2060-12-31'), noInvalidDate: true })
      .map((date) => date.toISOString().slice(0, 10));
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 365 }), day, day, (perYear, a, b) => {
        const [start, end] = a < b ? [a, b] : [b, a];
        expect(issuesInTerm(perYear, start, end)).toBeGreaterThanOrEqual(1);
        const year = Number(start.slice(0, 4));
        expect(issuesInTerm(perYear, `${year}-01-01`, `${year + 2}-12-31`)).toBe(3 * perYear);
      }),
    );
  });

  it('a term cut in two at the turn of a month holds as many issues as its halves', () => {
    const month = fc.integer({ min: 2, max: 12 }).map((number) => String(number).padStart(2, '0'));
    fc.assert(
      fc.property(month, (cut) => {
        const before = new Date(Date.UTC(2026, Number(cut) - 1, 0)).toISOString().slice(0, 10);
        const halves = [
          issuesInTerm(24, '2026-01-01', before),
          issuesInTerm(24, `2026-${cut}-01`, '2026-12-31'),
        ];
        expect((halves[0] ?? 0) + (halves[1] ?? 0)).toBe(24);
      }),
    );
  });
});

describe('issuesPerYear', () => {
  it('DM-ISS-01 follows from the cycle unless it is stated', () => {
    expect(issuesPerYear('semimonthly', null)).toBe(24);
    expect(issuesPerYear('semimonthly', 22)).toBe(22);
    expect(issuesPerYear('yearly', null)).toBe(1);
    expect(issuesPerYear('irregular', null)).toBeNull();
  });
});
