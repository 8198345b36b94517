import type { Context } from '../context/context.ts';
import { escapeLike } from '../fields/text-filter.ts';
import type { Queryable, Row } from '../store/database.ts';
import { runnable, StatementStore } from './compiled-statement.ts';
import { entityOf, requireVisible } from './entity-of.ts';
import { queryProblem } from './query-problem.ts';
import { conjunction, QuerySource } from './query-source.ts';
import type { ValueInUse } from './records.ts';
import { stateCondition } from './row-state.ts';
import { StatementParameters } from './statement-parameters.ts';

const STORE = new StatementStore<null>();
const MOST = 20;

/**
 * The texts that live records have in a text field or in one of several texts (tags), the most used first, those
 * that hold `search` only. Rows whose field the actor may not read are not counted (DESIGN §5).
 * @throws MRT_QUERY_FIELD_UNKNOWN, MRT_QUERY_OPERATOR for a field that holds no texts, MRT_ACCESS_DENIED
 */
export async function valuesInUse(
  db: Queryable,
  context: Context,
  name: string,
  field: string,
  search: string,
): Promise<readonly ValueInUse[]> {
  const entity = entityOf(context, name);
  requireVisible(context, entity);
  const roles = context.access.compiled;
  const parameters = new StatementParameters();
  const source = new QuerySource({ roles, parameters, nextAlias: 1 }, entity);
  const cell = source.cell(field, '/field');
  const column = cell.field.column?.type ?? '';
  const several = column === 'text[]';
  if (!several && !column.startsWith('varchar'))
    throw queryProblem('MRT_QUERY_OPERATOR', { field, operator: 'values' }, '/field');
  const pattern = parameters.bind(`%${escapeLike(search.normalize('NFC').trim())}%`);
  const own = [...parameters.values];
  const key = ['values', roles.key, entity.name, field].join('\n');
  const statement = STORE.take(context.model, key, own.length, () => {
    const from = several
      ? `${source.from()} CROSS JOIN LATERAL unnest(${cell.expression}) AS u(value)`
      : source.from();
    const value = several ? 'u.value' : cell.expression;
    const where = conjunction([
      source.visible(),
      stateCondition(source, 'live'),
      cell.readable,
      `${value} ILIKE ${pattern}::text`,
    ]);
    const text = `SELECT ${value} AS value, count(*)::integer AS uses FROM ${from} WHERE ${where} GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT ${MOST}`;
    return { text, values: parameters.values, shape: null };
  });
  const rows = await db.query<Row>(runnable(statement, own, context.access.parameters));
  return rows.map((row) => ({ value: String(row['value']), uses: Number(row['uses']) }));
}
