import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { describeEngines } from '../testing/databases.ts';
import { startTestServer, type TestClient, type TestServer } from './test-server.ts';

const BEAT_MS = 25_000;

/** An open event stream, read as it comes. */
interface Listening {
  /** Reads on until the text has come. */
  until(text: string): Promise<void>;
  /** Reads on to the end; all that came since the last call. */
  toEnd(): Promise<string>;
}

describeEngines('the event stream', (open) => {
  let server: TestServer;
  let admin: TestClient;
  let people = 0;

  beforeAll(async () => {
    server = await startTestServer(open);
    admin = await server.administrator();
  });
  afterAll(() => server?.close());
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] }));
  afterEach(() => void vi.useRealTimers());

  async function addPerson(role: string): Promise<{ id: string; client: TestClient }> {
    people += 1;
    const username = `listener.${people}`;
    const made = await admin.post('/api/v1/records/user', {
      username,
      display_name: username,
      roles: [role],
    });
    const id = String(made.body['id']);
    const password = `${username} password`;
    await admin.post(`/api/v1/users/${id}/password`, { password, must_change: false });
    const client = server.client();
    await client.signIn(username, password);
    return { id, client };
  }

  async function listen(headers: Record<string, string>): Promise<Listening> {
    const response = await fetch(`${server.address}/api/v1/events`, { headers });
    expect(response.status).toBe(200);
    const reader = (response.body ?? new ReadableStream()).pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    const listening: Listening = {
      async until(wanted) {
        while (!text.includes(wanted)) {
          const { value, done } = await reader.read();
          if (done) throw new Error(`the stream ended before ${wanted}`);
          text += value;
        }
        text = text.slice(text.indexOf(wanted) + wanted.length);
      },
      async toEnd() {
        for (;;) {
          const { value, done } = await reader.read();
          if (done) return text;
          text += value;
        }
      },
    };
    await listening.until('event: metadata');
    return listening;
  }
  const beat = (): void => void vi.advanceTimersByTime(BEAT_MS);

  async function change(id: string, patch: object): Promise<void> {
    const record = await admin.get(`/api/v1/records/user/${id}`);
    const headers = { 'If-Match': record.headers.get('ETag') ?? '' };
    const answer = await admin.request('PATCH', `/api/v1/records/user/${id}`, { body: patch, headers });
    expect(answer.status).toBe(200);
  }

  it('SEC-12 ends at the next heart-beat after the sign-out, and beats until then', async () => {
    const { client } = await addPerson('employee');
    const stream = await listen({ Cookie: client.cookie });
    beat();
    await stream.until(': beat');
    expect((await client.request('DELETE', '/api/v1/session')).status).toBe(204);
    beat();
    expect(await stream.toEnd()).not.toContain(': beat');
  });

  it('SEC-12 ends when the session runs out; a beat does not keep it alive', async () => {
    const { id, client } = await addPerson('employee');
    const stream = await listen({ Cookie: client.cookie });
    const seen = async (hours: number) =>
      (
        await server.app.db.query({
          text: `update mortise.session set seen_at = now() - $2::int * interval '1 hour' where user_id = $1 returning seen_at`,
          values: [id, hours],
        })
      )[0]?.['seen_at'];
    const before = await seen(11);
    beat();
    await stream.until(': beat');
    const [row] = await server.app.db.query({
      text: 'select seen_at from mortise.session where user_id = $1',
      values: [id],
    });
    expect(row?.['seen_at']).toEqual(before);
    await seen(13);
    beat();
    expect(await stream.toEnd()).not.toContain(': beat');
  });

  it('SEC-12 ends when the user is disabled and when his token is revoked', async () => {
    const { id, client } = await addPerson('employee');
    const made = await client.post<{ id: string; token: string }>('/api/v1/me/tokens', { name: 'listener' });
    const byToken = await listen({ Authorization: `Bearer ${made.body.token}` });
    const byCookie = await listen({ Cookie: client.cookie });
    beat();
    await byToken.until(': beat');
    await byCookie.until(': beat');
    await client.request('DELETE', `/api/v1/me/tokens/${made.body.id}`);
    beat();
    expect(await byToken.toEnd()).not.toContain(': beat');
    await byCookie.until(': beat');
    await change(id, { status: 'disabled' });
    beat();
    expect(await byCookie.toEnd()).not.toContain(': beat');
  });

  it('SEC-01 tells of records by the roles as they are at the heart-beat', async () => {
    const { id, client } = await addPerson('administrator');
    const stream = await listen({ Cookie: client.cookie });
    const emit = (record: string): void =>
      server.app.events.emit({
        event: 'record',
        data: { entity: 'customer', id: record },
      });
    emit('heard-with-the-role');
    await stream.until('heard-with-the-role');
    await change(id, { roles: [] });
    beat();
    await stream.until(': beat');
    emit('not-for-his-ears');
    await client.request('DELETE', '/api/v1/session');
    beat();
    expect(await stream.toEnd()).not.toContain('not-for-his-ears');
  });
});
