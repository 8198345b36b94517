import { readFileSync } from 'node:fs';
import type { DemoScope, Random, RecordData } from '@mortise/core/plugin';
import { digits } from './people.ts';
import type { Colleague } from './organisation.ts';

/** Real short names and brands (sample of an open corpus), one a line; combined with places and legal forms. */
const BRANDS = readFileSync(new URL('company-names.txt', import.meta.url), 'utf8')
  .trim()
  .split('\n');

/** Where the trade sits: provinces by weight, GB/T 2260. */
const PROVINCES: readonly (readonly [string, number])[] = [
  ['51', 22],
  ['37', 14],
  ['41', 12],
  ['44', 11],
  ['32', 9],
  ['33', 8],
  ['52', 8],
  ['13', 7],
  ['34', 7],
  ['43', 6],
  ['42', 6],
  ['35', 5],
  ['31', 5],
  ['11', 5],
  ['21', 4],
  ['14', 4],
  ['61', 4],
  ['50', 4],
  ['36', 3],
  ['53', 3],
  ['45', 3],
  ['23', 3],
  ['22', 2],
  ['15', 2],
  ['62', 2],
  ['65', 2],
  ['12', 2],
  ['46', 1],
  ['64', 1],
];
const STREETS = [
  '人民路',
  '解放路',
  '中山大道',
  '建设路',
  '天府大道',
  '迎宾路',
  '工业大道',
  '滨江路',
  '文化路',
  '春熙路',
  '糖酒街',
  '食品工业园一路',
  '高新大道',
  '环城东路',
];
const CITIES_OF_THEIR_OWN = new Set(['11', '12', '31', '50']);

interface Trade {
  readonly suffix: string;
  readonly type: string;
  readonly subtype: string;
  readonly industry: string;
  readonly category: readonly string[];
}

const TRADES: readonly (readonly [Trade, number])[] = [
  [
    {
      suffix: '酒业',
      type: 'production',
      subtype: 'prod_food',
      industry: 'IND.PT.PROD.ALC.BAIJIU',
      category: ['alcohol'],
    },
    26,
  ],
  [
    {
      suffix: '葡萄酒',
      type: 'production',
      subtype: 'prod_food',
      industry: 'IND.PT.PROD.ALC.WINE',
      category: ['alcohol'],
    },
    6,
  ],
  [
    {
      suffix: '啤酒',
      type: 'production',
      subtype: 'prod_food',
      industry: 'IND.PT.PROD.ALC.BEER',
      category: ['alcohol'],
    },
    4,
  ],
  [
    {
      suffix: '食品',
      type: 'production',
      subtype: 'prod_food',
      industry: 'IND.PT.PROD.SNACK',
      category: ['convenience_snack'],
    },
    16,
  ],
  [
    {
      suffix: '饮料',
      type: 'production',
      subtype: 'prod_food',
      industry: 'IND.PT.PROD.BEV.JUICE',
      category: ['beverage'],
    },
    7,
  ],
  [
    {
      suffix: '乳业',
      type: 'production',
      subtype: 'prod_food',
      industry: 'IND.PT.PROD.DAIRY',
      category: ['non_staple'],
    },
    5,
  ],
  [
    {
      suffix: '调味食品',
      type: 'production',
      subtype: 'prod_food',
      industry: 'IND.PT.PROD.SEAS',
      category: ['seasoning'],
    },
    7,
  ],
  [
    {
      suffix: '糖业',
      type: 'production',
      subtype: 'prod_food',
      industry: 'IND.PT.PROD.SUGAR',
      category: ['confectionery'],
    },
    4,
  ],
  [
    {
      suffix: '商贸',
      type: 'trading',
      subtype: 'trade_food',
      industry: 'IND.PT.PROD.ALC',
      category: ['alcohol', 'beverage'],
    },
    14,
  ],
  [
    {
      suffix: '食品机械',
      type: 'production',
      subtype: 'prod_food_machinery',
      industry: 'IND.PT.REL.MACH',
      category: ['other'],
    },
    4,
  ],
  [
    {
      suffix: '包装',
      type: 'production',
      subtype: 'prod_packaging_design',
      industry: 'IND.PT.REL.PACK',
      category: ['other'],
    },
    4,
  ],
  [
    {
      suffix: '广告传媒',
      type: 'service',
      subtype: 'svc_ad_agency',
      industry: 'IND.SVC.AD',
      category: ['other'],
    },
    3,
  ],
];
const LEGAL_FORMS: readonly (readonly [string, number])[] = [
  ['有限公司', 70],
  ['有限责任公司', 16],
  ['股份有限公司', 10],
  ['集团有限公司', 4],
];

interface Place {
  readonly province: string;
  readonly provinceName: string;
  readonly city: string;
  readonly cityName: string;
  readonly areaCode: string;
  readonly postcode: string;
}

