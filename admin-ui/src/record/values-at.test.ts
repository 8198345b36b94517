import type { HistoryEntry } from '@mortise/core/contract';
import { describe, expect, it } from 'vitest';
import { valuesAt } from './values-at.ts';

const entry = (version: number, changes: HistoryEntry['changes']): HistoryEntry => ({
  id: String(version),
  at: '2026-01-01T00:00:00.000Z',
  action: 'update',
  by: null,
  byName: '',
  source: 'screen',
  rule: null,
  reason: null,
  version,
  changes,
  steps: [],
  merged: null,
});

describe('the values of a moment', () => {
  const third = entry(3, { name: { old: 'B', new: 'C' }, note: { old: null, new: 'x' } });
  const second = entry(2, { name: { old: 'A', new: 'B' } });
  const first = entry(1, { name: { old: null, new: 'A' } });
  const entries = [third, second, first];

  it('DM-COM-14 takes each field as it was right after the entry', () => {
    expect(valuesAt(entries, first)).toEqual({ name: 'A', note: null });
    expect(valuesAt(entries, second)).toEqual({ name: 'B', note: null });
  });

  it('DM-COM-14 changes nothing for the newest entry', () => {
    expect(valuesAt(entries, third)).toEqual({});
  });
});
