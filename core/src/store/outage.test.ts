import { describe, expect, it } from 'vitest';
import { outageReason } from './outage.ts';

const coded = (code: string, message = 'failed') => Object.assign(new Error(message), { code });

describe('an outage of the database', () => {
  it.each([
    ['08006', 'cannot be reached'],
    ['57P01', 'cannot be reached'],
    ['57P03', 'cannot be reached'],
    ['25P03', 'cannot be reached'],
    ['ECONNREFUSED', 'cannot be reached'],
    ['EPIPE', 'cannot be reached'],
    ['57014', 'in time'],
    ['ETIMEDOUT', 'in time'],
    ['40001', 'others are writing'],
    ['40P01', 'others are writing'],
    ['55P03', 'others are writing'],
    ['53300', 'busy'],
    ['53100', 'full'],
    ['ENOSPC', 'full'],
  ])('%s is one: %s', (code, reason) => {
    expect(outageReason(coded(code))?.en).toContain(reason);
  });

  it.each([
    'Connection terminated unexpectedly',
    'Client has encountered a connection error and is not queryable',
    'timeout exceeded when trying to connect',
  ])('“%s” of the driver is one', (message) => {
    expect(outageReason(new Error(message))).not.toBeNull();
  });

  it.each([coded('23505'), coded('42P01'), coded('22001'), new Error('x is undefined'), 'text', undefined])(
    '%s is a fault, not an outage',
    (error) => {
      expect(outageReason(error)).toBeNull();
    },
  );
});
