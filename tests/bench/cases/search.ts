import type { BenchCase } from '../case.ts';
import { STEM, TRADES } from '../data/rows-sql.ts';
import { COLUMNS, LIVE, listPath, pageFacts, pageLength, scope } from './customer-sql.ts';

/** Two characters and a trade, e.g. 锦江酒业: some twenty of 200,000 names in the scope hold it. */
const wordOf = (n: number): string =>
  `${STEM[n % STEM.length]}${STEM[(n * 7) % STEM.length]}${TRADES[n % TRADES.length]}`;

const ANY = `(name ilike $1 or customer_code ilike $1 or address ilike $1 or phone ilike $1 or email ilike $1)`;

/** A part of a text, looked for in every field that people search. */
export const search: BenchCase = {
  name: 'search',
  title: 'substring search',
  kind: 'read',
  product: () => (n) => ({
    method: 'GET',
    path: listPath({ filter: { customer_status: 'active' }, search: wordOf(n), sort: '-updated_at' }),
  }),
  floor: {
    request: () => (n) => ({ method: 'GET', path: `/search?${new URLSearchParams({ word: wordOf(n) })}` }),
    duties: async (sql, call, person) => ({
      items: await sql.rows(
        'search',
        `select ${COLUMNS} from customer where ${LIVE} and customer_status = 'active' and ${ANY} and ${scope('$2', '$3')}
          order by updated_at desc, id desc limit 50`,
        [`%${call.query.get('word')}%`, person.id, person.units],
      ),
    }),
    bare: async (sql, call) => ({
      items: await sql.rows(
        'search',
        `select ${COLUMNS} from customer where ${LIVE} and customer_status = 'active' and ${ANY}
          order by updated_at desc, id desc limit 50`,
        [`%${call.query.get('word')}%`],
      ),
    }),
  },
  facts: pageFacts,
  rows: pageLength,
};