/** Makes `count` customers with plausible places, sizes, types and owners. */
export function companies(demo: DemoScope, colleagues: readonly Colleague[], count: number): RecordData[] {
  const { random } = demo;
  const place = placer(demo);
  const owners = colleagues.filter((each) => each.role === 'employee' || each.role === 'department_manager');
  const sources = demo.values('customer_source').map((value) => value.code);
  const regions = demo.values('target_region').map((value) => value.code);
  const used = new Set<string>();
  return Array.from({ length: count }, () => {
    const trade = random.weighted(TRADES);
    const at = place();
    const owner = random.pick(owners);
    const employees = random.weighted([
      [random.int(5, 49), 40],
      [random.int(50, 99), 22],
      [random.int(100, 499), 26],
      [random.int(500, 6000), 12],
    ]);
    const status = random.weighted([
      ['active', 70],
      ['dormant', 22],
      ['lost', 6],
      ['cancelled', 2],
    ]);
    const isKey = random.chance(0.06);
    return {
      name: companyName(random, trade, at, used),
      type: trade.type,
      subtype: trade.subtype,
      industry: trade.industry,
      product_category: trade.category,
      nature: random.weighted([
        ['individual', 30],
        ['collective', 12],
        ['state_owned', 16],
        ['joint_venture', 12],
        ['foreign', 6],
        ['other', 24],
      ]),
      customer_type: random.weighted<string[]>([
        [['potential'], 46],
        [['existing'], 22],
        [['target'], 18],
        [['existing', 'partner'], 5],
        [['competitor'], 3],
        [['supplier'], 4],
      ]),
      customer_source: random.pick(sources),
      customer_status: status,
      cancellation_state: status === 'cancelled' ? 'approved' : 'none',
      importance: random.weighted([
        ['i', 12],
        ['n', 58],
        ['p', 30],
      ]),
      is_key_account: isKey,
      key_state: isKey ? 'approved' : 'none',
      value_grade: random.weighted([
        ['A', 8],
        ['B', 22],
        ['C', 45],
        ['D', 25],
      ]),
      conversion_stage: random.weighted([
        ['potential', 50],
        ['interested', 30],
        ['closed', 20],
      ]),
      country: 'CN',
      province: at.province,
      city: at.city,
      area_code: at.areaCode,
      intl_dial_code: '86',
      postcode: at.postcode,
      address: `${at.provinceName}${at.cityName === at.provinceName ? '' : at.cityName}${random.pick(STREETS)} ${random.int(1, 899)} 号`,
      phone: `${at.areaCode}-${random.int(2, 8)}${digits(random, 7)}`,
      fax: random.chance(0.4) ? `${at.areaCode}-${random.int(2, 8)}${digits(random, 7)}` : null,
      employee_count: employees,
      annual_income: `${employees * random.int(8, 60)}0000.00`,
      credit_limit: random.chance(0.3) ? `${random.int(1, 50)}0000.00` : null,
      target_regions: random.chance(0.5) ? [random.pick(regions)] : [],
      owner: owner.user,
      unit: owner.unit,
      registered_on: pastDay(demo, 900),
      remarks: null,
    };
  });
}

/** A day at most `days` before today. */
export function pastDay(demo: DemoScope, days: number): string {
  const at = new Date(`${demo.today}T00:00:00Z`);
  at.setUTCDate(at.getUTCDate() - demo.random.int(0, days));
  return at.toISOString().slice(0, 10);
}

function companyName(random: Random, trade: Trade, at: Place, used: Set<string>): string {
  for (;;) {
    const brand = random.pick(BRANDS);
    const place = random.weighted([
      [at.cityName, 45],
      [`${at.provinceName}省`, CITIES_OF_THEIR_OWN.has(at.province) ? 0 : 15],
      [at.provinceName, 20],
      ['', 20],
    ]);
    const trail = brand.endsWith(trade.suffix.slice(-2)) ? '' : trade.suffix;
    const name = `${place}${brand}${trail}${random.weighted(LEGAL_FORMS)}`;
    if (used.has(name)) continue;
    used.add(name);
    return name;
  }
}

function placer(demo: DemoScope): () => Place {
  const provinces = new Map(demo.values('province').map((value) => [value.code, value.label['zh-CN']]));
  const cities = new Map<string, ReturnType<DemoScope['values']>[number][]>();
  for (const value of demo.values('city')) {
    if (value.parent === null) continue;
    cities.set(value.parent, [...(cities.get(value.parent) ?? []), value]);
  }
  const all = demo.values('city');
  return () => {
    const province = demo.random.weighted(PROVINCES);
    const inside = cities.get(province) ?? all.filter((value) => value.code === province);
    // Capitals stand first in GB/T 2260 and hold most of the trade.
    const city = demo.random.chance(0.45) ? inside[0] : demo.random.pick(inside);
    const provinceName = provinces.get(province) ?? '';
    const prefix = String(city?.data.postcode_prefix ?? '6100');
    return {
      province,
      provinceName,
      city: city?.code ?? '',
      cityName: CITIES_OF_THEIR_OWN.has(province) ? provinceName : (city?.label['zh-CN'] ?? ''),
      areaCode: String(city?.data.area_code ?? '028'),
      postcode: (prefix + digits(demo.random, 6)).slice(0, 6),
    };
  };
}
