import type { BenchCase } from '../case.ts';
import { COLUMNS, LIVE, listPath, pageFacts, pageLength, scope } from './customer-sql.ts';

const PROVINCES = ['51', '37', '41', '44', '32'];
const provinceOf = (n: number): string => PROVINCES[n % PROVINCES.length] ?? '51';

/** The page of 50 of a list that is filtered by a choice and sorted by when records were changed. */
export const listPage: BenchCase = {
  name: 'list-page',
  title: 'list page of 50, filtered and sorted',
  kind: 'read',
  product: () => (n) => ({
    method: 'GET',
    path: listPath({ filter: { province: provinceOf(n) }, sort: '-updated_at', count: 'none' }),
  }),
  floor: {
    request: () => (n) => ({ method: 'GET', path: `/list-page?province=${provinceOf(n)}` }),
    duties: async (sql, call, person) => ({
      items: await sql.rows(
        'list-page',
        `select ${COLUMNS} from customer where ${LIVE} and province = $1 and ${scope('$2', '$3')}
          order by updated_at desc, id desc limit 50`,
        [call.query.get('province'), person.id, person.units],
      ),
    }),
    bare: async (sql, call) => ({
      items: await sql.rows(
        'list-page',
        `select ${COLUMNS} from customer where ${LIVE} and province = $1 order by updated_at desc, id desc limit 50`,
        [call.query.get('province')],
      ),
    }),
  },
  facts: pageFacts,
  rows: pageLength,
};
