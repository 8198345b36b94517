import { actorOf } from '../audit/actor-of.ts';
import type { SecurityLog } from '../audit/security-log.ts';
import type { Context } from '../context/context.ts';
import { problem } from '../errors/catalogue.ts';
import { isUuid } from '../fields/uuid.ts';
import type { Records } from '../records/records.ts';
import { dateInZone } from '../records/today.ts';
import type { Database, Row } from '../store/database.ts';
import { OUTPUT_KINDS, type OutputKind } from './output.ts';

/** Sets limits of persons and groups. */
const SET = 'users.configure';
/** Looks at them. */
const LOOK = 'audit.read';
const ENTITY = { user: 'user', group: 'user_group' } as const;
type QuotaSubject = keyof typeof ENTITY;

/** Limits of one person or group; what is null is as for everybody else. */
export interface SubjectLimits {
  readonly perJob: number | 'unlimited' | null;
  readonly perDay: number | 'unlimited' | null;
}

export interface SubjectQuota {
  readonly subject: QuotaSubject;
  readonly id: string;
  readonly name: string;
  readonly limits: Readonly<Partial<Record<OutputKind, SubjectLimits>>>;
}

/** What somebody has taken today. */
interface UsedToday {
  readonly user: string;
  readonly userName: string;
  readonly kind: OutputKind;
  readonly records: number;
  readonly refused: number;
}

export interface QuotasAnswer {
  readonly subjects: readonly SubjectQuota[];
  readonly today: readonly UsedToday[];
}

/** Limits of persons and groups (SEC-08 b), and what was used of all limits today. */
export interface Quotas {
  /** Needs `audit.read` or `users.configure`. Persons and groups that the asker may not know of are left out. */
  read(context: Context): Promise<QuotasAnswer>;
  /** Needs `users.configure`; nobody sets his own. @throws MRT_USER_UNKNOWN, MRT_RECORD_STATE */
  set(
    context: Context,
    subject: QuotaSubject,
    id: string,
    limits: Readonly<Partial<Record<OutputKind, SubjectLimits>>>,
  ): Promise<void>;
}

interface QuotaRow extends Row {
  readonly subject: QuotaSubject;
  readonly id: string;
  readonly kind: OutputKind;
  readonly per_job: number | null;
  readonly per_day: number | null;
}

const shown = (limit: number | null): number | 'unlimited' | null => (limit === -1 ? 'unlimited' : limit);
const stored = (limit: number | 'unlimited' | null): number | null => (limit === 'unlimited' ? -1 : limit);

export function createQuotas(
  db: Database,
  records: Pick<Records, 'list' | 'read'>,
  log: Pick<SecurityLog, 'note'>,
): Quotas {
  return {
    async read(context) {
      if (!context.access.mayUse(LOOK) && !context.access.mayUse(SET))
        throw problem('MRT_ACCESS_FUNCTION', { function: LOOK });
      const rows = await db.query<QuotaRow>({
        text: 'select subject, id, kind, per_job, per_day from mortise.output_quota order by subject, id, kind',
      });
      return { subjects: await named(records, context, rows), today: await usedToday(db, context) };
    },
    async set(context, subject, id, limits) {
      if (!context.access.mayUse(SET)) throw problem('MRT_ACCESS_FUNCTION', { function: SET });
      if (!isUuid(id)) throw problem('MRT_RECORD_NOT_FOUND');
      if (subject === 'user' && id.toLowerCase() === context.actor.id)
        throw problem('MRT_RECORD_STATE', {
          reason: { 'zh-CN': '不能设置自己的限额', en: 'nobody sets his own limits' },
        });
      await records.read(context, ENTITY[subject], id, { fields: ['id'] });
      await db.transaction(async (tx) => {
        await tx.query({
          text: 'delete from mortise.output_quota where subject = $1 and id = $2::uuid',
          values: [subject, id],
        });
        for (const kind of OUTPUT_KINDS) {
          const { perJob = null, perDay = null } = limits[kind] ?? {};
          if (perJob === null && perDay === null) continue;
          await tx.query({
            text: `insert into mortise.output_quota (subject, id, kind, per_job, per_day)
              values ($1, $2::uuid, $3, $4::integer, $5::integer)`,
            values: [subject, id, kind, stored(perJob), stored(perDay)],
          });
        }
        await log.note(
          {
            ...actorOf(context),
            kind: 'quota',
            entity: ENTITY[subject],
            records: [id],
            detail: { limits: JSON.stringify(limits) },
          },
          tx,
        );
      });
    },
  };
}

async function named(
  records: Pick<Records, 'list'>,
  context: Context,
  rows: readonly QuotaRow[],
): Promise<readonly SubjectQuota[]> {
  const found: SubjectQuota[] = [];
  for (const [subject, of] of Map.groupBy(rows, (row) => row.subject)) {
    const entity = context.model.entities.get(ENTITY[subject]);
    if (!entity || context.access.compiled.entity(entity).visible.length === 0) continue;
    const byId = Map.groupBy(of, ({ id }) => id);
    const ids = [...byId.keys()].slice(0, 1000);
    const { items } = await records.list(context, entity.name, {
      filter: { id: { $in: ids } },
      fields: ['id', entity.display],
      limit: ids.length,
    });
    for (const item of items) {
      const own = byId.get(String(item['id'])) ?? [];
      found.push({
        subject,
        id: String(item['id']),
        name: String(item[entity.display] ?? ''),
        limits: Object.fromEntries(
          own.map(({ kind, per_job, per_day }) => [kind, { perJob: shown(per_job), perDay: shown(per_day) }]),
        ),
      });
    }
  }
  return found.toSorted((a, b) => a.subject.localeCompare(b.subject) || a.name.localeCompare(b.name));
}

async function usedToday(db: Database, { now, timeZone }: Context): Promise<readonly UsedToday[]> {
  return await db.query<UsedToday & Row>({
    text: `select user_id as "user", max(user_name) as "userName", kind, coalesce(sum(counted), 0)::integer as records,
        (count(*) filter (where refused is not null))::integer as refused
      from mortise.output_log where at >= ($1::date)::timestamp at time zone $2
      group by user_id, kind order by records desc, user_id limit 200`,
    values: [dateInZone(now, timeZone), timeZone],
  });
}
