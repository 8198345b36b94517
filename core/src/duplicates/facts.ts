import { addressOf, type Address } from './address.ts';
import { LeastRecentlyUsed } from '../records/statement-cache.ts';
import type { CheckedFields } from './checked-fields.ts';
import { companyName, type CompanyName } from './company-name.ts';
import { phoneNumber, type PhoneNumber } from './phone-number.ts';
import { lettersOf, plainText } from './plain-text.ts';
import type { Places } from './places.ts';

/** A value of a checked field with the field's name. */
export interface Fact<T> {
  readonly field: string;
  readonly value: T;
}

/** All that is known of one record, or of what somebody is typing, for the comparison. */
export interface Facts {
  readonly companies: readonly Fact<CompanyName>[];
  /** Names of persons, plain letters. */
  readonly persons: readonly Fact<string>[];
  readonly phones: readonly Fact<PhoneNumber>[];
  readonly codes: readonly Fact<string>[];
  readonly addresses: readonly Fact<Address>[];
  /** Where the record is, by its place fields, otherwise by its address. */
  readonly places: ReadonlySet<string>;
  /** The enterprise of a person. */
  readonly company: { readonly id: string; readonly name: CompanyName | null } | null;
}

/** Texts by field name; `companyName` is the name of the enterprise referred to. */
export interface RawFacts {
  readonly values: Readonly<Record<string, string | null | undefined>>;
  readonly companyName: string | null;
}

/** Records whose facts are remembered by their texts: the latest are compared with every new one. */
const REMEMBERED = 2000;
const KNOWN = new WeakMap<CheckedFields, { places: Places; facts: LeastRecentlyUsed<Facts> }>();

/** Reads the checked fields of a record. */
export function factsOf(fields: CheckedFields, raw: RawFacts, places: Places): Facts {
  let known = KNOWN.get(fields);
  if (known?.places !== places)
    KNOWN.set(fields, (known = { places, facts: new LeastRecentlyUsed(REMEMBERED) }));
  const texts = JSON.stringify([raw.companyName, raw.values]);
  let facts = known.facts.get(texts);
  if (facts === undefined) known.facts.set(texts, (facts = readFacts(fields, raw, places)));
  return facts;
}

function readFacts(fields: CheckedFields, raw: RawFacts, places: Places): Facts {
  const of = <T>(
    kind: CheckedFields['checked'][number]['kind'],
    read: (text: string) => T | null,
  ): Fact<T>[] =>
    fields.checked.flatMap((each) => {
      const text = raw.values[each.field.name]?.trim();
      const value = each.kind === kind && text ? read(text) : null;
      return value === null ? [] : [{ field: each.field.name, value }];
    });
  const addresses = of('address', (text) => addressOf(text, places));
  const companyId = fields.company && raw.values[fields.company.field.name];
  return {
    companies: of('company-name', (text) => companyName(text, places)),
    persons: of('person-name', (text) => lettersOf(plainText(text)) || null),
    phones: of('phone', phoneNumber),
    codes: of('code', (text) => lettersOf(plainText(text)).toUpperCase() || null),
    addresses,
    places: whereabouts(fields, raw, addresses, places),
    company: companyId
      ? { id: companyId, name: raw.companyName ? companyName(raw.companyName, places) : null }
      : null,
  };
}

function whereabouts(
  fields: CheckedFields,
  raw: RawFacts,
  addresses: readonly Fact<Address>[],
  places: Places,
): ReadonlySet<string> {
  const codes = fields.places
    .map((field) => raw.values[field.name])
    .filter((code) => Boolean(code)) as string[];
  const named = codes.length > 0 ? codes : addresses.flatMap(({ value }) => [...value.places]);
  const deepest = Math.max(0, ...named.map((code) => places.depth(code)));
  return new Set(named.filter((code) => places.depth(code) === deepest));
}
