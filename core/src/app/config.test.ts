import { describe, expect, it } from 'vitest';
import { readConfig } from './config.ts';

const read = (environment: Record<string, string>) => readConfig(environment, '/project', '/somewhere');

describe('configuration from the environment (DESIGN §12)', () => {
  it('has defaults that start on a fresh machine', () => {
    expect(read({})).toMatchObject({
      port: 3000,
      host: '127.0.0.1',
      databaseUrl: null,
      dataDir: '/somewhere/data',
      adminPassword: null,
      demo: false,
      logLevel: 'info',
      ui: true,
    });
  });

  it.each(['70000', 'abc', '-1', '3000x'])('refuses PORT=%s by name', (value) => {
    expect(() => read({ PORT: value })).toThrow(/MRT_START_CONFIG.*PORT/s);
  });

  it('refuses another database scheme and never prints the password', () => {
    const attempt = () => read({ DATABASE_URL: 'mysql://root:secret@host/db' });
    expect(attempt).toThrow(/MRT_START_CONFIG.*DATABASE_URL/s);
    expect(attempt).not.toThrow(/secret/);
  });

  it('refuses a DATABASE_URL that is no address', () => {
    expect(() => read({ DATABASE_URL: 'localhost' })).toThrow(/MRT_START_CONFIG/);
  });

  it('takes an empty variable for an absent one, and keeps a password as typed', () => {
    expect(read({ PORT: '', MORTISE_ADMIN_PASSWORD: ' a b ' })).toMatchObject({
      port: 3000,
      adminPassword: ' a b ',
    });
  });

  it('refuses an unknown flag value', () => {
    expect(() => read({ MORTISE_DEMO: 'perhaps' })).toThrow(/MORTISE_DEMO/);
  });
});
