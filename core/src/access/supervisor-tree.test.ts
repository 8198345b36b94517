import { describe, expect, it } from 'vitest';
import { ledBy, type StaffRow } from './supervisor-tree.ts';

const staff = (id: string, user: string | null, supervisor: string | null): StaffRow => ({
  id,
  user,
  supervisor,
  regions: {},
});

describe('who is below whom', () => {
  it('SEC-05 goes down the supervisors of staff records, through people without an account', () => {
    const rows = [
      staff('a', 'ann', null),
      staff('b', null, 'a'),
      staff('c', 'carl', 'b'),
      staff('d', 'dora', null),
    ];
    expect(ledBy(rows, [], 'ann')).toEqual(['carl']);
    expect(ledBy(rows, [], 'carl')).toEqual([]);
  });

  it('SEC-05 goes from staff records to accounts and back, and is not hung by a circle', () => {
    const rows = [staff('a', 'ann', 'c'), staff('b', 'bob', 'a'), staff('c', 'carl', null)];
    const superiors = [
      { id: 'carl', supervisor: 'bob' },
      { id: 'eve', supervisor: 'carl' },
    ];
    expect(ledBy(rows, superiors, 'ann')).toEqual(['bob', 'carl', 'eve']);
    expect(ledBy(rows, superiors, 'nobody')).toEqual([]);
  });
});
