import { problem } from '../errors/catalogue.ts';
import { Problem } from '../errors/problem.ts';
import type { Database } from '../store/database.ts';
import { failpoint } from '../store/failpoint.ts';
import {
  claim,
  giveUpBroken,
  markDone,
  markFailed,
  type ClaimedDelivery,
  type MailPayload,
  type WebhookPayload,
} from './outbox-store.ts';
import type { PluginCaller } from './plugin-call.ts';
import { reasonOf } from './run-log.ts';
import { secretNamed } from './secrets.ts';
import { sendWebhook, type WebhookPolicy } from './webhook.ts';

const reached = {
  claimed: failpoint('outbox.claimed'),
  sent: failpoint('outbox.sent'),
  marked: failpoint('outbox.marked'),
};

export interface OutboxOptions {
  readonly db: Database;
  readonly policy: WebhookPolicy;
  readonly call: PluginCaller;
  /** Sends one mail; absent where there is none. */
  readonly mail?: (id: string, payload: MailPayload) => Promise<boolean>;
  readonly clock: () => Date;
}

/** Taken at once, and sent side by side. */
const BATCH = 10;
const MOST_ATTEMPTS = 12;
/** Problems that the next attempt may not meet. */
const PASSING: ReadonlySet<string> = new Set(['MRT_MODEL_STALE', 'MRT_UNAVAILABLE']);
const FIRST_WAIT_MS = 30_000;
const LONGEST_WAIT_MS = 6 * 3_600_000;

/** When the next attempt is made: twice as late each time, a little apart from others that failed together. */
export function nextAttempt(attempts: number, now: Date, random: number = Math.random()): Date | null {
  if (attempts >= MOST_ATTEMPTS) return null;
  const wait = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (attempts - 1));
  return new Date(now.getTime() + wait * (1 + random * 0.2));
}

/** Sends what is due. @returns whether there was anything, so that one may look again at once */
export async function sendDue(options: OutboxOptions): Promise<boolean> {
  const now = options.clock();
  await giveUpBroken(options.db, now, MOST_ATTEMPTS);
  const claimed = await claim(options.db, now, BATCH);
  if (claimed.length === 0) return false;
  reached.claimed();
  await Promise.all(claimed.map((delivery) => deliver(options, delivery)));
  return true;
}

/** How an attempt ended; without an error it has reached its receiver. */
interface Outcome {
  readonly status: number | null;
  readonly error?: unknown;
}

async function deliver(options: OutboxOptions, delivery: ClaimedDelivery): Promise<void> {
  const { status, error } = await attempt(options, delivery);
  reached.sent();
  const now = options.clock();
  if (error !== undefined) {
    // A receiver that is gone for good, and what only people can mend, are not tried again.
    const isFinal =
      status === 410 ||
      (delivery.kind === 'mail' && (status ?? 0) >= 500) ||
      (error instanceof Problem && !PASSING.has(error.code));
    const next = isFinal ? null : nextAttempt(delivery.attempts, now);
    await markFailed(options.db, delivery, { error: reasonOf(error), status, next });
  } else if (delivery.kind !== 'plugin') await markDone(options.db, delivery, now, status);
  reached.marked();
}

async function attempt(options: OutboxOptions, delivery: ClaimedDelivery): Promise<Outcome> {
  try {
    if (delivery.kind === 'plugin') {
      await options.call(delivery, delivery.payload);
      return { status: null };
    }
    if (delivery.kind === 'mail') {
      if (!options.mail) throw new Error('no mail is sent here');
      await options.mail(delivery.id, delivery.payload);
      return { status: null };
    }
    const { status, text } = await send(options, delivery, delivery.payload);
    const isTaken = status >= 200 && status <= 299;
    return isTaken ? { status } : { status, error: new Error(`HTTP ${status} ${text}`.trim()) };
  } catch (error) {
    return { status: smtpStatus(error), error };
  }
}

/** What a mail server answered; one that refuses for good (5xx) is not asked again. */
function smtpStatus(error: unknown): number | null {
  const code = error instanceof Error && 'responseCode' in error ? error.responseCode : null;
  return typeof code === 'number' ? code : null;
}

async function send(
  { db, policy, clock }: OutboxOptions,
  delivery: ClaimedDelivery,
  payload: WebhookPayload,
): Promise<{ readonly status: number; readonly text: string }> {
  const secret = await secretNamed(db, payload.secret);
  if (secret === null) throw problem('MRT_WEBHOOK_SECRET', { name: payload.secret });
  const body = JSON.stringify({
    id: delivery.id,
    type: delivery.rule,
    action: delivery.action,
    timestamp: delivery.created_at,
    entity: delivery.entity,
    record: delivery.record,
    data: payload.data,
  });
  return await sendWebhook(
    {
      url: payload.url,
      id: delivery.id,
      body,
      secret,
      timeoutMs: payload.timeoutSeconds * 1000,
      now: clock(),
    },
    policy,
  );
}
