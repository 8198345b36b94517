import { problem } from '../../errors/catalogue.ts';
import { isUuid } from '../../fields/uuid.ts';
import type { Queryable, Row } from '../../store/database.ts';
import { uuid7 } from '../../store/uuid7.ts';

/** A release of one refused output: exactly those records, once, for a day. */
export interface EntryRelease {
  /** Who may: the person whose output was refused. */
  readonly user: string;
  /** Entry of the output log that was refused. */
  readonly entry: string;
  readonly by: string;
  readonly reason: string | null;
}

/**
 * Lets a refused output pass once within 24 hours (WF-12, SEC-08 c). How many records, of which kind and which ones
 * is what the log says, whatever the request may have become since.
 * @throws MRT_RECORD_STATE when the log has no such refusal of the person
 */
export async function releaseEntry(tx: Queryable, { user, entry, by, reason }: EntryRelease): Promise<void> {
  const known = isUuid(user) && isUuid(entry);
  const rows = known
    ? await tx.query<Row>({
        text: `insert into mortise.output_release (id, user_id, kind, records, until, "by", reason, fingerprint)
          select $1::uuid, user_id, kind, greatest(records, 1), now() + interval '24 hours', $4::uuid, $5, fingerprint
          from mortise.output_log where id = $2::uuid and user_id = $3::uuid and refused is not null returning id`,
        values: [uuid7(), entry, user, isUuid(by) ? by : null, reason],
      })
    : [];
  if (rows.length === 0)
    throw problem('MRT_RECORD_STATE', {
      reason: {
        'zh-CN': '输出日志中没有这次被拒的输出',
        en: 'the output log has no such refusal of this person',
      },
    });
}
