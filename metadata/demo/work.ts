import type { DemoScope, RecordData } from '@mortise/core/plugin';
import { pastDay } from './companies.ts';

interface Customer {
  readonly id: string;
  readonly data: RecordData;
}

const TASKS = 60;
const QUOTES = 40;
const POSTINGS = 50;
const APPOINTMENTS = 40;

/** What is in work: tasks around today, quotes and postings in every state of their workflows. */
export async function createWork(demo: DemoScope, customers: readonly Customer[]): Promise<void> {
  const { random } = demo;
  const some = (count: number): readonly Customer[] =>
    Array.from({ length: count }, () => random.pick(customers));
  await demo.create(
    'task',
    some(TASKS).map(({ id, data }) => task(demo, id, data)),
  );
  await demo.create(
    'appointment',
    some(APPOINTMENTS).map(({ id, data }) => appointment(demo, id, data)),
  );
  await demo.create(
    'quote',
    some(QUOTES).map(({ id, data }) => quote(demo, id, data)),
  );
  await demo.create(
    'supply_demand',
    some(POSTINGS).map(({ id, data }) => posting(demo, id, data)),
  );
}

function appointment(
  { random, today }: DemoScope,
  customer: string,
  { owner, unit }: RecordData,
): RecordData {
  const day = dayFrom(today, random.int(-10, 25));
  const hour = random.int(1, 8);
  return {
    title: random.pick(['部门例会', '拜访客户', '电话回访', '糖酒会筹备会', '广告方案讨论']),
    kind: random.pick(['meeting', 'visit', 'call', 'event']),
    start_at: `${day}T0${hour}:00:00.000Z`,
    end_at: `${day}T0${hour + 1}:00:00.000Z`,
    customer,
    owner,
    unit,
    visibility: random.pick(['private', 'unit']),
  };
}

function task(demo: DemoScope, customer: string, { owner, unit }: RecordData): RecordData {
  const { random } = demo;
  const days = random.int(-6, 24);
  const status = random.weighted([
    ['assigned', 25],
    ['accepted', 25],
    ['in_progress', 35],
    ['done', 15],
  ]);
  return {
    title: random.pick([
      '拜访客户',
      '回访并更新资料',
      '催收余款',
      '寄送样刊',
      '确认参展意向',
      '提交广告方案',
    ]),
    customer,
    owner,
    unit,
    priority: random.pick(['high', 'normal', 'normal', 'low']),
    due_at: `${dayFrom(demo.today, days)}T0${random.int(1, 9)}:00:00.000Z`,
    status,
    progress: status === 'done' ? 100 : status === 'in_progress' ? random.int(1, 9) * 10 : 0,
    result: status === 'done' ? '已完成,客户满意' : null,
  };
}

function quote(demo: DemoScope, customer: string, { owner, unit }: RecordData): RecordData {
  const { random } = demo;
  const discount = random.pick(['1', '0.95', '0.9', '0.75']);
  const isGreat = discount === '0.75';
  return {
    customer,
    owner,
    unit,
    subject: random.pick(['半月刊广告组合', '糖酒会参展代理', '网站年度合作']),
    quoted_on: dayFrom(demo.today, -random.int(0, 20)),
    valid_until: dayFrom(demo.today, random.int(3, 40)),
    status: isGreat
      ? random.pick(['in_review', 'sent'])
      : random.pick(['draft', 'sent', 'sent', 'accepted', 'refused']),
    lines: [
      { item: '半月刊内页整版', quantity: String(random.int(1, 6)), unit_price: '15000.00', discount },
      { item: '网站首页横幅', quantity: String(random.int(1, 12)), unit_price: '3000.00' },
    ],
  };
}

function posting(demo: DemoScope, customer: string, { owner, unit }: RecordData): RecordData {
  const { random } = demo;
  const isPaid = random.chance(0.4);
  const order = isPaid ? random.pick(['contract_pending', 'finance_pending']) : 'draft';
  return {
    customer,
    owner,
    unit,
    intent: random.pick(['recruit', 'cooperate', 'supply', 'purchase']),
    subject: random.pick(['诚招省级代理', '供应优质高粱', '求购礼盒包装', '寻求联合品牌', '转让灌装设备']),
    content: '有意者请与我社业务员联系。',
    valid_from: pastDay(demo, 60),
    valid_until: dayFrom(demo.today, random.int(2, 90)),
    fee: isPaid ? '600.00' : null,
    order_status: order,
    contract_review: order === 'finance_pending' ? 'approved' : 'pending',
  };
}

function dayFrom(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}
