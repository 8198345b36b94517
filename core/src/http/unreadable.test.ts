import { connect } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeEngines } from '../testing/databases.ts';
import { startTestServer, type TestServer } from './test-server.ts';

describeEngines('requests that cannot be read', (open) => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer(open);
  });
  afterAll(() => server?.close());

  /** Sends the pieces one after the other, then ends; answers all that came back. */
  async function send(pieces: readonly string[], ends = false): Promise<string> {
    const { hostname, port } = new URL(server.address);
    const socket = connect(Number(port), hostname);
    let answer = '';
    socket.setEncoding('utf8').on('data', (part: string) => void (answer += part));
    for (const piece of pieces) socket.write(piece);
    if (ends) socket.end();
    await new Promise((done) => socket.once('close', done));
    return answer;
  }

  it.each([
    ['no HTTP at all', 'hello\r\n\r\n', 'it is not HTTP|不是 HTTP'],
    [
      'headers that are too large',
      `GET / HTTP/1.1\r\nHost: x\r\nX: ${'y'.repeat(40_000)}\r\n\r\n`,
      'too large|太大',
    ],
  ])('%s is answered with a problem', async (_, request, reason) => {
    const answer = await send([request]);
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer).toContain('application/problem+json');
    expect(answer).toContain('MRT_REQUEST_MALFORMED');
    expect(answer).toMatch(new RegExp(reason));
  });

  it('an expectation that nobody knows is passed over', async () => {
    const answer = await send([
      'GET /health/live HTTP/1.1\r\nHost: x\r\nExpect: miracles\r\nConnection: close\r\n\r\n',
    ]);
    expect(answer).toMatch(/^HTTP\/1\.1 200 /);
  });

  it('a body that ends early is the sender’s fault, no outage', async () => {
    const answer = await send(
      [
        'POST /api/v1/session HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n',
        '{"username":',
      ],
      true,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer).not.toContain('MRT_UNAVAILABLE');
  });
});
