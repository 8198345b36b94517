import { describe, expect, it } from 'vitest';
import { LOCK_MINUTES, MAX_FAILURES, UnknownNames } from './failure-counter.ts';
import { hashPassword, isOutdated, NOBODY, verifyPassword } from './password-hash.ts';
import { checkPassword, generatePassword, PASSWORD_MIN } from './password-policy.ts';

describe('passwords (SEC-12)', () => {
  it('SEC-12 salts: two hashes of one password differ and both verify', async () => {
    const [a, b] = await Promise.all([
      hashPassword('榫卯 correct horse'),
      hashPassword('榫卯 correct horse'),
    ]);
    expect(a).toMatch(/^\$argon2id\$v=19\$m=\d+,t=\d+,p=\d+\$/);
    expect(a).not.toBe(b);
    expect(await verifyPassword('榫卯 correct horse', a)).toBe(true);
    expect(await verifyPassword('榫卯 correct horse', b)).toBe(true);
    expect(await verifyPassword('榫卯 correct hors', a)).toBe(false);
    expect(isOutdated(a)).toBe(false);
  });

  it('SEC-12 takes composed and decomposed characters for the same', async () => {
    expect(await verifyPassword('cafe\u0301 12345', await hashPassword('café 12345'))).toBe(true);
  });

  it('SEC-12 knows a hash of another cost, and nobody has the hash of nobody', async () => {
    expect(
      isOutdated(
        '$argon2id$v=19$m=4096,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
      ),
    ).toBe(true);
    expect(await verifyPassword('', NOBODY)).toBe(false);
    expect(await verifyPassword('anything', 'plain text')).toBe(false);
  });

  it.each(['short', 'a'.repeat(201), 'Zhang.San'])('SEC-12 refuses the weak password %j', (password) => {
    expect(() => checkPassword(password, 'zhang.san')).toThrow(/MRT_PASSWORD_WEAK/);
  });

  it('generates passwords that its own policy takes, never twice', () => {
    const made = new Set(Array.from({ length: 50 }, generatePassword));
    expect(made.size).toBe(50);
    for (const password of made) {
      expect(password.length).toBeGreaterThan(PASSWORD_MIN);
      expect(() => checkPassword(password, 'admin')).not.toThrow();
    }
  });
});

describe('user names that do not exist (SEC-12)', () => {
  it('SEC-12 are locked like real ones, and unlocked after the same time', () => {
    const names = new UnknownNames();
    const start = new Date('2026-01-01T00:00:00Z');
    for (let attempt = 0; attempt < MAX_FAILURES; attempt += 1) names.attempt('ghost', start);
    expect(() => names.attempt('ghost', start)).toThrow(/MRT_SESSION_LOCKED/);
    expect(() => names.attempt('other', start)).not.toThrow();
    expect(() => names.attempt('ghost', new Date(start.getTime() + LOCK_MINUTES * 60_000 + 1))).not.toThrow();
  });
});
