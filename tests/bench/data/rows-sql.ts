/**
 * The rows, by SQL alone and the same ones on every machine: each value is drawn by `pick(n, salt, k)`, a hash of the
 * row's number. All fields of a customer are filled that people fill (more than forty).
 */

/** `pick(n, salt, k)`: 0 … k-1, spread evenly and apart for each salt. */
export const PICK = `create or replace function pg_temp.pick(n integer, salt integer, k integer) returns integer
  language sql immutable as 'select (hashint4extended(n, salt) & 2147483647)::int % k'`;

/** Ids that grow with the row, as the product's own do. */
const id = (n: string, kind: string): string =>
  `(lpad(to_hex(1700000000000 + ${n}), 12, '0') || '7' || substr(md5('${kind}' || ${n}), 1, 3) || '8' || substr(md5('${kind}' || ${n}), 4, 15))::uuid`;
const one = (salt: number, ...values: readonly string[]): string =>
  `(array[${values.map((value) => `'${value}'`).join(', ')}])[1 + pg_temp.pick(n, ${salt}, ${values.length})]`;
/** Empty in one of `k` rows. */
const some = (salt: number, k: number, sql: string): string =>
  `case when pg_temp.pick(n, ${salt}, ${k}) > 0 then ${sql} end`;

/** Characters of the made-up company names; two of them and a trade make a name. */
export const STEM = '春泉华锦江川岭云峰瑞丰金玉兴隆宏达福源';
/** Trades of the made-up company names. */
export const TRADES = ['酒业', '食品', '糖业', '饮料', '商贸'] as const;

const stem = (salt: number): string => `substr('${STEM}', 1 + pg_temp.pick(n, ${salt}, ${STEM.length}), 1)`;
const moment = (salt: number): string =>
  `timestamptz '2026-10-01 08:00+00' - make_interval(secs => pg_temp.pick(n, ${salt}, 94608000))`;

const CUSTOMER: Readonly<Record<string, string>> = {
  id: id('n', 'customer'),
  version: '1',
  name: `${one(1, '四川', '山东', '江苏', '广东', '北京')} || ${stem(2)} || ${stem(3)} || ${one(4, ...TRADES)} || '有限公司'`,
  customer_code: `'p' || lpad(n::text, 7, '0')`,
  legal_representative: `${one(5, '张', '王', '李', '赵', '陈')} || ${one(6, '伟', '芳', '建国', '秀英', '强')}`,
  customer_class: one(7, 'enterprise', 'enterprise', 'wholesaler', 'group', 'consumer'),
  customer_type: `array[${one(8, 'potential', 'existing', 'target', 'partner', 'supplier', 'potential')}]`,
  customer_status: one(9, 'active', 'active', 'active', 'active', 'dormant'),
  importance: one(10, 'n', 'n', 'i', 'p'),
  is_key_account: 'pg_temp.pick(n, 11, 20) = 0',
  value_grade: one(12, 'A', 'B', 'C', 'D'),
  country: `'CN'`,
  province: one(13, '51', '37', '41', '44', '32', '11', '13', '33', '42', '50'),
  city: `'510100'`,
  address: `${one(14, '成都市', '济南市', '郑州市', '广州市', '南京市')} || ${one(15, '人民', '解放', '建设', '中山', '和平')} || '路' || (1 + pg_temp.pick(n, 16, 900)) || '号'`,
  postcode: `lpad(pg_temp.pick(n, 17, 999999)::text, 6, '0')`,
  intl_dial_code: `'86'`,
  area_code: `'028'`,
  dial_digits: `'028'`,
  phone: `'028-8' || lpad(pg_temp.pick(n, 18, 9999999)::text, 7, '0')`,
  fax: some(19, 2, `'028-8' || lpad(pg_temp.pick(n, 20, 9999999)::text, 7, '0')`),
  email: `'office' || n || '@example.com'`,
  branch_kind: one(21, 'head', 'branch', 'office'),
  nature: one(22, 'state_owned', 'collective', 'individual', 'joint_venture', 'foreign'),
  type: one(23, 'production', 'trading', 'service'),
  industry: one(24, 'IND.PT.PROD.ALC.BAIJIU', 'IND.PT.PROD.ALC.BEER', 'IND.PT.PROD.ALC', 'IND.OTH'),
  product_category: `array[${one(25, 'alcohol', 'beverage', 'confectionery', 'seasoning')}]`,
  industry_traits: `'年产量 ' || pg_temp.pick(n, 26, 9000) || ' 吨'`,
  customer_source: one(27, 'association', 'exhibition', 'campaign', 'exchange', 'call_center'),
  employee_count: 'pg_temp.pick(n, 28, 2000)',
  annual_income: 'pg_temp.pick(n, 29, 90000000)::numeric(15,2)',
  annual_income_currency: `'CNY'`,
  impression: `'印象:' || ${one(30, '热情', '谨慎', '专业', '务实')}`,
  consumption_habit: `'每年 ' || pg_temp.pick(n, 31, 12) || ' 次'`,
  purchase_process: `'采购部提出,总经理批准'`,
  relation_level: one(32, 'financial', 'social', 'structural'),
  service_level: one(33, 'standard', 'silver', 'gold', 'diamond'),
  credit_limit: 'pg_temp.pick(n, 34, 500000)::numeric(15,2)',
  credit_limit_currency: `'CNY'`,
  credit_rating: one(35, 'AAA', 'AA', 'A'),
  conversion_stage: one(36, 'potential', 'interested', 'closed'),
  lifecycle_stage: one(37, 'preparation', 'formation', 'development', 'stability'),
  care_class: one(38, 'normal', 'value', 'problem'),
  name_key: `'key' || lpad(pg_temp.pick(n, 39, 999999)::text, 6, '0')`,
  registered_on: `date '2024-01-01' + pg_temp.pick(n, 40, 900)`,
  remarks: `'第 ' || n || ' 号档案'`,
  first_review_mark: `'pending'`,
  second_review_mark: `'pending'`,
  review_status: `'unreviewed'`,
  owner: '($3::uuid[])[1 + pg_temp.pick(n, 50, 5) * 10 + pg_temp.pick(n, 51, 10)]',
  unit: '($2::uuid[])[1 + pg_temp.pick(n, 50, 5)]',
  created_at: moment(52),
  created_by: '($3::uuid[])[1 + pg_temp.pick(n, 50, 5) * 10]',
  updated_at: moment(52),
  updated_by: '($3::uuid[])[1 + pg_temp.pick(n, 50, 5) * 10]',
  is_void: 'false',
};

