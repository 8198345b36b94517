import { describe, expect, it } from 'vitest';
import { defOf, faultCode, zh } from '../field-fixture.ts';
import { url } from './url.ts';

const def = defOf('url');

describe('url', () => {
  it.each(['https://example.com', 'http://www.示例.中国/路径?a=1#b', 'HTTPS://Example.com:8443/x'])(
    'ENG-03 takes %j',
    (value) => {
      expect(faultCode(url, value)).toBeNull();
    },
  );

  it.each([
    'javascript:alert(1)',
    'JavaScript://x%0aalert(1)',
    'data:text/html,x',
    'ftp://example.com',
    'www.example.com',
    'http://',
    'http:///x',
    'https://user:secret@example.com',
    'https://exa mple.com',
    'https://example.com/a b',
    'https://[bad',
  ])('ENG-03 refuses %j', (value) => {
    expect(faultCode(url, value)).toBe('MRT_VALUE_FORMAT');
  });

  it('refuses an address over its length', () => {
    expect(faultCode(url, `https://example.com/${'a'.repeat(500)}`)).toBe('MRT_VALUE_TOO_LONG');
  });

  it('reads what it prints', () => {
    expect(url.parse(` ${url.format('https://example.com', def, zh)} `, def)).toBe('https://example.com');
    expect(url.normalise('  ', def)).toBeNull();
  });
});
