import { describe, expect, it } from 'vitest';
import { pino } from 'pino';
import { problem } from '../../errors/catalogue.ts';
import type { HttpMiddleware } from '../state.ts';
import { problems } from './problems.ts';

type Http = Parameters<HttpMiddleware>[0];

/** What the middleware makes of an error that a route throws. */
async function answerTo(
  error: unknown,
): Promise<{ status: number; body: { code: string; detail: string }; headers: Record<string, string> }> {
  const headers: Record<string, string> = {};
  const http = {
    state: { requestId: 'request-1', log: pino({ level: 'silent' }), locale: 'en', session: null },
    method: 'GET',
    path: '/api/v1/me',
    status: 200,
    body: '',
    headerSent: false,
    set: (name: string, value: string) => void (headers[name] = value),
    remove: () => {},
  };
  await problems({ noteOften: () => Promise.resolve() })(http as unknown as Http, () =>
    Promise.reject(error),
  );
  return { status: http.status, body: JSON.parse(http.body) as { code: string; detail: string }, headers };
}

describe('errors on their way out (UI-09)', () => {
  it('a Problem keeps its status and code', async () => {
    expect(await answerTo(problem('MRT_ENTITY_UNKNOWN', { entity: 'x' }))).toMatchObject({
      status: 404,
      body: { code: 'MRT_ENTITY_UNKNOWN' },
    });
  });

  it('an unknown error becomes 500 with the id of the request and none of its text', async () => {
    const answer = await answerTo(new Error('column "secret" does not exist'));
    expect(answer).toMatchObject({ status: 500, body: { code: 'MRT_INTERNAL' } });
    expect(answer.body.detail).toContain('request-1');
    expect(JSON.stringify(answer.body)).not.toContain('secret');
  });

  it.each([
    Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }),
    Object.assign(new Error('terminating connection'), { code: '57P01' }),
    new Error('Connection terminated unexpectedly'),
    Object.assign(new Error('could not extend file'), { code: '53100' }),
    Object.assign(new Error('canceling statement due to statement timeout'), { code: '57014' }),
    new Error('timeout exceeded when trying to connect'),
  ])('a database that is gone becomes 503 and says when to come back: %s', async (error) => {
    expect(await answerTo(error)).toMatchObject({
      status: 503,
      body: { code: 'MRT_UNAVAILABLE' },
      headers: { 'Retry-After': '2' },
    });
  });

  it('a lock says when to come back', async () => {
    const answer = await answerTo(problem('MRT_SESSION_LOCKED', { minutes: 15 }, [], { retryAfter: 900 }));
    expect(answer.headers['Retry-After']).toBe('900');
  });

  it('something thrown that is no error is ours too', async () => {
    expect(await answerTo(undefined)).toMatchObject({ status: 500, body: { code: 'MRT_INTERNAL' } });
  });
});