const CUSTOMER_EXT: Readonly<Record<string, string>> = {
  id: id('n', 'customer'),
  website: `'https://www.example.com/' || n`,
  company_size: one(60, 'under_50', '50_100', '100_500', '500_1000', 'over_1000'),
  registered_capital: one(61, '100k_500k', '500k_1m', '1m_5m', '5m_10m', 'over_10m'),
  assets: 'pg_temp.pick(n, 62, 90000000)::numeric(15,2)',
  assets_currency: `'CNY'`,
  profile: `'成立于 ' || (1980 + pg_temp.pick(n, 63, 40)) || ' 年,主营白酒与食品的生产和销售。'`,
  business_items: `'白酒、啤酒、饮料'`,
  honours: some(64, 3, `'省级名牌'`),
  general_manager: `${one(65, '张', '王', '李', '赵', '陈')} || '总'`,
  sales_head: `${one(66, '刘', '杨', '黄', '周', '吴')} || '经理'`,
};

const CONTACT: Readonly<Record<string, string>> = {
  id: id('n', 'contact'),
  version: '1',
  name: `${one(1, '张', '王', '李', '赵', '陈', '刘', '杨')} || ${one(2, '伟', '芳', '建国', '秀英', '强', '敏', '静')}`,
  customer: 'c.id',
  is_primary: 'n <= $2::int',
  gender: one(3, 'male', 'female'),
  salutation: one(4, 'mr', 'ms', 'president'),
  position: one(5, 'general_manager', 'clerk', 'chairman'),
  department: one(6, '销售部', '采购部', '办公室'),
  office_phone: `'028-8' || lpad(pg_temp.pick(n, 7, 9999999)::text, 7, '0')`,
  mobile: `'138' || lpad(pg_temp.pick(n, 8, 99999999)::text, 8, '0')`,
  email: `'person' || n || '@example.com'`,
  country: `'CN'`,
  province: 'c.province',
  address: 'c.address',
  decision_role: one(9, 'decider', 'buyer', 'user'),
  attitude: one(10, 'support', 'neutral'),
  preferences: `'喜欢 ' || ${one(11, '书法', '围棋', '登山', '茶')}`,
  first_review_mark: `'pending'`,
  second_review_mark: `'pending'`,
  review_status: `'unreviewed'`,
  owner: 'c.owner',
  unit: 'c.unit',
  created_at: 'c.created_at',
  created_by: 'c.created_by',
  updated_at: 'c.updated_at',
  updated_by: 'c.updated_by',
  is_void: 'false',
};

const CONTACT_EXT: Readonly<Record<string, string>> = {
  id: id('n', 'contact'),
  birth_date: `date '1965-01-01' + pg_temp.pick(n, 20, 12000)`,
  education: one(21, 'bachelor', 'college', 'master'),
  private_phone: `'139' || lpad(pg_temp.pick(n, 22, 99999999)::text, 8, '0')`,
  hobbies: one(23, '足球', '摄影', '阅读'),
};

function insert(table: string, columns: Readonly<Record<string, string>>, from: string): string {
  const names = Object.keys(columns).map((name) => `"${name}"`);
  return `insert into ${table} (${names.join(', ')}) select ${Object.values(columns).join(', ')} from ${from}`;
}

/** Parameters: how many, department ids, people's ids (ten of each department). */
export const CUSTOMERS: readonly string[] = [
  insert('customer', CUSTOMER, 'generate_series(1, $1::int) n'),
  insert(
    'customer_ext',
    CUSTOMER_EXT,
    '(select generate_series(1, (select count(*) from customer)::int) as n) all_rows',
  ),
];

/** Parameters: how many, how many customers there are. Every customer gets the same number of contacts. */
export const CONTACTS: readonly string[] = [
  insert(
    'contact',
    CONTACT,
    `generate_series(1, $1::int) n join customer c on c.id = ${id('(1 + (n - 1) % $2::int)', 'customer')}`,
  ),
  insert(
    'contact_ext',
    CONTACT_EXT,
    '(select generate_series(1, (select count(*) from contact)::int) as n) all_rows',
  ),
];
