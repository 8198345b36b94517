import { hashKey } from '../kept-keys/hash-key.ts';
import type { CompanyName } from './company-name.ts';
import type { Facts } from './facts.ts';
import type { Places } from './places.ts';
import { looseSound, soundOf } from './sound.ts';

/**
 * Hashed keys of a record, by how much an equal key says. A stored record is found when one of its keys equals one of
 * the question's; typing errors are met by leaving out one syllable on either side (as SymSpell does).
 */
export interface RecordKeys {
  /** Phone, code, street, name with place, person in an enterprise. */
  readonly strong: readonly number[];
  /** Name with trade. */
  readonly near: readonly number[];
  /** Brand alone, person's name alone. */
  readonly wide: readonly number[];
}

/** Raise it when keys are made otherwise: all stored ones are then made again. */
export const KEYS_VERSION = 1;

const MOST_SYLLABLES = 12;

/** Facts of the same texts are one object (`factsOf`): what a new record is asked by is also what it is kept by. */
const KNOWN = new WeakMap<Facts, RecordKeys>();

/** The keys of a record or of a question. */
export function recordKeys(facts: Facts, places: Places): RecordKeys {
  let keys = KNOWN.get(facts);
  if (keys === undefined) KNOWN.set(facts, (keys = makeRecordKeys(facts, places)));
  return keys;
}

/** What is kept of a record: its keys of every tier, each once. */
export function allKeys(facts: Facts, places: Places): readonly number[] {
  const { strong, near, wide } = recordKeys(facts, places);
  return [...new Set([...strong, ...near, ...wide])];
}

function makeRecordKeys(facts: Facts, places: Places): RecordKeys {
  const strong = new Set<string>();
  const near = new Set<string>();
  const wide = new Set<string>();
  for (const { value } of facts.phones) strong.add(`h ${value.subscriber}`);
  for (const { value } of facts.codes) strong.add(`c ${value}`);
  for (const { value } of facts.addresses) {
    if (value.street !== '') strong.add(`a ${value.street}`);
    else if (value.rest.length >= 6) strong.add(`a ${value.rest}`);
  }
  for (const { value } of facts.companies) companyKeys(value, facts.places, places, strong, near, wide);
  for (const { value } of facts.persons) {
    const sound = sounds(value).join(' ');
    if (facts.company) strong.add(`o ${facts.company.id} ${sound}`);
    strong.add(`n ${value}`);
    wide.add(`s ${sound}`);
  }
  return { strong: hashes(strong), near: hashes(near), wide: hashes(wide) };
}

function companyKeys(
  name: CompanyName,
  around: ReadonlySet<string>,
  places: Places,
  strong: Set<string>,
  near: Set<string>,
  wide: Set<string>,
): void {
  const brand = sounds(name.brand);
  const trade = name.trades.join(' ');
  const where = name.places.size > 0 ? name.places : around;
  for (const code of where)
    for (const each of places.upwards(code)) strong.add(`p ${brand.join(' ')}|${trade}|${each}`);
  strong.add(`w ${name.whole}`);
  for (const each of [brand, ...(brand.length >= 3 ? shortened(brand) : [])]) {
    const text = each.join(' ');
    near.add(`f ${text}|${trade}`);
    wide.add(`b ${text}`);
  }
  // A trade that no list knows stands behind the brand.
  if (name.trades.length === 0)
    for (const cut of [2, 3, 4]) if (brand.length - cut >= 2) wide.add(`b ${brand.slice(0, -cut).join(' ')}`);
  near.add(`t ${brand.toSorted().join(' ')}|${trade}`);
  if (name.county !== '') wide.add(`b ${[...sounds(name.county), ...brand].join(' ')}`);
  // An error in the place makes it part of the brand.
  if (name.places.size === 0 && brand.length >= 4) wide.add(`b ${brand.slice(2).join(' ')}`);
  // One of two characters left out leaves no brand to look for.
  const whole = sounds(name.whole);
  const isPlain = brand.length > 2 && name.trades.length > 0 && name.places.size > 0;
  if (!isPlain && whole.length >= 5 && (name.whole !== name.core || name.places.size === 0))
    for (const each of [whole, ...shortened(whole)]) near.add(`x ${each.join(' ')}`);
  const core = sounds(name.core);
  if (core.length >= 4) for (const each of [core, ...shortened(core)]) near.add(`x ${each.join(' ')}`);
}

function sounds(text: string): string[] {
  return soundOf(text).slice(0, MOST_SYLLABLES).map(looseSound);
}

function shortened(syllables: readonly string[]): string[][] {
  return syllables.map((_, left) => syllables.toSpliced(left, 1));
}

function hashes(keys: ReadonlySet<string>): readonly number[] {
  return Array.from(keys, hashKey);
}
