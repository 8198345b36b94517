import type { BeforeWrite, HookScope, RecordData } from '@mortise/core/plugin';

/** Field of the subscription → field of the customer it is taken from. */
const TAKEN_FROM: Readonly<Record<string, string>> = {
  region: 'province',
  city: 'city',
  delivery_address: 'address',
  postcode: 'postcode',
  phone: 'phone',
};

/**
 * Where the copies go when nobody says otherwise: the customer's region, address, postcode and phone, kept as they
 * are now (DM-SUB-02…06). Only for a new subscription or another customer; what was emptied later stays empty.
 */
export async function deliveryOfCustomer(
  { draft, previous, sent }: BeforeWrite,
  scope: HookScope,
): Promise<RecordData> {
  const customer = draft['customer'];
  if (typeof customer !== 'string' || previous?.['customer'] === customer) return {};
  const missing = Object.keys(TAKEN_FROM).filter(
    (field) => isEmpty(draft[field]) || (previous !== null && !sent.has(field)),
  );
  if (missing.length === 0) return {};
  const { items } = await scope.records.list('customer', {
    filter: { id: customer },
    fields: missing.map((field) => TAKEN_FROM[field] ?? field),
    limit: 1,
    count: 'none',
  });
  const found = items[0];
  if (!found) return {};
  return Object.fromEntries(missing.map((field) => [field, found[TAKEN_FROM[field] ?? field] ?? null]));
}

function isEmpty(value: unknown): boolean {
  return value === null || value === undefined || value === '';
}
