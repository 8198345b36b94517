import { describe, expect, it } from 'vitest';
import type { Problem } from '../errors/problem.ts';
import type { PasswordRules } from '../model/documents.ts';
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

  const broken = (password: string, rules: PasswordRules = {}): readonly string[] => {
    try {
      checkPassword(password, 'zhang.san', rules, '/new');
      return [];
    } catch (error) {
      const { code, faults, text } = error as Problem;
      expect(code).toBe('MRT_PASSWORD_WEAK');
      for (const { path, message } of faults) {
        expect(path).toBe('/new');
        expect(text.en).toContain(message.en);
        expect(text['zh-CN']).toContain(message['zh-CN']);
      }
      return faults.map((fault) => fault.code.replace('MRT_PASSWORD_', ''));
    }
  };

  it.each<[string, PasswordRules, readonly string[]]>([
    ['short', {}, ['LENGTH']],
    ['x7Kq'.repeat(51), {}, ['LENGTH', 'COMMON']],
    ['Zhang.San', {}, ['NAME']],
    ['my ZHANG.SAN horse', {}, []],
    ['my ZHANG.SAN horse', { refuseName: true }, ['NAME']],
    ['correct horse', { minLength: 14 }, ['LENGTH']],
    ['correct horse', { classes: 3 }, ['CLASSES']],
    ['Correct horse 7', { classes: 4 }, []],
    ['榫卯结构木作坊间', { classes: 2 }, ['CLASSES']],
    ['abc', { minLength: 3, classes: 2 }, ['LENGTH', 'CLASSES', 'COMMON']],
  ])('SEC-12 says of %j with %j which rules it breaks', (password, rules, expected) => {
    expect(broken(password, rules)).toEqual(expected);
  });

  it.each([
    '88888888',
    'password1',
    'P@ssw0rd!',
    'woaini1314',
    '5201314520',
    '19880808',
    '13800138000',
    '1qaz2wsx',
    'Qwerty123',
    'admin@2024',
    '123456789',
    'abcabcabc',
    'zxcvbnm,./',
    'tangjiuhui2026',
  ])('SEC-12 refuses %j, which is tried first, unless the rules let it', (password) => {
    expect(broken(password)).toEqual(['COMMON']);
    expect(broken(password, { refuseCommon: false })).toEqual([]);
  });

  it.each([
    'correct horse 12',
    'test-administrator-1',
    'mortise-demo',
    'first password 1',
    '春风又绿江南岸上',
    'x7Kq-2mPz',
  ])('SEC-12 takes %j', (password) => expect(broken(password)).toEqual([]));

  it('generates passwords that its own policy takes, never twice', () => {
    const made = new Set(Array.from({ length: 50 }, generatePassword));
    expect(made.size).toBe(50);
    for (const password of made) {
      expect(password.length).toBeGreaterThan(PASSWORD_MIN);
      expect(() => checkPassword(password, 'admin', { classes: 2 }, '')).not.toThrow();
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
