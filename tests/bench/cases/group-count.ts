import type { BenchCase } from '../case.ts';
import { LIVE, scope } from './customer-sql.ts';

interface Groups {
  readonly items: readonly { readonly province: string; readonly n: number }[];
}

/** How many customers each province has. */
export const groupCount: BenchCase = {
  name: 'group-count',
  title: 'group and count',
  kind: 'read',
  product: () => () => ({
    method: 'POST',
    path: '/api/v1/records/customer/aggregate',
    body: { groupBy: ['province'], measures: { n: { fn: 'count' } } },
  }),
  floor: {
    request: () => () => ({ method: 'POST', path: '/group-count', body: {} }),
    duties: async (sql, _call, person) => ({
      items: await sql.rows(
        'group-count',
        `select province, count(*)::int as n from customer where ${LIVE} and ${scope('$1', '$2')} group by 1 order by 1`,
        [person.id, person.units],
      ),
    }),
    bare: async (sql) => ({
      items: await sql.rows(
        'group-count',
        `select province, count(*)::int as n from customer where ${LIVE} group by 1 order by 1`,
        [],
      ),
    }),
  },
  facts: (answer) => (answer as Groups).items.map(({ province, n }) => `${province}: ${n}`),
  rows: (answer) => (answer as Groups).items.length,
  most: 60,
};
