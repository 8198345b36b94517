import { quoteName } from '../access/quote-name.ts';
import type { Context } from '../context/context.ts';
import { isUuid } from '../fields/uuid.ts';
import { entityOf } from '../records/entity-of.ts';
import type { Records } from '../records/records.ts';
import type { Database, Row, Transaction } from '../store/database.ts';
import type { Dictionaries } from '../store/dictionaries.ts';
import { describeCandidates } from './describe-candidates.ts';
import type { Judgement } from './duplicates.ts';

/** Keeps that a record is none of those it was held against: who said so, when and why (ENT-03). */
export async function keepJudgement(
  tx: Transaction,
  context: Context,
  entity: string,
  id: string,
  others: readonly string[],
  reason: string,
): Promise<void> {
  await tx.query({
    text: `insert into mortise.duplicate_judgement (entity, one, other, "by", at, reason)
      select $1, least($2::uuid, o), greatest($2::uuid, o), $4::uuid, $5::timestamptz, $6 from unnest($3::uuid[]) o
      on conflict do nothing`,
    values: [
      entity,
      id,
      others,
      isUuid(context.actor.id) ? context.actor.id : null,
      context.now.toISOString(),
      reason,
    ],
  });
}

/** What the list of judgements is made of. */
interface JudgementOptions {
  readonly db: Database;
  readonly dictionaries: Dictionaries;
  readonly records: Pick<Records, 'read'>;
}

interface JudgementRow extends Row {
  readonly id: string;
  readonly by: string | null;
  readonly by_name: string | null;
  readonly at: string;
  readonly reason: string;
}

/** @see Duplicates.judgements */
export async function listJudgements(
  { db, dictionaries, records }: JudgementOptions,
  context: Context,
  name: string,
  id: string,
): Promise<readonly Judgement[]> {
  const entity = entityOf(context, name);
  // Who may not read the record is not told what it was held against.
  await records.read(context, name, id, { fields: ['id'] });
  const user = context.model.entities.get('user');
  const display = user?.fields.get(user.display)?.column?.name;
  const byName =
    user && display
      ? `(select u.${quoteName(display)}::text from ${quoteName(user.table)} u where u.id = j."by")`
      : 'null';
  const rows = await db.query<JudgementRow>({
    text: `select case when j.one = $2::uuid then j.other else j.one end as id, j."by", ${byName} as by_name, j.at, j.reason
      from mortise.duplicate_judgement j where j.entity = $1 and (j.one = $2::uuid or j.other = $2::uuid)
      order by j.at desc limit 100`,
    values: [name, id],
  });
  const described = await describeCandidates(
    db,
    context,
    entity,
    rows.map((row) => row.id),
    dictionaries,
  );
  return rows.flatMap((row) => {
    const about = described.get(row.id);
    if (!about) return [];
    return [
      {
        ...(about.readable ? { id: row.id } : {}),
        display: about.display,
        readable: about.readable,
        by: row.by,
        byName: row.by_name ?? '',
        at: row.at,
        reason: row.reason,
      },
    ];
  });
}
