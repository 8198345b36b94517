import { createHash } from 'node:crypto';
import type { Context } from '../context/context.ts';
import { problem } from '../errors/catalogue.ts';
import { isUuid } from '../fields/uuid.ts';
import type { Records } from '../records/records.ts';
import { dateInZone } from '../records/today.ts';
import type { Database, Row, Transaction } from '../store/database.ts';
import { uuid7 } from '../store/uuid7.ts';
import { localise, type LocaleText } from '../text/locale.ts';
import type {
  Output,
  OutputEntry,
  OutputKind,
  OutputQuestion,
  Outputs,
  RefusedEntry,
  UnusualUse,
} from './output.ts';
import { type Quota, quotaOf } from './quota-of.ts';
import { UNUSUAL } from './unusual-sql.ts';

/** Reads the log. */
const READ = 'audit.read';
/** Lets others go past their quota. */
const RELEASE = 'output.release';
/** First key of the lock under which the outputs of one person are counted one after the other. */
const LOCK_CLASS = 73_018;

const KIND_TEXT: Readonly<Record<OutputKind, LocaleText>> = {
  print: { 'zh-CN': '打印', en: 'printing' },
  export: { 'zh-CN': '导出', en: 'exporting' },
  mail: { 'zh-CN': '群发', en: 'mass mail' },
};

interface Refusal {
  /** Its entry in the log, by which a release can be asked for. */
  readonly entry: string;
  readonly limit: 'perJob' | 'perDay';
  readonly allowed: number;
  readonly used: number;
}

/** Makes the log of outputs over a database. @param records by which the actor must know of a user he releases */
export function createOutputs(db: Database, records: Pick<Records, 'read'>): Outputs {
  return {
    async permit(context, output) {
      const refusal = await db.transaction((tx) => judge(tx, context, output));
      if (refusal === null) return;
      const { entry, limit, allowed, used } = refusal;
      throw problem(
        limit === 'perJob' ? 'MRT_OUTPUT_QUOTA_JOB' : 'MRT_OUTPUT_QUOTA_DAY',
        {
          kind: localise(KIND_TEXT[output.kind], context.locale),
          allowed,
          used,
          asked: output.ids.length,
        },
        [],
        { kind: output.kind, limit, allowed, used, asked: output.ids.length, entry },
      );
    },
    async list(context, question) {
      requireFunction(context, READ);
      return await listEntries(db, context, question);
    },
    async unusual(context) {
      requireFunction(context, READ);
      return await db.query<UnusualUse & Row>({ text: UNUSUAL, values: [context.timeZone] });
    },
    async refusedEntry(context, entry) {
      const [row] = isUuid(entry)
        ? await db.query<RefusedEntry & Row>({
            text: `select id, kind, entity, template, records, query from mortise.output_log
              where id = $1::uuid and user_id = $2::uuid and refused is not null and at > now() - interval '24 hours'`,
            values: [entry, context.actor.id],
          })
        : [];
      if (!row)
        throw problem('MRT_RECORD_STATE', {
          reason:
            context.locale === 'en'
              ? 'nothing of yours was refused with this entry in the last 24 hours'
              : '最近 24 小时内没有您的这次被拒输出',
        });
      return row;
    },
    async release(context, { user, kind, records: count, reason }) {
      requireFunction(context, RELEASE);
      if (!isUuid(user)) throw problem('MRT_USER_UNKNOWN');
      if (user.toLowerCase() === context.actor.id)
        throw problem('MRT_RECORD_STATE', {
          reason: context.locale === 'en' ? 'nobody releases himself' : '不能放行自己',
        });
      await records.read(context, 'user', user, { fields: ['id'] });
      const id = uuid7();
      const [row] = await db.query<{ until: string }>({
        text: `insert into mortise.output_release (id, user_id, kind, records, until, "by", reason)
          values ($1::uuid, $2::uuid, $3, $4::integer, now() + interval '24 hours', $5::uuid, $6) returning until`,
        values: [id, user, kind, count, isUuid(context.actor.id) ? context.actor.id : null, reason ?? null],
      });
      return { id, until: String(row?.until) };
    },
  };
}

function requireFunction(context: Context, name: string): void {
  if (!context.access.mayUse(name)) throw problem('MRT_ACCESS_FUNCTION', { function: name });
}

/** The same records in whatever order and form. */
function fingerprintOf({ entity, ids }: Output): string {
  return createHash('sha256')
    .update([entity, ...ids.toSorted()].join('\n'))
    .digest('base64url');
}

