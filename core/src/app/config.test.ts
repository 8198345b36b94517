import { describe, expect, it } from 'vitest';
import type { Problem } from '../errors/problem.ts';
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

  it('refuses a failpoint in production, where it could only be left over', () => {
    const armed = { MORTISE_FAILPOINT: 'store.before-commit' };
    expect(() => read({ ...armed, NODE_ENV: 'production' })).toThrow(/MORTISE_FAILPOINT/);
    expect(() => read(armed)).not.toThrow();
  });

  it('names all faults at once, in both languages, and no secret', () => {
    let told: unknown;
    try {
      read({
        PORT: 'x',
        MORTISE_DEMO: 'perhaps',
        MORTISE_METRICS_TOKEN: 'short',
        DATABASE_URL: 'mysql://u:secret@h/d',
      });
    } catch (error) {
      told = error;
    }
    expect(told).toMatchObject({ code: 'MRT_START_CONFIG_MANY' });
    const { faults } = told as Problem;
    expect(faults.map(({ path }) => path)).toEqual([
      'PORT',
      'DATABASE_URL',
      'MORTISE_DEMO',
      'MORTISE_METRICS_TOKEN',
    ]);
    for (const { message } of faults) {
      expect(message['zh-CN']).toMatch(/环境变量/);
      expect(JSON.stringify(message)).not.toMatch(/secret|short/);
    }
  });

  it('warns of an unknown variable with the nearest name, and takes the older name of the log level', () => {
    const { warnings, logLevel } = read({ MORTISE_DATADIR: '/x', MORTISE_LOG: 'warn' });
    expect(warnings).toHaveLength(1);
    expect(warnings[0]?.en).toContain('Did you mean MORTISE_DATA_DIR?');
    expect(logLevel).toBe('warn');
  });
});
