import { describe, expect, it } from 'vitest';
import type { SettingsDocument } from '@mortise/core/contract';
import { isLimit, limitsOf, linesOf, typedOf, withQuotas } from './quota-draft.ts';

const DOCUMENT = {
  name: 'installation',
  quotas: {
    print: { perJob: 5000, perDay: 10000, roles: { boss: { perJob: 'unlimited' }, clerk: { perDay: 0 } } },
    mail: { perDay: 20 },
  },
} as unknown as SettingsDocument;

describe('limits while they are edited (SEC-08)', () => {
  it('come back as they were', () => expect(withQuotas(DOCUMENT, linesOf(DOCUMENT))).toEqual(DOCUMENT));

  it('keep nought apart from nothing and from no limit', () => {
    const lines = linesOf(DOCUMENT);
    expect(lines.map(({ role, limits }) => [role, limits.print.perJob, limits.print.perDay])).toEqual([
      ['', '5000', '10000'],
      ['boss', '-', ''],
      ['clerk', '', '0'],
    ]);
    lines[0]!.limits.print.perJob = '';
    lines.push({ role: 'new', limits: typedOf({}) });
    expect(withQuotas(DOCUMENT, lines).quotas?.print).toEqual({
      perDay: 10000,
      roles: { boss: { perJob: 'unlimited' }, clerk: { perDay: 0 } },
    });
    expect(limitsOf(typedOf({ print: { perJob: 3, perDay: null } }))).toEqual({
      print: { perJob: 3, perDay: null },
      export: { perJob: null, perDay: null },
      mail: { perJob: null, perDay: null },
    });
  });

  it('are numbers, a dash or nothing', () =>
    expect(['', ' ', '0', '123', '-', '-1', '1.5', 'x'].map(isLimit)).toEqual([
      true,
      true,
      true,
      true,
      true,
      false,
      false,
      false,
    ]));
});