interface Counted extends Row {
  readonly used: number;
  readonly known: boolean;
}

/** Counts, decides and logs, one output of a person after the other: two at once must not both find room. */
async function judge(tx: Transaction, context: Context, output: Output): Promise<Refusal | null> {
  const { actor, now, timeZone } = context;
  const fingerprint = fingerprintOf(output);
  await tx.query({
    text: 'select pg_advisory_xact_lock($1::integer, hashtext($2))',
    values: [LOCK_CLASS, actor.id],
  });
  const [counted] = await tx.query<Counted>({
    text: `select coalesce(sum(counted), 0)::integer as used, coalesce(bool_or(fingerprint = $4), false) as known
      from mortise.output_log
      where user_id = $1::uuid and kind = $2 and refused is null and at >= ($3::date)::timestamp at time zone $5`,
    values: [actor.id, output.kind, dateInZone(now, timeZone), fingerprint, timeZone],
  });
  const used = counted?.used ?? 0;
  const asked = counted?.known ? 0 : output.ids.length;
  const refusal = refusalOf(await quotaOf(tx, context, output.kind), used, asked);
  const release = refusal && (await takeRelease(tx, actor.id, output.kind, asked, fingerprint));
  const refused = release === null ? refusal : null;
  const entry = uuid7();
  await tx.query({
    text: `insert into mortise.output_log
        (id, user_id, user_name, kind, entity, template, format, records, counted, fingerprint, query, source, address, refused, release)
      values ($1::uuid, $2::uuid, $3, $4, $5, $6, $7, $8::integer, $9::integer, $10, $11::jsonb, $12, $13, $14, $15::uuid)`,
    values: [
      entry,
      actor.id,
      actor.displayName,
      output.kind,
      output.entity,
      output.template ?? null,
      output.format ?? null,
      output.ids.length,
      // What was released does not use up what he may do without.
      refused || release ? 0 : asked,
      fingerprint,
      JSON.stringify(output.query),
      context.source,
      output.address,
      refused?.limit ?? null,
      release,
    ],
  });
  return refused && { ...refused, entry };
}

function refusalOf({ perJob, perDay }: Quota, used: number, asked: number): Omit<Refusal, 'entry'> | null {
  if (perJob !== null && asked > perJob) return { limit: 'perJob', allowed: perJob, used };
  if (perDay !== null && asked > 0 && used + asked > perDay)
    return { limit: 'perDay', allowed: perDay, used };
  return null;
}

/** Uses up the smallest release that is enough; null when there is none. */
async function takeRelease(
  tx: Transaction,
  user: string,
  kind: OutputKind,
  records: number,
  fingerprint: string,
): Promise<string | null> {
  const [row] = await tx.query<{ id: string }>({
    text: `update mortise.output_release set used_at = now() where id = (
        select id from mortise.output_release
        where user_id = $1::uuid and kind = $2 and used_at is null and until > now() and records >= $3::integer
          and (fingerprint is null or fingerprint = $4)
        order by fingerprint is null, records, at limit 1 for update)
      returning id`,
    values: [user, kind, records, fingerprint],
  });
  return row?.id ?? null;
}

interface EntryRow extends Row, OutputEntry {
  readonly total: number;
}

async function listEntries(
  db: Database,
  context: Context,
  { user, kind, entity, from, to, refused, limit, offset }: OutputQuestion,
): Promise<{ readonly items: readonly OutputEntry[]; readonly total: number }> {
  const values = [
    user ?? null,
    kind ?? null,
    entity ?? null,
    from ?? null,
    to ?? null,
    refused ?? null,
    context.timeZone,
  ];
  const where = `($1::uuid is null or user_id = $1::uuid) and ($2::text is null or kind = $2)
    and ($3::text is null or entity = $3)
    and ($4::date is null or at >= ($4::date)::timestamp at time zone $7)
    and ($5::date is null or at < ($5::date + 1)::timestamp at time zone $7)
    and ($6::boolean is null or (refused is not null) = $6::boolean)`;
  const [count] = await db.query<{ total: number }>({
    text: `select count(*)::integer as total from mortise.output_log where ${where}`,
    values,
  });
  const items = await db.query<EntryRow>({
    text: `select id, at, user_id as "user", user_name as "userName", kind, entity, template, format, records, counted, query,
        source, address, refused, release is not null as released
      from mortise.output_log where ${where} order by at desc, id desc limit $8::integer offset $9::integer`,
    values: [...values, limit, offset],
  });
  return { items, total: count?.total ?? 0 };
}
