import type { BenchCase } from '../case.ts';
import { COLUMNS, LIVE, listPath, pageFacts, pageLength, scope } from './customer-sql.ts';

/** A page far down by its offset: at 200,000 customers the employee reads 32,000 active ones; the small set has 800. */
export const deepPage: BenchCase = {
  name: 'deep-page',
  title: 'deep page (offset 10,000; small: 500)',
  kind: 'read',
  product: (world) => () => ({
    method: 'GET',
    path: listPath({
      filter: { customer_status: 'active' },
      sort: '-updated_at',
      offset: offsetOf(world.own.length),
    }),
  }),
  floor: {
    request: (world) => () => ({
      method: 'GET',
      path: `/deep-page?offset=${offsetOf(world.own.length)}`,
    }),
    duties: async (sql, call, person) => ({
      items: await sql.rows(
        'deep-page',
        `select ${COLUMNS} from customer where ${LIVE} and customer_status = 'active' and ${scope('$2', '$3')}
          order by updated_at desc, id desc limit 50 offset $1`,
        [call.query.get('offset'), person.id, person.units],
      ),
    }),
    bare: async (sql, call) => ({
      items: await sql.rows(
        'deep-page',
        `select ${COLUMNS} from customer where ${LIVE} and customer_status = 'active'
          order by updated_at desc, id desc limit 50 offset $1`,
        [call.query.get('offset')],
      ),
    }),
  },
  facts: pageFacts,
  rows: pageLength,
};

/** @param own how many own customers the world names: less than it asks for in the small set */
const offsetOf = (own: number): number => (own < 3000 ? 500 : 10_000);
