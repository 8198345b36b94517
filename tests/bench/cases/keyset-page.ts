import type { BenchCase, Shot } from '../case.ts';
import { COLUMNS, LIVE, listPath, pageFacts, pageLength, scope, type Page } from './customer-sql.ts';

const LIST = { filter: { customer_status: 'active' }, sort: '-updated_at' };
const first: Shot = { method: 'GET', path: listPath(LIST) };

/** The page after a known row: how a long list is scrolled. */
export const keysetPage: BenchCase = {
  name: 'keyset-page',
  title: 'page after a cursor',
  kind: 'read',
  async product(_world, answered) {
    const { next } = (await answered(first)) as Page;
    if (next === undefined) throw new Error('the first page has no cursor');
    return () => ({ method: 'GET', path: listPath({ ...LIST, cursor: next }) });
  },
  floor: {
    async request(_world, _floor, answered) {
      const last = ((await answered(first)) as Page).items.at(-1);
      const query = new URLSearchParams({ at: last?.updated_at ?? '', id: last?.id ?? '' });
      return () => ({ method: 'GET', path: `/keyset-page?${query}` });
    },
    duties: async (sql, call, person) => ({
      items: await sql.rows(
        'keyset-page',
        `select ${COLUMNS} from customer where ${LIVE} and customer_status = 'active' and ${scope('$3', '$4')}
          and (updated_at, id) < ($1, $2) order by updated_at desc, id desc limit 50`,
        [call.query.get('at'), call.query.get('id'), person.id, person.units],
      ),
    }),
    bare: async (sql, call) => ({
      items: await sql.rows(
        'keyset-page',
        `select ${COLUMNS} from customer where ${LIVE} and customer_status = 'active'
          and (updated_at, id) < ($1, $2) order by updated_at desc, id desc limit 50`,
        [call.query.get('at'), call.query.get('id')],
      ),
    }),
  },
  facts: pageFacts,
  rows: pageLength,
};
