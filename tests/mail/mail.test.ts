import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { systemContext } from '../../core/src/app/create-context.ts';
import { startTestServer, type TestClient, type TestServer } from '../../core/src/http/test-server.ts';
import { describeEngines } from '../../core/src/testing/databases.ts';

const PASSWORD = 'correct horse 12';
type Data = Readonly<Record<string, unknown>>;

interface Received {
  readonly to: string;
  readonly raw: string;
}

/** Bodies and headers as people read them: quoted-printable and encoded words decoded. */
function readable(raw: string): string {
  const bytes = (text: string): string => Buffer.from(text, 'latin1').toString('utf8');
  return bytes(
    raw
      .replaceAll(/=\?UTF-8\?B\?([^?]*)\?=/gi, (_all, word: string) =>
        Buffer.from(word, 'base64').toString('latin1'),
      )
      .replaceAll(/=\?UTF-8\?Q\?([^?]*)\?=/gi, (_all, word: string) => word.replaceAll('_', ' '))
      .replaceAll(/=\r?\n/g, '')
      .replaceAll(/=([0-9A-F]{2})/g, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
  );
}

describeEngines('mail to the people who work here', (open) => {
  let smtp: SMTPServer;
  let server: TestServer;
  let seller: TestClient;
  let sellerId: string;
  let busy = 0;
  const received: Received[] = [];

  beforeAll(async () => {
    smtp = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS', 'AUTH'],
      onData(stream, session, done) {
        let raw = '';
        stream.setEncoding('latin1').on('data', (part: string) => (raw += part));
        stream.on('end', () => {
          busy -= 1;
          if (busy >= 0) return done(Object.assign(new Error('try later'), { responseCode: 451 }));
          received.push({ to: session.envelope.rcptTo.map(({ address }) => address).join(), raw });
          done();
        });
      },
    });
    await new Promise<void>((resolve) => smtp.listen(0, '127.0.0.1', resolve));
    const { port } = smtp.server.address() as AddressInfo;
    server = await startTestServer(open, {
      MORTISE_SMTP_URL: `smtp://127.0.0.1:${port}`,
      MORTISE_PUBLIC_URL: 'https://crm.example/',
      MORTISE_MAIL_FROM: 'CRM <crm@example.com>',
    });
    const { app } = server;
    const context = systemContext(app.changes.current(), app.administrator, 'demo');
    const user = await app.records.create(context, 'user', {
      username: 'seller',
      display_name: '销售员',
      email: 'seller@example.com',
      roles: ['employee'],
      unit: app.administrator.unit,
    });
    sellerId = String(user['id']);
    await app.sessions.setPassword(sellerId, PASSWORD, { mustChange: false });
    seller = server.client();
    await seller.signIn('seller', PASSWORD);
    await app.records.create(context, 'task', {
      title: '拜访 <客户>',
      owner: sellerId,
      status: 'assigned',
    });
    const unit = await app.records.create(context, 'unit', { name: '别的部门', code: 'elsewhere' });
    const hidden = await app.records.create(context, 'customer', { name: '机密客户', unit: unit['id'] });
    await app.db.query({
      text: `insert into mortise.notification (id, "user", kind, entity, record_id, text)
        values (gen_random_uuid(), $1::uuid, 'given', 'customer', $2::uuid, '{"zh-CN":"交给您","en":"given to you"}')`,
      values: [sellerId, hidden['id']],
    });
  });
  afterAll(async () => {
    await server.close();
    await new Promise<void>((resolve) => smtp.close(resolve));
  });

  const choose = async (mail: Data | null): Promise<number> =>
    (await seller.request('PATCH', '/api/v1/me', { body: { settings: { mail } } })).status;
  const settle = (): Promise<void> => server.app.automation.settle();

  it('NTF-02 sends nothing to who has not asked for it, and refuses what is no choice', async () => {
    await settle();
    expect(received).toEqual([]);
    expect(await choose({ digest: 'hourly' })).toBe(400);
    expect(await choose({ digest: 'daily', hour: 24 })).toBe(400);
  });

  it('NTF-02 sends a digest once a day, under the receiver’s rights and in his language; one broken off is tried again', async () => {
    await seller.request('PATCH', '/api/v1/me', { body: { settings: { locale: 'zh-CN' } } });
    expect(await choose({ digest: 'daily', hour: 0 })).toBe(200);
    busy = 1;
    await settle();
    expect(received).toEqual([]);
    await server.app.db.query({ text: `update mortise.outbox set due_at = now() where kind = 'mail'` });
    await settle();
    await settle();
    expect(received.map(({ to }) => to)).toEqual(['seller@example.com']);
    const mail = readable(received[0]!.raw);
    expect(mail).toContain('每日摘要');
    expect(mail).toContain('任务');
    expect(mail).toContain('https://crm.example/todo');
    expect(mail).toContain('List-Unsubscribe-Post: List-Unsubscribe=One-Click');
    expect(mail).not.toContain('机密客户');
  });

  it('NTF-02 mails at once what was chosen, and stops by the link', async () => {
    await seller.request('PATCH', '/api/v1/me', { body: { settings: { locale: 'en' } } });
    await choose({ digest: 'off', atOnce: { reminder: true } });
    received.length = 0;
    await seller.post('/api/v1/me/reminders', {
      at: new Date(Date.now() - 1000).toISOString(),
      note: 'Call <them>',
    });
    await settle();
    await settle();
    expect(received).toHaveLength(1);
    const mail = readable(received[0]!.raw);
    expect(mail).toMatch(/Subject: Reminder: Call/);
    expect(mail).toContain('Call &lt;them&gt;');
    const unfolded = received[0]!.raw.replaceAll(/\r?\n\s+/g, '');
    const link = /List-Unsubscribe:\s*<https:\/\/crm\.example([^>]+)>/.exec(unfolded)?.[1] ?? '';
    const outside = server.client();
    // Opening the link changes nothing: programs that look into mails open every one.
    expect((await outside.request('GET', link)).status).toBe(200);
    expect((await outside.request('POST', `${link}x`)).status).toBe(404);
    expect((await outside.request('POST', link)).status).toBe(200);
    const me = await seller.get<{ settings: Data }>('/api/v1/me');
    expect(me.body.settings['mail']).toBeUndefined();
  });
});
