import { BlockList, isIPv4, isIPv6 } from 'node:net';

const compiled = new Map<string, BlockList>();
/** Lists that are kept compiled; an installation has a handful. */
const MOST_KEPT = 500;

/** A network in CIDR notation taken apart, or null. A bare address is the network of itself. */
function parse(network: string): { address: string; prefix: number; type: 'ipv4' | 'ipv6' } | null {
  const [address = '', length, ...rest] = network.split('/');
  const type = isIPv4(address) ? 'ipv4' : isIPv6(address) ? 'ipv6' : null;
  const most = type === 'ipv4' ? 32 : 128;
  const prefix = length === undefined ? most : /^\d{1,3}$/.test(length) ? Number(length) : -1;
  return type === null || rest.length > 0 || prefix < 0 || prefix > most ? null : { address, prefix, type };
}

/** Is this a network, `10.0.0.0/8`, `fd00::/8` or a single address? */
export function isNetwork(text: string): boolean {
  return parse(text) !== null;
}

/** The networks of a text, separated by commas, semicolons or white space. */
export function networksIn(text: string): readonly string[] {
  return text.split(/[\s,;，；、]+/).filter((each) => each !== '');
}

/**
 * Does one of the networks hold the address? IPv4 behind an IPv6 socket (`::ffff:10.0.0.1`) is taken as IPv4. What is no
 * network holds nothing, so a spoilt list shuts out rather than in.
 */
export function holdsAddress(networks: readonly string[], address: string): boolean {
  const plain = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1] ?? address;
  const type = isIPv4(plain) ? 'ipv4' : isIPv6(plain) ? 'ipv6' : null;
  return type !== null && listOf(networks).check(plain, type);
}

function listOf(networks: readonly string[]): BlockList {
  const key = networks.join(' ');
  let list = compiled.get(key);
  if (!list) {
    list = new BlockList();
    for (const each of networks) {
      const found = parse(each);
      if (found) list.addSubnet(found.address, found.prefix, found.type);
    }
    if (compiled.size >= MOST_KEPT) compiled.clear();
    compiled.set(key, list);
  }
  return list;
}
