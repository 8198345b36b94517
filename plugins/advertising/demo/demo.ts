import { defineDemo, type DemoScope, type RecordData } from '@mortise/core/plugin';

const ORDERS = 240;
const MEDIA_RECORDS = 120;

/** A service on sale: its id and its price in whole yuan. */
interface Offer {
  readonly id: string;
  readonly price: number;
}

/** Sample data of advertising: a rate card, orders of the last year in every state of payment, media records. */
export default defineDemo(async (demo) => {
  const offers = await createRateCard(demo);
  const { items: customers } = await demo.list('customer', {
    fields: ['name', 'owner', 'unit'],
    limit: 1000,
    count: 'none',
  });
  const { items: staff } = await demo.list('staff', { fields: ['user'], limit: 200, count: 'none' });
  if (customers.length === 0) return;
  const staffOf = new Map(staff.map((each) => [each['user'], each['id']]));
  await demo.create(
    'ad_order',
    Array.from({ length: ORDERS }, () => order(demo, offers, customers, staffOf)),
  );
  await demo.create(
    'media_record',
    Array.from({ length: MEDIA_RECORDS }, () => mediaRecord(demo, customers)),
  );
});

const PAGES: readonly (readonly [size: string, price: number])[] = [
  ['full_page', 16_000],
  ['half', 8000],
  ['quarter', 4600],
  ['eighth', 2600],
];

async function createRateCard(demo: DemoScope): Promise<readonly Offer[]> {
  const pages = ['baijiu', 'non_staple', 'grape_wine', 'machinery_packaging'].flatMap((edition) =>
    PAGES.map(([size, price]) => ({
      service_type: 'inside_page',
      edition,
      size,
      colour: 'full_color',
      price,
      price_unit: '期',
    })),
  );
  const others = [
    { service_type: 'magazine_cosponsor', price: 60_000, price_unit: '年' },
    { service_type: 'column_cosponsor', edition: 'market_sales', price: 24_000, price_unit: '年' },
    {
      service_type: 'frontispiece_insert',
      size: 'full_page',
      colour: 'full_color',
      price: 20_000,
      price_unit: '期',
    },
    { service_type: 'color_promo', details: '彩色招商单页,随刊夹送', price: 5800, price_unit: '期' },
    { service_type: 'fair_guide', details: '参展指南彩色插页', price: 9800, price_unit: '版' },
    { service_type: 'outdoor', details: '展馆外墙广告,展期三天', price: 38_000, price_unit: '块' },
    { service_type: 'website', details: '首页横幅', price: 3000, price_unit: '月' },
  ];
  const services = [...pages, ...others];
  const made = await demo.create(
    'ad_service',
    services.map(({ price, ...service }) => ({
      ...service,
      price: `${price}.00`,
      valid_from: daysFrom(demo.today, -730),
    })),
  );
  return services.map(({ price }, index) => ({ id: made[index]?.id ?? '', price }));
}

function order(
  demo: DemoScope,
  offers: readonly Offer[],
  customers: readonly RecordData[],
  staffOf: ReadonlyMap<unknown, unknown>,
): RecordData {
  const { random } = demo;
  const customer = random.pick(customers);
  const ordered = daysFrom(demo.today, -random.int(0, 360));
  const published = daysFrom(ordered, random.int(10, 60));
  const isOver = published < demo.today;
  const lines = Array.from({ length: random.int(1, 3) }, () => ({
    offer: random.pick(offers),
    quantity: random.int(1, 4),
    percent: random.pick([100, 95, 90, 85, 80]),
  }));
  const cents = lines.reduce(
    (sum, { offer, quantity, percent }) => sum + offer.price * quantity * percent,
    0,
  );
  const received = random.weighted([
    [cents, isOver ? 60 : 15],
    [Math.floor(cents / 2), 25],
    [0, 30],
  ]);
  const isPassed = isOver || random.chance(0.5);
  return {
    customer: customer['id'],
    owner: customer['owner'],
    unit: customer['unit'],
    sales_rep: staffOf.get(customer['owner']) ?? null,
    order_date: ordered,
    contract_subject: random.pick(['新品上市招商', '品牌形象宣传', '糖酒会专题', '年度合作']),
    ad_type: random.pick(['text', 'image']),
    media: [random.pick(['semimonthly', 'guide', 'web'])],
    publish_from: published,
    publish_to: daysFrom(published, 14),
    received_amount:
      received === 0 ? null : `${Math.floor(received / 100)}.${String(received % 100).padStart(2, '0')}`,
    order_status: !isPassed ? 'contract_pending' : received > 0 ? 'effective' : 'finance_pending',
    guarantee_record: isPassed && received > 0 && received < cents ? '部门经理担保,余款月底前付清' : null,
    contract_review: isPassed ? 'approved' : 'pending',
    finance_review: isPassed && received > 0 ? 'approved' : 'pending',
    exec_status: isOver ? 'done' : 'planned',
    lines: lines.map(({ offer, quantity, percent }) => ({
      ad_service: offer.id,
      quantity: String(quantity),
      discount: (percent / 100).toFixed(2),
      publish_from: published,
    })),
  };
}

function mediaRecord(demo: DemoScope, customers: readonly RecordData[]): RecordData {
  const { random } = demo;
  const customer = random.pick(customers);
  const from = daysFrom(demo.today, -random.int(0, 700));
  return {
    customer: customer['id'],
    owner: customer['owner'],
    unit: customer['unit'],
    record_kind: random.weighted([
      ['ad', 70],
      ['report', 30],
    ]),
    subject: `${String(customer['name'])}${random.pick(['新品发布报道', '央视广告投放', '春节促销广告', '糖酒会专访'])}`,
    media_form: random.pick(['tv', 'newspaper', 'magazine', 'web', 'outdoor']),
    slogan: random.pick(['好粮好水,好酒自来', '一杯敬岁月', '家的味道,节的团圆', null]),
    ad_spend: `${random.int(2, 300)}0000.00`,
    placement_from: from,
    placement_to: daysFrom(from, random.int(7, 90)),
  };
}

function daysFrom(day: string, days: number): string {
  const at = new Date(`${day}T00:00:00Z`);
  at.setUTCDate(at.getUTCDate() + days);
  return at.toISOString().slice(0, 10);
}
