import { createServer, type AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { maskUrl, openPostgres } from './open-postgres.ts';

/** A port on which nothing listens. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}

describe('a DATABASE_URL', () => {
  it('that nothing answers gives a message with cause and remedy, without the password', async () => {
    const url = `postgres://mortise:geheim@127.0.0.1:${await freePort()}/crm`;
    const error = await openPostgres(url).catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      code: 'MRT_STORE_UNREACHABLE',
      text: { en: expect.stringContaining('ECONNREFUSED') },
    });
    expect((error as Error).message).not.toContain('geheim');
    expect((error as Error).message).toContain('mortise:***@127.0.0.1');
  });

  it('that is not one is refused in the same way', async () => {
    await expect(openPostgres('postgres://user:pw@:bad/x')).rejects.toMatchObject({
      code: 'MRT_STORE_UNREACHABLE',
    });
  });

  it('is shown without its password', () => {
    expect(maskUrl('postgres://a:b@h:5432/d')).toBe('postgres://a:***@h:5432/d');
    expect(maskUrl('postgres://a:b/c@d:e@h:bad/d')).toBe('postgres://a:***@h:bad/d');
    expect(maskUrl('postgres://h/d?user=a&password=b&x=1')).toBe('postgres://h/d?user=a&password=***&x=1');
    expect(maskUrl('postgres://h:5432/d')).toBe('postgres://h:5432/d');
  });
});
