import { type DemoScope, defineDemo, type RecordData } from '@mortise/core/plugin';
import { companies, pastDay } from './companies.ts';
import { type Colleague, createOrganisation } from './organisation.ts';
import { mobile, person } from './people.ts';
import { createWork } from './work.ts';

const CUSTOMERS = 3000;
const JOURNALS = 1500;

interface Placed {
  readonly id: string;
  readonly version: number;
  readonly data: RecordData;
}

/** The base's sample data: an organisation, 3,000 customers of the trade with contacts, products and journals. */
export default defineDemo(async (demo) => {
  const colleagues = await createOrganisation(demo);
  const input = companies(demo, colleagues, CUSTOMERS);
  const made = await demo.create('customer', input);
  const customers = made.map((each, index): Placed => ({ ...each, data: input[index] ?? {} }));
  const contactsOf = await createContacts(demo, customers);
  await createProducts(demo, customers);
  await createJournals(demo, customers, contactsOf, colleagues);
  await createWork(demo, customers);
});

async function createContacts(
  demo: DemoScope,
  customers: readonly Placed[],
): Promise<ReadonlyMap<string, string>> {
  const { random } = demo;
  const contacts = customers.flatMap(({ id, data }) =>
    Array.from(
      {
        length: random.weighted([
          [1, 45],
          [2, 35],
          [3, 20],
        ]),
      },
      (_, index): RecordData => {
        const who = person(random);
        return {
          customer: id,
          name: who.name,
          gender: who.gender,
          salutation: who.gender === 'male' ? 'mr' : 'ms',
          position:
            index === 0
              ? random.pick(['chairman', 'general_manager', 'general_manager', 'sales_marketing_head'])
              : random.pick([
                  'marketing_head',
                  'publicity_head',
                  'clerk',
                  'chief_engineer',
                  'external_relations_head',
                ]),
          is_primary: index === 0,
          mobile: mobile(random),
          office_phone: String(data.phone),
          owner: data.owner,
          unit: data.unit,
          birth_date: random.chance(0.3)
            ? `${random.int(1962, 1998)}-${String(random.int(1, 12)).padStart(2, '0')}-${String(random.int(1, 28)).padStart(2, '0')}`
            : null,
        };
      },
    ),
  );
  const made = await demo.create('contact', contacts);
  const primary = new Map<string, string>();
  contacts.forEach((contact, index) => {
    if (contact.is_primary === true) primary.set(String(contact.customer), made[index]?.id ?? '');
  });
  await demo.update(
    'customer',
    customers.map(({ id, version }) => ({
      id,
      version,
      patch: { primary_contact: primary.get(id) ?? null },
    })),
  );
  return primary;
}

async function createProducts(demo: DemoScope, customers: readonly Placed[]): Promise<void> {
  const { random } = demo;
  const some = customers.filter(({ data }) => data.type === 'production' && random.chance(0.3));
  await demo.create(
    'product',
    some.map(({ id, data }) => ({
      customer: id,
      name: `${String(data.name).replace(/(有限责任公司|股份有限公司|集团有限公司|有限公司)$/, '')}${random.pick(['经典款', '礼盒装', '年份系列', '家庭装', '招商主推'])}`,
      industry: [String(data.industry)],
      brief_price: `${random.int(12, 980)} 元/${random.pick(['瓶', '箱', '件', '吨'])}`,
      owner: data.owner,
      unit: data.unit,
    })),
  );
}

const TALKS = [
  ['电话沟通下期半月刊广告', '对方关注白酒版 1/2 版的价格,要求下周给出报价。'],
  ['上门拜访,介绍糖酒会参展代理', '客户去年参展标摊 2 个,今年考虑光地特装,预算待定。'],
  ['期刊征订回访', '已收到三期,发行地址需更正,愿意续订一年。'],
  ['洽谈网站广告', '认为价格偏高,希望与期刊组合优惠。'],
  ['了解新品上市计划', '新品预计明年一季度上市,届时需要整版广告与软文。'],
  ['催款', '财务称月底前付清余款。'],
] as const;

async function createJournals(
  demo: DemoScope,
  customers: readonly Placed[],
  contactsOf: ReadonlyMap<string, string>,
  colleagues: readonly Colleague[],
): Promise<void> {
  const { random } = demo;
  const byUser = new Map(colleagues.map((each) => [each.user, each]));
  const journals = Array.from({ length: JOURNALS }, (): RecordData => {
    const { id, data } = random.pick(customers);
    const [subject, content] = random.pick(TALKS);
    const author = byUser.get(String(data.owner)) ?? random.pick(colleagues);
    const contact = contactsOf.get(id);
    return {
      journal_kind: 'business',
      affair_kind: random.pick(['subscription', 'ad_publication', 'exhibition', 'other']),
      subject,
      content,
      author: author.user,
      owner: author.user,
      unit: author.unit,
      customer: id,
      contacts: contact ? [contact] : [],
      channel: random.weighted([
        ['phone', 60],
        ['face_to_face', 22],
        ['im', 12],
        ['email', 6],
      ]),
      occurred_at: `${pastDay(demo, 360)}T0${random.int(1, 9)}:${String(random.int(0, 59)).padStart(2, '0')}:00.000Z`,
      minutes: random.int(3, 90),
    };
  });
  await demo.create('journal', journals);
}
