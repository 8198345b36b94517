import { addressSimilarity } from './address.ts';
import { companySimilarity, type Similarity } from './company-similarity.ts';
import { editDistance } from './edit-distance.ts';
import type { Fact, Facts } from './facts.ts';
import { samePhone } from './phone-number.ts';
import type { Places } from './places.ts';
import { looseSound, soundOf } from './sound.ts';

/** Why a record was found: `same` values, equal `sound`, or `similar` ones. */
export interface Reason {
  readonly field: string;
  readonly kind: 'same' | 'sound' | 'similar';
}

export interface Score {
  readonly score: number;
  readonly exact: boolean;
  readonly reasons: readonly Reason[];
}

/** Records from here on are told to the clerk (ENT-02). Held by `tests/duplicates`. */
export const THRESHOLD = 0.72;

const MOBILE = /^1\d{10}$/;

/**
 * How likely `candidate` is what `asked` describes, 0–1. Names decide; phone, address and code support or contradict
 * them. A contradiction in the names (other city, trade, branch, number) is not outweighed by a shared phone.
 */
export function scoreFacts(asked: Facts, candidate: Facts, places: Places): Score {
  const reasons: Reason[] = [];
  const code = equalFact(asked.codes, candidate.codes);
  const phone = equalPhone(asked, candidate);
  const address = bestAddress(asked, candidate);
  const name =
    asked.persons.length > 0 || (asked.company !== null && candidate.persons.length > 0)
      ? personScore(asked, candidate, phone?.value ?? null, places)
      : companyScore(asked, candidate, phone !== null, address?.value ?? 0, places);
  let { score, exact } = name;
  reasons.push(...name.reasons);
  if (code) {
    score = name.conflict ? Math.max(score, 0.75) : Math.max(score, 0.98);
    exact ||= !name.conflict;
    reasons.unshift({ field: code, kind: 'same' });
  } else if (otherCode(asked, candidate)) score *= 0.85;
  if (phone) reasons.push({ field: phone.field, kind: 'same' });
  if (address) reasons.push({ field: address.field, kind: address.value === 1 ? 'same' : 'similar' });
  return { score: Math.round(Math.min(1, score) * 100) / 100, exact, reasons };
}

interface NameScore extends Score {
  readonly conflict: boolean;
}

function companyScore(
  asked: Facts,
  candidate: Facts,
  phone: boolean,
  address: number,
  places: Places,
): NameScore {
  let best: { readonly field: string; readonly similarity: Similarity } | null = null;
  for (const mine of asked.companies)
    for (const theirs of candidate.companies) {
      const around = { a: asked.places, b: candidate.places };
      const similarity = companySimilarity(mine.value, theirs.value, places, around);
      if (!best || similarity.score > best.similarity.score) best = { field: theirs.field, similarity };
    }
  if (!best) {
    const score = phone ? 0.85 : address >= 0.8 ? 0.4 + address * 0.42 : 0;
    return { score, exact: false, reasons: [], conflict: false };
  }
  const { similarity, field } = best;
  const reasons = similarity.score >= 0.5 ? [{ field, kind: similarity.kind }] : [];
  if (similarity.conflict)
    return { score: Math.min(similarity.score, 0.6), exact: false, reasons, conflict: true };
  if (similarity.score < 0.5)
    return { score: phone ? 0.73 : similarity.score, exact: false, reasons, conflict: false };
  const doubt = (1 - similarity.score) * (phone ? 0.45 : 1) * (address > 0 ? 0.6 : 1);
  return { score: 1 - doubt, exact: similarity.exact, reasons, conflict: false };
}

/** CON-06: one person is known by the name within an enterprise, or by a number of his own. */
function personScore(asked: Facts, candidate: Facts, phone: string | null, places: Places): NameScore {
  const mine = asked.persons[0]?.value;
  const theirs = candidate.persons[0];
  const same = personSimilarity(mine, theirs?.value);
  const company = sameCompany(asked, candidate, places);
  const reasons: Reason[] =
    same > 0 && theirs ? [{ field: theirs.field, kind: same === 1 ? 'same' : 'sound' }] : [];
  const own = phone !== null && MOBILE.test(phone);
  const answer = (score: number, exact = false): NameScore => ({ score, exact, reasons, conflict: false });
  if (mine === undefined) return answer(phone === null ? 0 : own ? 0.85 : 0.73);
  if (same === 1) {
    if (phone !== null) return answer(0.97, company !== 'other');
    return answer({ same: 0.95, similar: 0.88, unknown: 0.76, other: 0.45 }[company], company === 'same');
  }
  if (same > 0) {
    if (phone !== null) return answer(0.86);
    return answer({ same: 0.8, similar: 0.73, unknown: 0.5, other: 0.3 }[company]);
  }
  return answer(own ? 0.74 : 0.3);
}

function personSimilarity(a: string | undefined, b: string | undefined): number {
  if (a === undefined || b === undefined) return 0;
  if (a === b) return 1;
  const [left, right] = [soundOf(a), soundOf(b)];
  const alike =
    left.length === right.length &&
    left.every((each, at) => looseSound(each) === looseSound(right[at] ?? ''));
  return alike ? 0.8 : 0;
}

function sameCompany(
  asked: Facts,
  candidate: Facts,
  places: Places,
): 'same' | 'similar' | 'unknown' | 'other' {
  if (!asked.company || !candidate.company) return 'unknown';
  if (asked.company.id === candidate.company.id) return 'same';
  if (!asked.company.name || !candidate.company.name) return 'other';
  const { score } = companySimilarity(asked.company.name, candidate.company.name, places);
  return score >= THRESHOLD ? 'similar' : 'other';
}

function equalFact(asked: readonly Fact<string>[], candidate: readonly Fact<string>[]): string | null {
  return candidate.find((theirs) => asked.some((mine) => mine.value === theirs.value))?.field ?? null;
}

/** Codes that differ in more than a typing error tell two enterprises apart. */
function otherCode(asked: Facts, candidate: Facts): boolean {
  if (asked.codes.length === 0 || candidate.codes.length === 0) return false;
  return asked.codes.every((mine) =>
    candidate.codes.every((theirs) => editDistance([...mine.value], [...theirs.value]) > 2),
  );
}

function equalPhone(asked: Facts, candidate: Facts): Fact<string> | null {
  for (const theirs of candidate.phones)
    if (asked.phones.some((mine) => samePhone(mine.value, theirs.value)))
      return { field: theirs.field, value: theirs.value.subscriber };
  return null;
}

function bestAddress(asked: Facts, candidate: Facts): Fact<number> | null {
  let best: Fact<number> | null = null;
  for (const theirs of candidate.addresses)
    for (const mine of asked.addresses) {
      const value = addressSimilarity(mine.value, theirs.value);
      if (value > (best?.value ?? 0)) best = { field: theirs.field, value };
    }
  return best;
}
