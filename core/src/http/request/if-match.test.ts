import { describe, expect, it } from 'vitest';
import { versionOfIfMatch } from './if-match.ts';

describe('If-Match (DM-COM-11)', () => {
  it.each([
    ['"3"', 3],
    ['W/"12"', 12],
    ['7', 7],
  ])('reads %s', (header, version) => {
    expect(versionOfIfMatch(header)).toBe(version);
  });

  it.each([undefined, '', '  '])('asks for it with 428 when it is %j', (header) => {
    expect(() => versionOfIfMatch(header)).toThrow(/MRT_RECORD_VERSION_REQUIRED/);
  });

  it.each(['*', '"a"', '"1", "2"', '-1', '1.5'])('refuses %s', (header) => {
    expect(() => versionOfIfMatch(header)).toThrow(/MRT_REQUEST_MALFORMED/);
  });
});
