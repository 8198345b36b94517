import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pino } from 'pino';
import type { Application } from '../app/application.ts';
import { readConfig } from '../app/config.ts';
import { createApplication } from '../app/create-application.ts';
import { logSlowStatements } from '../app/slow-statements.ts';
import { readableLines } from '../app/readable-log.ts';
import { openMetricsPort } from '../metrics/metrics-port.ts';
import { openPglite } from '../store/open-pglite.ts';
import { createClient } from './test-server.ts';
import { listen } from './create-http.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url)).replace(/[\\/]$/, '');
const TOKEN = 'a-token-for-prometheus';
const PASSWORD = 'a-password-for-tests';

describe('operation: metrics, health, log (DESIGN §10)', () => {
  let folder: string;
  let app: Application;
  let http: Awaited<ReturnType<typeof listen>>;
  const lines: Record<string, unknown>[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mortise-operation-'));
    const config = readConfig(
      {
        PORT: '0',
        MORTISE_UI: 'off',
        MORTISE_DATA_DIR: folder,
        MORTISE_METRICS_TOKEN: TOKEN,
        MORTISE_METRICS_PORT: '0',
        MORTISE_ADMIN_PASSWORD: PASSWORD,
      },
      ROOT,
    );
    const log = pino({ level: 'info' }, { write: (line) => void lines.push(JSON.parse(line)) });
    app = await createApplication(config, log, () => openPglite());
    http = await listen(app);
  }, 120_000);

  afterAll(async () => {
    await http.close();
    await app.close();
    await rm(folder, { recursive: true, force: true });
  });

  const scrape = async (): Promise<string> => {
    const answer = await fetch(`${http.address}/metrics`, { headers: { Authorization: `Bearer ${TOKEN}` } });
    expect(answer.headers.get('Content-Type')).toContain('text/plain');
    return await answer.text();
  };

  it('shows metrics to who has the token, and nothing to anybody else', async () => {
    for (const header of [{}, { Authorization: 'Bearer wrong' }, { Authorization: TOKEN }])
      expect((await fetch(`${http.address}/metrics`, { headers: header })).status).toBe(401);
    const client = createClient(http.address);
    await client.signIn('admin', PASSWORD);
    await client.get('/api/v1/records/unit');
    await client.get('/api/v1/records/unit');
    await client.get('/api/v1/nothing-here');
    const text = await scrape();
    expect(text).toMatch(
      /mortise_http_request_duration_seconds_count\{method="GET",route="\/api\/v1\/records\/:entity",status="200"\} 2/,
    );
    expect(text).toMatch(/route="unknown",status="404"\} 1/);
    expect(text).toMatch(/^mortise_sessions 1$/m);
    expect(text).toMatch(/^mortise_db_connections 1$/m);
    expect(text).toMatch(new RegExp(`^mortise_model_version ${app.changes.current().version}$`, 'm'));
    for (const name of [
      'process_cpu_seconds_total',
      'nodejs_eventloop_lag_seconds',
      'process_resident_memory_bytes',
    ])
      expect(text).toContain(name);
  });

  it('has a port of its own that serves the metrics alone', async () => {
    const server = await openMetricsPort(app);
    const address = server?.address();
    const port = typeof address === 'object' ? address?.port : 0;
    expect(await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()).toContain('mortise_ready 1');
    expect((await fetch(`http://127.0.0.1:${port}/api/v1/me`)).status).toBe(404);
    server?.close();
  });

  it('logs a request with its id, route, status, time, user and model, and no query', async () => {
    const client = createClient(http.address);
    await client.signIn('admin', PASSWORD);
    await client.get('/api/v1/records/unit?filter=%7B%22name%22%3A%22secret-name%22%7D', {
      'X-Request-Id': 'request-of-test',
    });
    await expect.poll(() => lines.find(({ request }) => request === 'request-of-test')).toBeDefined();
    const line = lines.find(({ request }) => request === 'request-of-test');
    expect(line).toMatchObject({
      route: '/api/v1/records/:entity',
      status: 200,
      user: 'admin',
      userId: app.administrator.id,
      model: app.changes.current().version,
    });
    expect(line?.['ms']).toBeTypeOf('number');
    expect(JSON.stringify(lines)).not.toContain('secret-name');
  });

  it('is ready, and not when it stops; the reason is named', async () => {
    const client = createClient(http.address);
    expect((await client.get('/health/live')).body).toEqual({ status: 'live' });
    expect((await client.get('/health/ready')).status).toBe(200);
    app.closing.emit();
    const answer = await client.get('/health/ready', { 'Accept-Language': 'en' });
    expect(answer).toMatchObject({ status: 503, body: { code: 'MRT_UNAVAILABLE', reasons: ['stopping'] } });
    expect((await client.get('/health/live')).status).toBe(200);
  });

  it('logs a slow statement by name and text, without literals or values', () => {
    const heard: string[] = [];
    const meter = logSlowStatements(pino({}, { write: (line) => void heard.push(line) }), 100);
    const text = `update t set a = 'it''s secret' where b = $1`;
    meter(99, false, { text, values: ['hidden'] });
    meter(150, false, { name: 'list-1', text, values: ['hidden'] });
    expect(heard).toHaveLength(1);
    expect(JSON.parse(heard[0]!)).toMatchObject({
      ms: 150,
      statement: 'list-1',
      sql: "update t set a = '…' where b = $1",
    });
    expect(heard[0]).not.toMatch(/secret|hidden/);
  });

  it('writes lines for people where they are read by people', () => {
    const heard: string[] = [];
    const log = pino(
      { base: null, timestamp: pino.stdTimeFunctions.isoTime },
      readableLines({ write: (line) => void heard.push(line) }),
    );
    log.info({ method: 'GET', path: '/api/v1/me', status: 200, ms: 1.2, user: 'admin' }, 'request');
    expect(heard[0]).toMatch(/^\d\d:\d\d:\d\d info {2}request GET \/api\/v1\/me 200 1\.2 ms user=admin\n$/);
  });
});
