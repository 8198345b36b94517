import { defineDemo, type DemoScope, type RecordData } from '@mortise/core/plugin';

const PARTICIPANTS = 70;

const FAIRS = [
  {
    edition_no: '112',
    name: '第 112 届全国糖酒商品交易会',
    season: 'spring',
    start_on: '2025-03-25',
    end_on: '2025-03-27',
    venue: '中国西部国际博览城',
  },
  {
    edition_no: '113',
    name: '第 113 届全国糖酒商品交易会',
    season: 'autumn',
    start_on: '2025-10-16',
    end_on: '2025-10-18',
    venue: '南京国际博览中心',
  },
  {
    edition_no: '114',
    name: '第 114 届全国糖酒商品交易会',
    season: 'spring',
    start_on: '2026-03-26',
    end_on: '2026-03-28',
    venue: '中国西部国际博览城',
  },
];

/** Sample data of the fair office: three editions and who took part in them. */
export default defineDemo(async (demo) => {
  const { items: known } = await demo.list('trade_fair', {
    fields: ['edition_no'],
    limit: 100,
    count: 'none',
    state: 'all',
  });
  const numbers = new Set(known.map((fair) => fair['edition_no']));
  const fairs = FAIRS.filter((fair) => !numbers.has(fair.edition_no));
  const made = await demo.create('trade_fair', fairs);
  const { items: customers } = await demo.list('customer', {
    fields: ['owner', 'unit'],
    limit: 1000,
    count: 'none',
  });
  for (const [index, fair] of fairs.entries()) {
    const id = made[index]?.id;
    await demo.create(
      'fair_participation',
      someOf(demo, customers).map((customer) => participation(demo, { id, start: fair.start_on }, customer)),
    );
  }
});

/** Different customers: a company has one record per edition. */
function someOf({ random }: DemoScope, customers: readonly RecordData[]): readonly RecordData[] {
  const left = [...customers];
  return Array.from(
    { length: Math.min(PARTICIPANTS, left.length) },
    () => left.splice(random.int(0, left.length - 1), 1)[0] ?? {},
  );
}

function participation(
  { random }: DemoScope,
  fair: { readonly id: unknown; readonly start: string },
  customer: RecordData,
): RecordData {
  const stands = random.int(1, 6);
  const byUs = random.chance(0.4);
  const plan = random.int(1, 20);
  return {
    customer: customer['id'],
    owner: customer['owner'],
    unit: customer['unit'],
    fair: fair.id,
    purpose: random.pick([['recruit'], ['recruit', 'launch'], ['branding'], ['purchase', 'visit']]),
    stand_size: `${stands * 9}.00`,
    stand_count: stands,
    hall: `${random.int(1, 15)} 号馆`,
    stand_no: `${random.pick(['A', 'B', 'C', 'T'])}${random.int(1, 60)}`,
    agency_by_us: byUs,
    agency_fee: byUs ? `${stands * 1200}.00` : null,
    ad_budget: `${plan}0000.00`,
    ad_log: [
      {
        date: fair.start,
        medium: random.pick(['参展指南', '户外', '半月刊']),
        content: '展期广告',
        amount: `${random.int(2, plan * 10)}000.00`,
      },
    ],
    participation_log: [
      { date: fair.start, note: random.pick(['到会经销商较多', '现场签约两家', '新品试饮反响好']) },
    ],
    next_intent: random.weighted([
      ['confirmed', 30],
      ['interested', 35],
      ['undecided', 25],
      ['declined', 10],
    ]),
  };
}
