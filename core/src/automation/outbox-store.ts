import type { Queryable, Row } from '../store/database.ts';
import type { RecordData } from '../records/records.ts';
import type { LocaleText } from '../text/locale.ts';

export interface WebhookPayload {
  readonly url: string;
  readonly secret: string;
  readonly timeoutSeconds: number;
  readonly data: RecordData;
}

export interface PluginPayload {
  readonly plugin: string;
  readonly call: string;
  readonly input: RecordData;
  readonly roles: readonly string[];
  readonly label: LocaleText;
  readonly chain: readonly string[];
}

/** A mail to a person who works here; rendered when it is sent. */
export interface MailPayload {
  readonly user: string;
  readonly what: 'digest' | 'notice';
  /** Day of the digest, or id of the notification. */
  readonly key: string;
}

type Payload =
  | { readonly kind: 'webhook'; readonly payload: WebhookPayload }
  | { readonly kind: 'plugin'; readonly payload: PluginPayload }
  | { readonly kind: 'mail'; readonly payload: MailPayload };

interface Delivery {
  /** The key by which the receiver knows a repetition. */
  readonly id: string;
  readonly run: string;
  readonly rule: string;
  readonly action: string;
  readonly entity: string | null;
  readonly record: string | null;
}

export type NewDelivery = Delivery & Payload & { readonly at: Date };
/** An entry that this node has taken; `attempts` is also its fence against a node that was taken for dead. */
export type ClaimedDelivery = Delivery & Payload & { readonly attempts: number; readonly created_at: string };

/** Notes what is to be sent, in the transaction of what asks for it. */
export async function enqueue(tx: Queryable, delivery: NewDelivery): Promise<void> {
  await tx.query({
    text: `insert into mortise.outbox (id, run, rule, action, kind, entity, record_id, payload, due_at, created_at)
      values ($1::uuid, $2::uuid, $3, $4, $5, $6, $7::uuid, $8::json, $9::timestamptz, $9::timestamptz)`,
    values: [
      delivery.id,
      delivery.run,
      delivery.rule,
      delivery.action,
      delivery.kind,
      delivery.entity,
      delivery.record,
      JSON.stringify(delivery.payload),
      delivery.at.toISOString(),
    ],
  });
}

/** How long a node may be at a delivery before another one takes it over: longer than any time-out. */
const LEASE_MS = 120_000;

const GIVEN_UP: LocaleText = {
  'zh-CN': '每次发送都中断,没有结果',
  en: 'every attempt was broken off without a result',
};

/**
 * Gives up deliveries that were broken off at their last attempt, e.g. because they bring the process down: nobody
 * marks those.
 */
export async function giveUpBroken(db: Queryable, now: Date, mostAttempts: number): Promise<void> {
  await db.query({
    text: `update mortise.outbox set state = 'failed', status = null, error = $3::json, locked_until = null
      where state = 'sending' and locked_until <= $1::timestamptz and attempts >= $2::integer`,
    values: [now.toISOString(), mostAttempts, JSON.stringify(GIVEN_UP)],
  });
}

/** Takes some of what is due; other nodes pass over what is being taken. */
export async function claim(db: Queryable, now: Date, most: number): Promise<readonly ClaimedDelivery[]> {
  return (await db.query<Row>({
    text: `update mortise.outbox o set state = 'sending', attempts = attempts + 1, locked_until = $2::timestamptz
      where id in (
        select id from mortise.outbox
        where (state = 'waiting' and due_at <= $1::timestamptz) or (state = 'sending' and locked_until <= $1::timestamptz)
        order by due_at limit $3::integer for update skip locked
      ) returning id, run, rule, action, kind, entity, record_id as record, payload, attempts, created_at`,
    values: [now.toISOString(), new Date(now.getTime() + LEASE_MS).toISOString(), most],
  })) as unknown as readonly ClaimedDelivery[];
}

/** Marks a delivery as done. @returns false when it is no longer this node's */
export async function markDone(
  db: Queryable,
  { id, attempts }: ClaimedDelivery,
  now: Date,
  status: number | null,
): Promise<boolean> {
  const rows = await db.query({
    text: `update mortise.outbox set state = 'done', done_at = $3::timestamptz, status = $4::integer, error = null, locked_until = null
      where id = $1::uuid and state = 'sending' and attempts = $2::integer returning id`,
    values: [id, attempts, now.toISOString(), status],
  });
  return rows.length > 0;
}

/** Notes a failed attempt; without `next` it waits for somebody to try it again. */
export async function markFailed(
  db: Queryable,
  { id, attempts }: ClaimedDelivery,
  failure: { readonly error: LocaleText; readonly status: number | null; readonly next: Date | null },
): Promise<void> {
  await db.query({
    text: `update mortise.outbox set state = $3, due_at = coalesce($4::timestamptz, due_at), status = $5::integer,
        error = $6::json, locked_until = null
      where id = $1::uuid and state = 'sending' and attempts = $2::integer`,
    values: [
      id,
      attempts,
      failure.next === null ? 'failed' : 'waiting',
      failure.next?.toISOString() ?? null,
      failure.status,
      JSON.stringify(failure.error),
    ],
  });
}

/** Lets a failed or cancelled delivery be tried again, or takes one that waits away. @returns whether there was one */
export async function changeDelivery(
  db: Queryable,
  id: string,
  to: 'waiting' | 'cancelled',
  now: Date,
): Promise<boolean> {
  const from = to === 'waiting' ? ['failed', 'cancelled'] : ['waiting', 'failed'];
  const rows = await db.query({
    text: `update mortise.outbox set state = $2, due_at = $3::timestamptz, attempts = case when $2 = 'waiting' then 0 else attempts end
      where id::text = $1 and state = any($4::text[]) returning id`,
    values: [id, to, now.toISOString(), from],
  });
  return rows.length > 0;
}
