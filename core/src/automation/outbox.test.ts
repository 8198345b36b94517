import { createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { definePlugin } from '../plugin/api.ts';
import type { Database } from '../store/database.ts';
import { armFailpoint } from '../store/failpoint.ts';
import { describeEngines } from '../testing/databases.ts';
import { nextAttempt } from './outbox.ts';
import { claim } from './outbox-store.ts';
import { isInternal } from './private-address.ts';
import { renewSecret } from './secrets.ts';
import { openAutomation, type AutomationFixture } from './test-automation.ts';

interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A receiver that answers with what is next in `answers`, then with 204. */
class Receiver {
  readonly received: Received[] = [];
  readonly answers: number[] = [];
  readonly #server: Server;

  constructor() {
    this.#server = createServer((request, answer) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        this.received.push({ headers: request.headers, body });
        answer.statusCode = this.answers.shift() ?? 204;
        if (answer.statusCode === 302) answer.setHeader('location', '/elsewhere');
        answer.end(answer.statusCode === 204 ? undefined : 'no');
      });
    });
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/in`;
  }

  close(): void {
    this.#server.close();
  }
}

describeEngines('what leaves the database', (open) => {
  const receiver = new Receiver();
  let on: AutomationFixture;
  let db: Database;
  let secret: string;
  let minute = 0;
  const calls: string[] = [];
  let failing = 0;
  let allowedHosts: ReadonlySet<string>;

  beforeAll(async () => {
    db = await open();
    const url = await receiver.listen();
    allowedHosts = new Set([new URL(url).host]);
    const plugin = definePlugin({
      actions: {
        note: {
          label: { 'zh-CN': '记录', en: 'Note' },
          async run(input, { records, record, idempotencyKey }) {
            calls.push(idempotencyKey);
            await records.create('visit', { subject: String(input['text']), thing: record?.id });
            if (failing > 0) {
              failing -= 1;
              throw new Error('not now');
            }
          },
        },
      },
    });
    on = await openAutomation(db, {
      allowedHosts: [new URL(url).host],
      plugins: [{ name: 'sample', server: plugin, settings: {} }],
      rules: [
        {
          name: 'tell',
          trigger: { on: 'create' },
          when: "name.startsWith('Tell')",
          actions: {
            send: {
              action: 'webhook',
              url,
              secret: 'partner',
              timeoutSeconds: 2,
              values: { name: 'name', amount: 'amount' },
            },
          },
        },
        {
          name: 'inside',
          trigger: { on: 'create' },
          when: "name == 'Inside'",
          actions: { send: { action: 'webhook', url: 'http://169.254.169.254/latest', secret: 'partner' } },
        },
        {
          name: 'asks',
          trigger: { on: 'create' },
          when: "name.startsWith('Ask')",
          roles: { administrator: true },
          actions: {
            call: { action: 'plugin', plugin: 'sample', call: 'note', values: { text: "'From ' + name" } },
          },
        },
      ],
    });
    (on.model.plugins as string[]).push('sample');
    secret = await renewSecret(db, 'partner', '');
  });
  afterEach(() => {
    armFailpoint(null);
    receiver.received.length = 0;
    on.refuseReported();
  });
  afterAll(() => receiver.close());

  const later = async (minutes: number): Promise<void> => {
    minute += minutes;
    await on.turnTo(new Date(Date.now() + minute * 60_000).toISOString());
  };
  const create = async (name: string): Promise<string> =>
    String((await on.records.create(on.as('wang'), 'thing', { name, amount: '12.50' }))['id']);
  const last = async () => (await on.deliveries()).at(-1);

  it('ENG-10 is sent after the commit, signed, with a key that stays the same', async () => {
    const id = await create('Tell one');
    await later(1);
    const [{ headers, body } = { headers: {}, body: '' }] = receiver.received;
    expect(JSON.parse(body)).toMatchObject({
      type: 'tell',
      entity: 'thing',
      record: id,
      data: { name: 'Tell one', amount: '12.5' },
    });
    expect(headers['idempotency-key']).toBe(headers['webhook-id']);
    const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`;
    const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
    expect(headers['webhook-signature']).toBe(
      `v1,${createHmac('sha256', key).update(signed).digest('base64')}`,
    );
    expect(await last()).toMatchObject({ state: 'done', status: 204, attempts: 1 });
  });

  it('is never sent for a write that was rolled back', async () => {
    await expect(
      db.transaction(async (tx) => {
        await on.records.create(on.as('wang'), 'thing', { name: 'Tell nobody' }, {}, tx);
        throw new Error('no');
      }),
    ).rejects.toThrow('no');
    await later(1);
    expect(receiver.received).toEqual([]);
  });

  it('is tried again later and later, and given up when the receiver is gone', async () => {
    receiver.answers.push(500, 302);
    await create('Tell again');
    await later(1);
    expect(await last()).toMatchObject({ state: 'waiting', attempts: 1, status: 500 });
    await later(2);
    expect(await last()).toMatchObject({ state: 'waiting', attempts: 2, status: 302 });
    await later(3);
    expect(await last()).toMatchObject({ state: 'done', attempts: 3 });
    expect(new Set(receiver.received.map(({ headers }) => headers['idempotency-key'])).size).toBe(1);
    receiver.answers.push(410);
    await create('Tell gone');
    await later(1);
    expect(await last()).toMatchObject({ state: 'failed', status: 410 });
  });

  it('does not reach the own network unless the operator allows the host', async () => {
    await create('Inside');
    await later(1);
    const entry = await last();
    expect(entry).toMatchObject({ state: 'failed', attempts: 1 });
    expect(JSON.stringify(entry?.['error'])).toContain('169.254.169.254');
  });

  it.each(['outbox.claimed', 'outbox.sent'])(
    'dies at %s: another node takes it over, and the receiver can tell a repetition',
    async (name) => {
      const id = await create('Tell after death');
      armFailpoint({ name, nth: 1, action: 'error' });
      const { sendDue } = await import('./outbox.ts');
      const options = {
        db,
        policy: { allowedHosts },
        call: () => Promise.reject(new Error('unused')),
        clock: () => new Date(Date.now() + minute * 60_000 + 60_000),
      };
      await expect(sendDue(options)).rejects.toThrow(name);
      armFailpoint(null);
      const before = name === 'outbox.sent' ? 1 : 0;
      await later(2);
      expect(receiver.received).toHaveLength(before);
      await later(5);
      const keys = receiver.received
        .filter(({ body }) => body.includes(id))
        .map(({ headers }) => headers['webhook-id']);
      expect(keys).toHaveLength(before + 1);
      expect(new Set(keys).size).toBe(1);
      expect(await last()).toMatchObject({ state: 'done', attempts: 2 });
    },
  );

  it('ENG-10 is given up when its last attempt was broken off too', async () => {
    await on.records.create(on.as('boss'), 'thing', { name: 'Tell broken' });
    const at = new Date(Date.now() - 1000).toISOString();
    await db.query({
      text: `update mortise.outbox set state = 'sending', attempts = 12, locked_until = $1::timestamptz where state = 'waiting'`,
      values: [at],
    });
    await on.turnTo(new Date(Date.now() + 60_000).toISOString());
    expect(await last()).toMatchObject({ state: 'failed', attempts: 12, error: { en: expect.anything() } });
    expect(receiver.received).toEqual([]);
  });

  it('is taken by one node only, however many look', async () => {
    for (const n of [1, 2, 3, 4, 5, 6]) await create(`Ask ${n}`);
    const now = new Date(Date.now() + minute * 60_000 + 60_000);
    const taken = await Promise.all([1, 2, 3].map(() => claim(db, now, 4)));
    const ids = taken.flat().map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.length).toBe(6);
    await later(10);
  });

  it('ENG-10 calls an action of a plugin, whose writes and whose mark are one', async () => {
    calls.length = 0;
    failing = 1;
    const id = await create('Ask me');
    await later(1);
    expect(await last()).toMatchObject({ state: 'waiting', attempts: 1 });
    await later(5);
    expect(await last()).toMatchObject({ state: 'done', attempts: 2 });
    expect(new Set(calls).size).toBe(1);
    const visits = await on.records.list(on.system, 'visit', { filter: { thing: id }, fields: ['subject'] });
    expect(visits.items).toMatchObject([{ subject: 'From Ask me' }]);
    const [entry] = await on.records.history(on.system, 'visit', String(visits.items[0]?.['id']));
    expect(entry).toMatchObject({ source: 'rule', rule: 'asks' });
  });
});

describe('the addresses of the own network', () => {
  it.each(['127.0.0.1', '10.1.2.3', '172.20.0.1', '192.168.1.1', '169.254.169.254', '100.64.0.1', '0.0.0.0'])(
    '%s is one',
    (address) => expect(isInternal(address)).toBe(true),
  );
  it.each(['::1', 'fe80::1', 'fd00::1', '::ffff:10.0.0.1', '::ffff:127.0.0.1', '64:ff9b::a00:1', 'nonsense'])(
    '%s is one',
    (address) => expect(isInternal(address)).toBe(true),
  );
  it.each(['8.8.8.8', '1.1.1.1', '2606:4700::1111'])('%s is none', (address) =>
    expect(isInternal(address)).toBe(false),
  );
});

describe('the wait between attempts', () => {
  it('doubles to six hours, and ends after twelve', () => {
    const now = new Date(0);
    const waits = [1, 2, 3, 11].map((n) => (nextAttempt(n, now, 0)?.getTime() ?? 0) / 1000);
    expect(waits).toEqual([30, 60, 120, 21_600]);
    expect(nextAttempt(12, now)).toBe(null);
  });
});
