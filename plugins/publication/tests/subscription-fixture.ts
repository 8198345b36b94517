import type { BeforeWrite, HookScope, ListRequest, RecordData, ScopedRecords } from '@mortise/core/plugin';

const unused = (): Promise<never> => Promise.reject(new Error('the hook must not use this'));

/** The values that a `$in` filter asks for. */
function wanted(request: ListRequest, field: string): readonly string[] {
  const condition = request.filter?.[field] as { readonly $in: readonly string[] } | undefined;
  return condition?.$in ?? [];
}

/** Titles and customers held in memory; they answer the two questions that the hook asks. */
export function scopeWith(titles: readonly RecordData[], customers: readonly RecordData[] = []): HookScope {
  const records: ScopedRecords = {
    list(entity, request) {
      if (entity === 'publication_title') {
        const codes = wanted(request, 'code');
        return Promise.resolve({ items: titles.filter((title) => codes.includes(String(title['code']))) });
      }
      if (entity === 'customer') {
        return Promise.resolve({
          items: customers.filter((customer) => customer['id'] === request.filter?.['id']),
        });
      }
      return unused();
    },
    read: unused,
    create: unused,
    update: unused,
  };
  return { records, actor: { id: 'user-1', unit: null }, today: '2026-01-05', settings: {} };
}

/** The semi-monthly at 10 yuan an issue. */
export const SEMIMONTHLY: RecordData = {
  id: 't-1',
  code: 'semimonthly',
  name: '糖烟酒周刊半月刊',
  cycle: 'semimonthly',
  issues_per_year: null,
  unit_price: '10.00',
  unit_price_currency: 'CNY',
  year_price: null,
  active: true,
};

/** The guide, once a year at 180 yuan the year. */
export const GUIDE: RecordData = {
  ...SEMIMONTHLY,
  id: 't-2',
  code: 'fair_guide',
  name: '参展指南',
  cycle: 'yearly',
  unit_price: null,
  year_price: '180.00',
  year_price_currency: 'CNY',
};

/** The news, which appears when there is news. */
export const NEWS: RecordData = {
  ...SEMIMONTHLY,
  id: 't-3',
  code: 'paili_news',
  name: '派力资讯',
  cycle: 'irregular',
  unit_price: '5.00',
};

/** A subscription on its way into the database; `sent` are the names in `draft`. */
export function subscriptionEvent(draft: RecordData, previous: RecordData | null = null): BeforeWrite {
  return {
    entity: 'subscription',
    id: 's-1',
    previous,
    draft: { ...previous, ...draft },
    sent: new Set(Object.keys(draft)),
  };
}

/** A line of all of 2026. */
export function yearLine(more: RecordData = {}): RecordData {
  return { publication: 'semimonthly', copies: 2, start_date: '2026-01-01', end_date: '2026-12-31', ...more };
}
