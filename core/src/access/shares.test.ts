import { describe, expect, it } from 'vitest';
import { isWider, type ScopeAtom } from './scope-atom.ts';
import { shareHolds, type Share } from './shares.ts';

const share = (more: Partial<Share>): Share => ({
  to: 'wang',
  level: 'read',
  until: null,
  unread: [],
  unwritten: [],
  ...more,
});
const wang = { principals: ['wang', 'north', 'sales'], today: '2026-05-10' };
const READ = { level: 'read', field: null } as const;
const WRITE = { level: 'write', field: null } as const;

describe('shares of a record', () => {
  it('SEC-07 hold for whom they are given to, up to and with their last day', () => {
    expect(shareHolds([share({})], READ, wang)).toBe(true);
    expect(shareHolds([share({ to: 'sales' })], READ, wang)).toBe(true);
    expect(shareHolds([share({ to: 'press' })], READ, wang)).toBe(false);
    expect(shareHolds([share({ until: '2026-05-10' })], READ, wang)).toBe(true);
    expect(shareHolds([share({ until: '2026-05-09' })], READ, wang)).toBe(false);
  });

  it('SEC-07 let change only what is given to change, and show no field that the giver could not read', () => {
    expect(shareHolds([share({})], WRITE, wang)).toBe(false);
    const given = [share({ level: 'write', unread: ['phone'], unwritten: ['phone', 'name'] })];
    expect(shareHolds(given, WRITE, wang)).toBe(true);
    expect(shareHolds(given, { level: 'read', field: 'name' }, wang)).toBe(true);
    expect(shareHolds(given, { level: 'read', field: 'phone' }, wang)).toBe(false);
    expect(shareHolds(given, { level: 'write', field: 'name' }, wang)).toBe(false);
    // Another share, of somebody who could, gives it.
    expect(shareHolds([...given, share({})], { level: 'read', field: 'phone' }, wang)).toBe(true);
  });

  it('SEC-07 cover one another only where each row of the narrower is surely one of the wider', () => {
    const atom = (level: 'read' | 'write', field: string | null): ScopeAtom => ({
      scope: 'shared',
      depth: 0,
      shared: { level, field },
    });
    expect(isWider(atom('read', null), atom('write', 'name'))).toBe(true);
    expect(isWider(atom('read', 'name'), atom('read', null))).toBe(false);
    expect(isWider(atom('write', null), atom('read', null))).toBe(false);
    expect(isWider({ scope: 'subordinates', depth: 0 }, { scope: 'own', depth: 0 })).toBe(true);
    expect(isWider({ scope: 'territory', depth: 0 }, { scope: 'own', depth: 0 })).toBe(false);
  });
});
