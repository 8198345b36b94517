import type { BenchCase } from '../case.ts';
import { COLUMNS, LIVE, listPath, pageFacts, pageLength, scope } from './customer-sql.ts';

const rowsAndTotal = (where: string): { page: string; total: string } => ({
  page: `select ${COLUMNS} from customer where ${where} order by updated_at desc, id desc limit 50`,
  total: `select count(*)::int as n from customer where ${where}`,
});
const SCOPED = rowsAndTotal(`${LIVE} and province = $1 and ${scope('$2', '$3')}`);
const ALL = rowsAndTotal(`${LIVE} and province = $1`);

/** The same page with the exact number of records. */
export const listTotal: BenchCase = {
  name: 'list-total',
  title: 'the same page with the exact total',
  kind: 'read',
  product: () => () => ({
    method: 'GET',
    path: listPath({ filter: { province: '51' }, sort: '-updated_at', count: 'exact' }),
  }),
  floor: {
    request: () => () => ({ method: 'GET', path: '/list-total?province=51' }),
    async duties(sql, call, person) {
      const values = [call.query.get('province'), person.id, person.units];
      const [items, totals] = await Promise.all([
        sql.rows('list-total', SCOPED.page, values),
        sql.rows<{ n: number }>('list-total-n', SCOPED.total, values),
      ]);
      return { items, total: totals[0]?.n };
    },
    async bare(sql, call) {
      const values = [call.query.get('province')];
      const [items, totals] = await Promise.all([
        sql.rows('list-total', ALL.page, values),
        sql.rows<{ n: number }>('list-total-n', ALL.total, values),
      ]);
      return { items, total: totals[0]?.n };
    },
  },
  facts: pageFacts,
  rows: pageLength,
};
