import { createHash, randomUUID } from 'node:crypto';
import { hashKey } from '../../../core/src/kept-keys/hash-key.ts';
import type { BenchCase } from '../case.ts';
import type { FloorCall, Person } from '../floor/floor-call.ts';

const BRANDS =
  '金泰福瑞祥盛昌隆恒信达远鸿博雅康宁嘉禾田园乐美佳味香醇泉山川江海天星月光华春秋冬夏梅兰竹菊松柏杨桂凤龙';
const TRADES = ['食品', '酒业', '糖业', '饮料', '调味品'];
/** Six characters drawn: long enough that no two are likely duplicates, which could not be saved unasked. */
function nameOf(mark: string, n: number): string {
  const drawn = createHash('md5').update(`${mark} ${n}`).digest().subarray(0, 6);
  const brand = Array.from(drawn, (byte) => BRANDS[byte % BRANDS.length]).join('');
  return `${brand}${TRADES[n % TRADES.length]}有限公司`;
}

const customer = (mark: string, n: number): Record<string, unknown> => ({
  name: nameOf(mark, n),
  address: `成都市新路 ${n} 号`,
  // One for all would make every customer a likely duplicate of every other.
  phone: `028-8${String(n).padStart(7, '0').slice(-7)}`,
  province: '51',
  customer_type: ['potential'],
});

/** The record, its second table and its number; what follows may write the history row. */
const MADE = `with number as (
    insert into mortise.sequence as s (key, value) values ('customer.customer_code:n|86', 1)
    on conflict (key) do update set value = s.value + 1 returning s.value
  ), made as (
    insert into customer (id, version, name, address, phone, province, customer_type, customer_code, importance,
      customer_class, customer_status, is_key_account, country, intl_dial_code, dial_digits, registered_on,
      first_review_mark, second_review_mark, review_status, created_at, created_by, updated_at, updated_by, owner, unit, is_void)
    select $1, 1, $2, $3, $4, $5, $6, 'n86' || lpad(value::text, greatest(3, length(value::text)), '0'), 'n', 'enterprise', 'active', false, 'CN', '86', '86',
      current_date, 'pending', 'pending', 'unreviewed', now(), $7, now(), $7, $7, $8, false from number
    returning *
  ), extended as (insert into customer_ext (id, entered_by) select id, created_by from made)`;

/** The same with its history row. */
const NOTED = `${MADE}, noted as (
  insert into mortise.history (id, entity, record_id, action, changes, "by", source, version)
  select $9, 'customer', id, 'create', $10, $7, 'api', 1 from made)`;

function notedValues(body: FloorCall['body'], person: Person): unknown[] {
  const changes = Object.entries(body).map(([name, value]) => [name, { old: null, new: value }]);
  return [
    randomUUID(),
    body['name'],
    body['address'],
    body['phone'],
    body['province'],
    body['customer_type'],
    person.id,
    person.unit,
    randomUUID(),
    JSON.stringify(Object.fromEntries(changes)),
  ];
}

interface Made {
  readonly version: number;
  readonly name: string;
  readonly province: string;
  readonly customer_type: readonly string[];
  readonly customer_code: string;
}

/** A new customer of five fields, which gets a number. */
export const create: BenchCase = {
  name: 'create',
  title: 'create',
  kind: 'write',
  product: () => (n) => ({ method: 'POST', path: '/api/v1/records/customer', body: customer('产品', n) }),
  floor: {
    request: (_world, floor) => (n) => ({ method: 'POST', path: '/create', body: customer(floor, n) }),
    // One statement is one transaction: nobody who writes this by hand adds two round trips to it.
    async duties(sql, { body }, person) {
      const rows = await sql.rows('create', `${NOTED} select * from made`, notedValues(body, person));
      return rows[0];
    },
    /**
     * The least that does what the product does for a new record: one look for the same name or telephone, a row of keys
     * for the next such look, and one row by whose pairs of characters the search box finds the name.
     */
    async keys(sql, { body, refuse }, person) {
      const name = String(body['name']);
      const same = [hashKey(`n ${name.replace(/有限公司$/, '')}`), hashKey(`h ${String(body['phone'])}`)];
      const found = await sql.rows(
        'same',
        `select record_id from mortise.duplicate_key where keys && $1::int[] and entity = 'customer' limit 10`,
        [same],
      );
      if (found.length > 0) refuse(409);
      const pairs = Array.from(name, (_, at) => hashKey(`customer ${name.slice(at, at + 2)}`));
      const rows = await sql.rows(
        'create',
        `${NOTED}, keyed as (
          insert into mortise.duplicate_key (entity, record_id, keys) select 'customer', id, $11::int[] from made
        ), searched as (
          insert into mortise.search_key (entity, record_id, field, forms, keys)
          select 'customer', id, 'name', '=' || $2 || E'\\n', $12::int[] from made)
        select * from made`,
        [...notedValues(body, person), same, pairs],
      );
      return rows[0];
    },
    async bare(sql, { body }) {
      const rows = await sql.rows('create', `${MADE} select * from made`, [
        randomUUID(),
        body['name'],
        body['address'],
        body['phone'],
        body['province'],
        body['customer_type'],
        null,
        null,
      ]);
      return rows[0];
    },
  },
  facts(answer) {
    const { version, name, province, customer_type, customer_code } = answer as Made;
    const named = /^.{6}.{2,3}有限公司$/.test(name);
    return { version, named, province, customer_type, numbered: /^n86\d{3,5}$/.test(customer_code) };
  },
};
