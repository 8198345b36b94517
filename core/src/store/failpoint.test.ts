import { afterEach, describe, expect, it } from 'vitest';
import {
  armFailpoint,
  armedFailpoint,
  failpoint,
  FailpointError,
  failpointNames,
  parseFailpoint,
} from './failpoint.ts';

const pass = failpoint('test.only-here');

describe('a failpoint', () => {
  afterEach(() => armFailpoint(null));

  it('does nothing while it is not armed, nor when another one is', () => {
    expect(pass).not.toThrow();
    armFailpoint({ name: 'test.elsewhere', nth: 1, action: 'error' });
    expect(pass).not.toThrow();
  });

  it('acts once, at the passage that was asked for', () => {
    armFailpoint({ name: 'test.only-here', nth: 2, action: 'error' });
    expect(pass).not.toThrow();
    expect(pass).toThrow(FailpointError);
    expect(pass).not.toThrow();
    expect(armedFailpoint()).toBeNull();
  });

  it('is listed', () => {
    expect(failpointNames()).toContain('test.only-here');
  });

  it.each([
    ['records.before-write', { name: 'records.before-write', nth: 1, action: 'kill' }],
    ['change.locked:3', { name: 'change.locked', nth: 3, action: 'kill' }],
    ['change.locked:pause', { name: 'change.locked', nth: 1, action: 'pause' }],
    ['change.locked:2:error', { name: 'change.locked', nth: 2, action: 'error' }],
    ['', null],
  ])('reads “%s”', (text, expected) => {
    expect(parseFailpoint(text)).toEqual(expected);
  });

  it.each(['nonsense', 'a.b:0', 'a.b:1:explode', 'a.b:1:kill:more', 'A.b'])('refuses “%s”', (text) => {
    expect(() => parseFailpoint(text)).toThrow(/MORTISE_FAILPOINT/);
  });
});
