import { defineDemo, type DemoScope, type RecordData } from '@mortise/core/plugin';

const SUBSCRIPTIONS = 300;
const CALLS = 240;

const TITLES = [
  { code: 'semimonthly', name: '半月刊', cycle: 'semimonthly', unit_price: '10.00', year_price: '240.00' },
  { code: 'fair_guide', name: '参展指南', cycle: 'yearly', unit_price: '180.00' },
  { code: 'paili_news', name: '派力资讯', cycle: 'irregular', issues_per_year: 12, unit_price: '15.00' },
];

/** Sample data of circulation: the titles, subscriptions of this and last year, calls of the last months. */
export default defineDemo(async (demo) => {
  await createTitles(demo);
  const { items } = await demo.list('customer', {
    fields: ['owner', 'unit', 'phone', 'address'],
    limit: 1000,
    count: 'none',
  });
  const { items: staff } = await demo.list('staff', { fields: ['user'], limit: 200, count: 'none' });
  const customers = items.filter((customer) => customer['address']);
  if (customers.length === 0) return;
  const staffOf = new Map(staff.map((each) => [each['user'], each['id']]));
  await demo.create(
    'subscription',
    Array.from({ length: SUBSCRIPTIONS }, () => subscription(demo, customers, staffOf)),
  );
  await demo.create(
    'subscription_call',
    Array.from({ length: CALLS }, () => call(demo, customers, staffOf)),
  );
});

/** A publication has one title; those that are there already stay. */
async function createTitles(demo: DemoScope): Promise<void> {
  const { items } = await demo.list('publication_title', {
    fields: ['code'],
    limit: 100,
    count: 'none',
    state: 'all',
  });
  const known = new Set(items.map((title) => title['code']));
  await demo.create(
    'publication_title',
    TITLES.filter(({ code }) => !known.has(code)),
  );
}

function subscription(
  demo: DemoScope,
  customers: readonly RecordData[],
  staffOf: ReadonlyMap<unknown, unknown>,
): RecordData {
  const { random } = demo;
  const customer = random.pick(customers);
  const year = Number(demo.today.slice(0, 4)) - random.int(0, 1);
  const isFree = random.chance(0.15);
  const copies = random.weighted([
    [1, 60],
    [2, 25],
    [5, 15],
  ]);
  const term = { copies, start_date: `${year}-01-01`, end_date: `${year}-12-31` };
  const isPaid = random.chance(0.6);
  const withGuide = random.chance(0.3);
  const owed = copies * (withGuide ? 240 + 180 : 240);
  return {
    customer: customer['id'],
    owner: customer['owner'],
    unit: customer['unit'],
    sales_rep: staffOf.get(customer['owner']) ?? null,
    order_date: `${year - 1}-${random.pick(['11', '12'])}-${String(random.int(1, 28)).padStart(2, '0')}`,
    channel: random.pick(['sales_rep', 'telephone', 'telephone']),
    nature: isFree ? 'complimentary' : 'paid',
    complimentary_reason: isFree ? random.pick(['广告客户', '行业协会', '糖酒会参展企业']) : null,
    received_amount: isFree || !isPaid ? null : `${owed}.00`,
    order_status: isFree || isPaid ? 'effective' : 'finance_pending',
    contract_review: 'approved',
    finance_review: isFree ? 'waived' : isPaid ? 'approved' : 'pending',
    lines: [
      { publication: 'semimonthly', ...term },
      ...(withGuide ? [{ publication: 'fair_guide', ...term }] : []),
    ],
  };
}

function call(
  demo: DemoScope,
  customers: readonly RecordData[],
  staffOf: ReadonlyMap<unknown, unknown>,
): RecordData {
  const { random } = demo;
  const customer = random.pick(customers);
  const result = random.weighted([
    ['agreed', 25],
    ['considering', 25],
    ['refused', 15],
    ['no_answer', 20],
    ['call_back', 15],
  ]);
  const later = result === 'considering' || result === 'call_back';
  return {
    customer: customer['id'],
    owner: customer['owner'],
    unit: customer['unit'],
    caller: staffOf.get(customer['owner']) ?? null,
    phone: customer['phone'],
    time: `${daysFrom(demo.today, -random.int(1, 120))}T0${random.int(1, 9)}:${String(random.int(10, 59))}:00.000Z`,
    result,
    content: random.pick([
      '介绍半月刊白酒版内容',
      '续订一年,地址不变',
      '经理出差,下周再联系',
      '已在邮局订阅',
    ]),
    next_call_at: later ? `${daysFrom(demo.today, random.int(1, 30))}T02:00:00.000Z` : null,
  };
}

function daysFrom(day: string, days: number): string {
  const at = new Date(`${day}T00:00:00Z`);
  at.setUTCDate(at.getUTCDate() + days);
  return at.toISOString().slice(0, 10);
}
