import { describe, expect, it } from 'vitest';
import { condition, defOf, faultCode, zh } from '../field-fixture.ts';
import { email } from './email.ts';

const def = defOf('email');

describe('email', () => {
  it('ENT-08 keeps an address trimmed and half width, its domain in small letters', () => {
    expect(email.normalise(' Zhang.San@Example.COM ', def)).toBe('Zhang.San@example.com');
    expect(email.normalise('a@b.cn', def)).toBe('a@b.cn');
    expect(email.normalise(' ', def)).toBeNull();
  });

  it.each([
    'a',
    'a@b',
    '@b.cn',
    'a@',
    'a b@c.cn',
    'a..b@c.cn',
    '.a@c.cn',
    'a@-c.cn',
    'a@c..cn',
    'a@c.cn,b@c.cn',
    'a@1.2',
    '张@c.cn',
    'a@b.cn\u0000',
  ])('ENG-03 refuses %j', (value) => {
    expect(faultCode(email, value)).toMatch(/^MRT_VALUE_(FORMAT|CHARACTERS)$/);
  });

  it.each(['a@b.cn', "o'hara+crm@mail.example.co.uk", 'A_B-1@xn--fiqs8s.cn', `${'a'.repeat(64)}@b.cn`])(
    'ENG-03 takes %j',
    (value) => {
      expect(faultCode(email, value)).toBeNull();
    },
  );

  it('finds an address however its domain was written', () => {
    expect(condition(email, 'eq', 'a@B.CN').values).toEqual(['a@b.cn']);
    expect(email.parse(email.format('a@b.cn', def, zh), def)).toBe('a@b.cn');
  });
});
