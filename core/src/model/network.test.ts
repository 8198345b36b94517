import { describe, expect, it } from 'vitest';
import { mayComeFrom } from '../session/allowed-address.ts';
import { holdsAddress, isNetwork, networksIn } from './network.ts';

describe('networks (NF-SEC-01)', () => {
  it.each<[string, boolean]>([
    ['10.0.0.0/8', true],
    ['10.1.2.3', true],
    ['fd00::/8', true],
    ['::1/128', true],
    ['0.0.0.0/0', true],
    ['10.0.0.0/33', false],
    ['fd00::/129', false],
    ['10.0.0/8', false],
    ['10.0.0.0/8/9', false],
    ['10.0.0.0/', false],
    ['10.0.0.0/-1', false],
    ['office', false],
  ])('%s is one: %s', (text, expected) => expect(isNetwork(text)).toBe(expected));

  it.each<[string, string, boolean]>([
    ['10.0.0.0/8', '10.255.0.1', true],
    ['10.0.0.0/8', '11.0.0.1', false],
    ['10.0.0.0/8', '::ffff:10.0.0.1', true],
    ['10.0.0.0/8', '::1', false],
    ['fd00::/8', 'fd12::5', true],
    ['fd00::/8', 'fe80::5', false],
    ['0.0.0.0/0', '::1', false],
    ['0.0.0.0/0, ::/0', '::1', true],
    ['192.168.1.7', '192.168.1.7', true],
    ['192.168.1.7', '192.168.1.8', false],
    ['office', '10.0.0.1', false],
    ['10.0.0.0/8', '', false],
  ])('%s holds %s: %s', (networks, address, expected) =>
    expect(holdsAddress(networksIn(networks), address)).toBe(expected),
  );

  it('another role never opens what one has closed; networks of a person take the place of those of his roles', () => {
    const networks = {
      roles: { finance: { '10.0.0.0/8': true }, operator: { '10.1.0.0/16': true, '::1/128': true } },
    } as const;
    const may = (roles: readonly string[], address: string, own: string | null = null): boolean =>
      mayComeFrom({ networks }, roles, own, address);
    expect(may(['employee'], '1.2.3.4')).toBe(true);
    expect(may(['employee', 'finance'], '1.2.3.4')).toBe(false);
    expect(may(['employee', 'finance'], '10.9.9.9')).toBe(true);
    expect(may(['finance', 'operator'], '10.9.9.9')).toBe(false);
    expect(may(['finance', 'operator'], '10.1.9.9')).toBe(true);
    expect(may(['finance'], '1.2.3.4', '1.2.3.0/24')).toBe(true);
    expect(may(['employee'], '10.1.1.1', '1.2.3.0/24')).toBe(false);
    expect(may(['finance'], '1.2.3.4', '  ')).toBe(false);
  });
});
