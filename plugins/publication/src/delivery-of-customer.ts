import type { BeforeWrite, HookScope, RecordData } from '@mortise/core/plugin';

/** Field of the subscription → field of the customer it is taken from. */
const TAKEN_FROM = {
  region: 'province',
  city: 'city',
  delivery_address: 'address',
  postcode: 'postcode',
  phone: 'phone',
} as const;

/**
 * Where the copies go when a subscription passes to another customer and nobody says otherwise: his region, address,
 * postcode and phone as they are now (DM-SUB-02…06). A new subscription gets them as defaults from its document.
 */
export async function deliveryOfCustomer(
  { draft, previous, sent }: BeforeWrite,
  scope: HookScope,
): Promise<RecordData> {
  const customer = draft['customer'];
  if (previous === null || typeof customer !== 'string' || previous['customer'] === customer) return {};
  const { items } = await scope.records.list('customer', {
    filter: { id: customer },
    fields: Object.values(TAKEN_FROM),
    limit: 1,
    count: 'none',
  });
  const found = items[0];
  if (!found) return {};
  return Object.fromEntries(
    Object.entries(TAKEN_FROM).flatMap(([field, source]) =>
      sent.has(field) ? [] : [[field, found[source] ?? null]],
    ),
  );
}
