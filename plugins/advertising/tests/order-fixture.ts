import type { BeforeWrite, HookScope, ListRequest, RecordData, ScopedRecords } from '@mortise/core/plugin';

const unused = (): Promise<never> => Promise.reject(new Error('the hook must not use this'));

/** The values that a `$in` filter asks for. */
function wanted(request: ListRequest, field: string): readonly string[] {
  const condition = request.filter?.[field] as { readonly $in: readonly string[] } | undefined;
  return condition?.$in ?? [];
}

/** A rate card held in memory: answers the one question that the hook asks. */
export function scopeWith(
  services: readonly RecordData[],
  today = '2026-03-01',
): HookScope & { readonly asked: ListRequest[] } {
  const asked: ListRequest[] = [];
  const records: ScopedRecords = {
    list(entity, request) {
      if (entity !== 'ad_service') return unused();
      asked.push(request);
      const ids = wanted(request, 'id');
      return Promise.resolve({ items: services.filter((service) => ids.includes(String(service['id']))) });
    },
    read: unused,
    create: unused,
    update: unused,
  };
  return { records, actor: { id: 'user-1', unit: null }, today, settings: {}, asked };
}

/** A half page in colour at 8,000 yuan an issue, on sale all of 2026. */
export const HALF_PAGE: RecordData = {
  id: 'half-page',
  name: '内页广告 · 白酒版 · 1/2版 · 彩色',
  service_type: 'inside_page',
  edition: 'baijiu',
  column: null,
  size: 'half',
  colour: 'full_color',
  price: '8000.00',
  price_currency: 'CNY',
  price_unit: '期',
  active: true,
  valid_from: '2026-01-01',
  valid_to: '2026-12-31',
};

/** An order on its way into the database; `sent` defaults to the names in `draft`. */
export function orderEvent(
  draft: RecordData,
  previous: RecordData | null = null,
  sent = Object.keys(draft),
): BeforeWrite {
  return {
    entity: 'ad_order',
    id: 'order-1',
    previous,
    draft: { order_date: '2026-03-01', ...previous, ...draft },
    sent: new Set(sent),
  };
}
