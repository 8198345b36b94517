import { quoteName } from '../../access/quote-name.ts';
import { invalidRecord } from '../../errors/catalogue.ts';
import type { Context } from '../../context/context.ts';
import { isUuid } from '../../fields/uuid.ts';
import { calendarDate } from '../../fields/calendar.ts';
import type { Queryable, Row } from '../../store/database.ts';
import { conjunction, QuerySource } from '../query-source.ts';
import { notDeleted } from '../row-state.ts';
import { StatementParameters } from '../statement-parameters.ts';
import { namedStatement } from '../named-statement.ts';
import { dateInZone } from '../today.ts';
import { faultAt } from '../value-fault.ts';

/** A person or department with whom records are shared. */
export interface Grantee {
  readonly id: string;
  readonly name: string;
}

interface GranteeRow extends Row {
  readonly id: string;
  readonly name: string | null;
}

/** A share that is over when it begins would be none. @throws MRT_RECORD_INVALID */
export function checkTerm(context: Context, { until }: { readonly until: string | null }): void {
  if (until === null) return;
  const today = dateInZone(context.now, context.timeZone);
  const [year = '', month = '', day = ''] = until.split('-');
  if (!/^\d{4}-\d\d-\d\d$/.test(until) || calendarDate(year, month, day) === null)
    throw invalidRecord([faultAt('/until', 'MRT_VALUE_DATE', '不是有效的日期。', 'It is not a valid date.')]);
  if (until < today)
    throw invalidRecord([
      faultAt('/until', 'MRT_VALUE_MINIMUM', '截止日期已过。', 'The last day is already past.'),
    ]);
}

/**
 * Whom a record is to be shared with. @param known false: any there ever was, for what was shared before
 * @throws MRT_RECORD_INVALID for nobody, for whom the actor may not know, and for himself
 */
export async function granteeOf(
  db: Queryable,
  context: Context,
  { kind, to }: { readonly kind: 'user' | 'unit'; readonly to: string },
  known = true,
): Promise<Grantee> {
  const id = to.toLowerCase();
  if (known && id === context.actor.id)
    throw invalidRecord([
      faultAt('/to', 'MRT_VALUE_REFERENCE', '不必共享给自己。', 'It need not be shared with yourself.'),
    ]);
  const entity = context.model.entities.get(kind);
  const [row] = entity && isUuid(id) ? await find(db, context, kind, id, known) : [];
  if (row) return { id: row.id, name: row.name ?? '' };
  if (!known) return { id, name: '' };
  throw invalidRecord([
    faultAt(
      '/to',
      'MRT_VALUE_REFERENCE',
      '没有此人员或部门,或您无权查看。',
      'There is no such person or department, or you may not see it.',
    ),
  ]);
}

async function find(
  db: Queryable,
  context: Context,
  kind: 'user' | 'unit',
  id: string,
  known: boolean,
): Promise<readonly GranteeRow[]> {
  const entity = context.model.entities.get(kind)!;
  const parameters = new StatementParameters();
  const source = new QuerySource({ roles: context.access.compiled, parameters, nextAlias: 1 }, entity);
  const display = entity.fields.get(entity.display)?.column?.name ?? 'id';
  const where = conjunction([
    `${source.alias}.id = ${parameters.bind(id)}::uuid`,
    ...(known ? [source.visible(), notDeleted(source)] : []),
  ]);
  const text = `SELECT ${source.alias}.id, ${source.alias}.${quoteName(display)}::text AS name FROM ${source.from()} WHERE ${where}`;
  return await db.query<GranteeRow>(namedStatement(context, text, parameters.values));
}
