import { createHmac } from 'node:crypto';
import { lookup } from 'node:dns/promises';
import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { isIP } from 'node:net';
import { problem } from '../errors/catalogue.ts';
import { isInternal } from './private-address.ts';

/** What is sent, and how. */
export interface Webhook {
  readonly url: string;
  readonly id: string;
  readonly body: string;
  readonly secret: string;
  readonly timeoutMs: number;
  readonly now: Date;
}

export interface WebhookPolicy {
  /** Hosts, with port where it matters, that may be reached although they are internal. */
  readonly allowedHosts: ReadonlySet<string>;
}

/** Read of an answer, to say why it failed; the rest is thrown away. */
const MAX_ANSWER = 2000;

/**
 * The signature of the Standard Webhooks convention: HMAC-SHA256 over `id.timestamp.body`, so that a receiver can
 * tell who sent it, that nothing was changed, and refuse what is old.
 */
function signature(secret: string, id: string, timestamp: number, body: string): string {
  const key = secret.startsWith('whsec_') ? Buffer.from(secret.slice(6), 'base64') : Buffer.from(secret);
  return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`;
}

/**
 * Resolves the host, refuses internal addresses, and sends to the very address that was looked at: a name that
 * resolves to another one a moment later gains nothing. Redirects are not followed.
 * @returns the HTTP status and the beginning of the answer
 * @throws MRT_WEBHOOK_ADDRESS, or the error of the network
 */
export async function sendWebhook(
  webhook: Webhook,
  policy: WebhookPolicy,
): Promise<{ readonly status: number; readonly text: string }> {
  const url = new URL(webhook.url);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const isAllowed = policy.allowedHosts.has(url.host) || policy.allowedHosts.has(host);
  const addresses = isIP(host)
    ? [{ address: host, family: isIP(host) }]
    : await lookup(host, { all: true, verbatim: true });
  const target = addresses.find(({ address }) => isAllowed || !isInternal(address));
  if (!target) throw problem('MRT_WEBHOOK_ADDRESS', { host: url.host });
  const timestamp = Math.floor(webhook.now.getTime() / 1000);
  const send = url.protocol === 'https:' ? requestHttps : requestHttp;
  return await new Promise((resolve, reject) => {
    const request = send(
      url,
      {
        method: 'POST',
        signal: AbortSignal.timeout(webhook.timeoutMs),
        lookup: (_name, options, found) => {
          if (options.all) found(null, [target]);
          else found(null, target.address, target.family);
        },
        headers: {
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(webhook.body),
          'user-agent': 'Mortise-Webhook/1',
          'idempotency-key': webhook.id,
          'webhook-id': webhook.id,
          'webhook-timestamp': String(timestamp),
          'webhook-signature': signature(webhook.secret, webhook.id, timestamp, webhook.body),
        },
      },
      (answer) => {
        let text = '';
        answer.setEncoding('utf8');
        answer.on('data', (chunk: string) => {
          if (text.length < MAX_ANSWER) text += chunk.slice(0, MAX_ANSWER - text.length);
        });
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text }));
        answer.on('error', reject);
      },
    );
    request.on('error', reject);
    request.end(webhook.body);
  });
}
