import { readFileSync } from 'node:fs';
import type { CheckedFields, CheckKind } from '../../core/src/duplicates/checked-fields.ts';
import { factsOf, type Facts } from '../../core/src/duplicates/facts.ts';
import { placesOf, PLACE_DICTIONARIES } from '../../core/src/duplicates/places.ts';
import { recordKeys } from '../../core/src/duplicates/record-keys.ts';
import { scoreFacts, THRESHOLD } from '../../core/src/duplicates/score-facts.ts';
import type { FieldModel } from '../../core/src/model/model.ts';
import type { Company, Pair } from './pairs.ts';

type Document = Record<string, { label: { 'zh-CN': string; en: string }; parent?: string }>;

function dictionary(name: string) {
  if (!PLACE_DICTIONARIES.includes(name)) return [];
  const file = new URL(`../../metadata/dictionaries/${name}.json`, import.meta.url);
  const { values } = JSON.parse(readFileSync(file, 'utf8')) as { values: Document };
  return Object.entries(values).map(([code, { label, parent }]) => ({ code, label, parent: parent ?? null }));
}

/** The places of the shipped dictionaries. */
export const PLACES = placesOf({
  values: (name) =>
    dictionary(name).map((value) => ({
      ...value,
      sort: 0,
      active: true,
      color: null,
      data: {},
      isSystem: true,
    })),
  value: () => undefined,
  descendants: () => [],
  revision: () => 1,
});

const field = (name: string, kind: CheckKind): { field: FieldModel; kind: CheckKind } => ({
  field: { name } as FieldModel,
  kind,
});
const FIELDS: CheckedFields = {
  entity: {} as CheckedFields['entity'],
  checked: [field('name', 'company-name'), field('phone', 'phone'), field('address', 'address')],
  places: [],
  company: null,
};

function facts(company: Company): Facts {
  return factsOf(FIELDS, { values: { ...company }, companyName: null }, PLACES);
}

/** The verdict of the API over a base of one record: found by a key, and scored at least the threshold. */
export function isFound({ stored, typed }: Pair): {
  readonly found: boolean;
  readonly score: number;
  readonly met: boolean;
} {
  const [mine, theirs] = [facts(typed), facts(stored)];
  const keys = (of: Facts): Set<number> => {
    const { strong, near, wide } = recordKeys(of, PLACES);
    return new Set([...strong, ...near, ...wide]);
  };
  const [asked, kept] = [keys(mine), keys(theirs)];
  const met = [...asked].some((key) => kept.has(key));
  const { score } = scoreFacts(mine, theirs, PLACES);
  return { found: met && score >= THRESHOLD, score, met };
}

export interface Verdict {
  readonly recall: number;
  readonly precision: number;
  readonly missed: readonly Pair[];
  readonly wrong: readonly Pair[];
}

/** Recall and precision over pairs. */
export function judge(pairs: readonly Pair[]): Verdict {
  const found = pairs.filter((pair) => isFound(pair).found);
  const right = found.filter((pair) => pair.same);
  return {
    recall: right.length / pairs.filter((pair) => pair.same).length,
    precision: found.length === 0 ? 0 : right.length / found.length,
    missed: pairs.filter((pair) => pair.same && !found.includes(pair)),
    wrong: found.filter((pair) => !pair.same),
  };
}
