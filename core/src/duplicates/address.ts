import { lettersOf, plainText } from './plain-text.ts';
import type { Places } from './places.ts';

/** An address without province and city, and its street with number when it has one. */
export interface Address {
  readonly rest: string;
  /** 人民路12; empty when the address names no number. */
  readonly street: string;
  readonly places: ReadonlySet<string>;
}

const STREET = /([\u4e00-\u9fff]{2,}?(?:路|街|道|巷|弄|村|镇|园|区|段|城|里|坊))(\d+)/u;
const DISTRICT = /^[\u4e00-\u9fff]{1,4}?(?:县|区|市|旗)(?=[\u4e00-\u9fff]{2})/u;

/** Reads an address: full width digits, 号 and 號, spaces and the names of province, city and district do not count. */
export function addressOf(text: string, places: Places): Address {
  const found = new Set<string>();
  let rest = lettersOf(plainText(text)).replace(/^中国/u, '');
  for (
    let place = places.atStart(rest);
    place && rest.length > place.name.length;
    place = places.atStart(rest)
  ) {
    for (const code of place.codes) found.add(code);
    rest = rest.slice(place.name.length);
  }
  rest = rest
    .replace(DISTRICT, '')
    .replace(/(\d)(?:号楼|号院|号|栋|幢|座|室|层|楼)/gu, '$1-')
    .replace(/-$/, '');
  const street = STREET.exec(rest);
  return { rest, street: street ? `${street[1]}${street[2]}` : '', places: found };
}

/** 0 nothing alike, 0.8 the same street and number, 1 the same in every part. */
export function addressSimilarity(a: Address, b: Address): number {
  if (a.rest.length < 4 || b.rest.length < 4) return 0;
  if (a.rest === b.rest) return 1;
  if (a.street !== '' && a.street === b.street)
    return a.rest.startsWith(b.rest) || b.rest.startsWith(a.rest) ? 0.9 : 0.8;
  return 0;
}
