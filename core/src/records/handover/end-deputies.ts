import { dateIn } from '../../expression/calendar.ts';
import type { Context } from '../../context/context.ts';
import { rewriteRecords } from '../rewrite/rewrite-records.ts';
import { notDeleted } from '../row-state.ts';
import type { WriteOptions } from '../records.ts';
import type { WriteScope } from '../write-scope.ts';
import type { Transaction } from '../../store/database.ts';
import { isUuid } from '../../fields/uuid.ts';

/**
 * Ends, with history, what an account named deputies for and what is not over yet: nobody stands in for somebody who
 * left (SEC-16, SCN-09). Whoever had the right to switch the account off had that to this.
 */
export async function endDeputies(
  scope: Pick<WriteScope, 'written'>,
  context: Context,
  tx: Transaction,
  user: string,
  options: WriteOptions = {},
): Promise<number> {
  const entity = context.model.entities.get('deputy');
  const [owner, end] = ['owner', 'end_on'].map((name) => entity?.fields.get(name));
  const fields = ['is_void', 'void_reason', 'voided_at', 'voided_by'].flatMap(
    (name) => entity?.fields.get(name) ?? [],
  );
  if (!entity || !owner || !end) return 0;
  const today = dateIn(context.timeZone, context.now);
  const ended = await rewriteRecords(
    scope,
    context,
    tx,
    {
      entity,
      fields,
      where: (source, bind) =>
        `${source.rawColumn(owner)} = ${bind(user)}::uuid AND ${source.rawColumn(end)} >= ${bind(today)}::date AND ${source.alias}.is_void IS NOT TRUE AND ${notDeleted(source)}`,
      change: () => ({
        is_void: true,
        void_reason: context.locale === 'en' ? 'The account was switched off' : '账号已停用',
        voided_at: context.now.toISOString(),
        voided_by: isUuid(context.actor.id) ? context.actor.id : null,
      }),
    },
    options,
  );
  return ended.length;
}
