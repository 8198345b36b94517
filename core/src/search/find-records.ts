import type { Context } from '../context/context.ts';
import type { EntityModel } from '../model/model.ts';
import { entityOf } from '../records/entity-of.ts';
import type { Records } from '../records/records.ts';
import type { Database } from '../store/database.ts';
import { locate } from './locate.ts';
import { matchingRecords, type Alternative, type Match } from './matching-records.ts';
import { nearMissScore } from './near-miss-score.ts';
import { faultyWaysOf, waysOf, wordsOf, type Way } from './question-words.ts';
import type { SearchGroup, SearchHit, SearchQuestion } from './search.ts';
import { searchedEntities, type SearchedFields } from './searched-fields.ts';

export interface FindOptions {
  readonly db: Database;
  readonly records: Pick<Records, 'list'>;
}

const MOST_ALTERNATIVES = 24;
/** Candidates of one entity that are compared when nothing fits as it was typed. */
const NEAR_MISSES = 40;

/** @see Search.find */
export async function findRecords(
  { db, records }: FindOptions,
  context: Context,
  { text, limit, entities }: SearchQuestion,
): Promise<readonly SearchGroup[]> {
  const wanted = entities && new Set(entities.map((name) => entityOf(context, name).name));
  const searched = [...searchedEntities(context.model).values()].filter(({ entity }) => {
    const access = context.access.entity(entity);
    return (!wanted || wanted.has(entity.name)) && (access.may('query') || access.may('read'));
  });
  const words = wordsOf(text);
  const found = await matchingRecords(db, context, searched, alternativesOf(words), limit + 1);
  if (found.length > 0) {
    const score = (match: Match): number => match.weight / 100;
    return await present(records, context, searched, found, { words, limit, score });
  }
  const joined = words.join('');
  const faulty = faultyWaysOf(joined).map(({ parts }) => ({ parts, patterns: ['%'], weight: 40 }));
  const near = await matchingRecords(db, context, searched, faulty, NEAR_MISSES);
  const nearness = nearMissScore(joined);
  const score = (_: Match, value: string): number => nearness(value) * 0.5;
  return await present(records, context, searched, near, { words: [joined], limit, score });
}

/** The words as one, and each by itself somewhere in the value. */
function alternativesOf(words: readonly string[]): readonly Alternative[] {
  const single = waysOf(words.join(''));
  const all = single.map(({ parts, pattern, weight }) => ({ parts, patterns: [pattern], weight }));
  if (words.length < 2) return all;
  let combined: readonly Alternative[] = [{ parts: [], patterns: [], weight: 75 }];
  for (const word of words) {
    const ways = anywhere(waysOf(word));
    combined = combined
      .flatMap((before) =>
        ways.map((way) => ({
          parts: [...before.parts, ...way.parts],
          patterns: [...before.patterns, way.pattern],
          weight: Math.min(before.weight, way.weight - 5),
        })),
      )
      .slice(0, MOST_ALTERNATIVES);
  }
  return [...all, ...combined];
}

/** Without those at the beginning, unless a word is too short for others. */
function anywhere(ways: readonly Way[]): readonly Way[] {
  const inside = ways.filter(({ pattern }) => pattern.startsWith('%') && !pattern.startsWith('%\n'));
  return inside.length > 0 ? inside : ways;
}

interface Presentation {
  readonly words: readonly string[];
  readonly limit: number;
  readonly score: (match: Match, value: string) => number;
}

/** Reads the found values through the gate, and groups them: the entity with the best hit first. */
async function present(
  records: Pick<Records, 'list'>,
  context: Context,
  searched: readonly SearchedFields[],
  matches: readonly Match[],
  presentation: Presentation,
): Promise<readonly SearchGroup[]> {
  const groups = await Promise.all(
    searched.map(async ({ entity }) => {
      const own = matches.filter((match) => match.entity === entity.name);
      return own.length === 0 ? null : await groupOf(records, context, entity, own, presentation);
    }),
  );
  const best = (group: SearchGroup): number => group.items[0]?.score ?? 0;
  return groups
    .filter((group) => group !== null && group.items.length > 0)
    .map((group) => group as SearchGroup)
    .sort((a, b) => best(b) - best(a));
}

async function groupOf(
  records: Pick<Records, 'list'>,
  context: Context,
  entity: EntityModel,
  matches: readonly Match[],
  { words, limit, score }: Presentation,
): Promise<SearchGroup> {
  const { items } = await records.list(context, entity.name, {
    filter: { id: { $in: matches.map(({ id }) => id) } },
    fields: [...new Set([entity.display, ...matches.map(({ field }) => field)])],
    display: true,
    limit: matches.length,
    count: 'none',
  });
  const byId = new Map(items.map((item) => [String(item['id']), item]));
  const hits = matches.flatMap((match): SearchHit[] => {
    const item = byId.get(match.id);
    const field = entity.fields.get(match.field);
    const value = asText(item?.[match.field]);
    if (!item || !field || value === null) return [];
    const points = score(match, value);
    if (points <= 0) return [];
    const display = asText(item[`${entity.display}$display`] ?? item[entity.display]);
    const label = { field: match.field, fieldLabel: field.label };
    return [{ id: match.id, display, score: points, ...label, ...locate(value, [words.join(''), ...words]) }];
  });
  const ordered = hits.toSorted((a, b) => b.score - a.score);
  return {
    entity: entity.name,
    label: entity.label,
    items: ordered.slice(0, limit),
    more: ordered.length > limit,
  };
}

function asText(value: unknown): string | null {
  if (Array.isArray(value)) return value.join(' ');
  return typeof value === 'string' ? value : null;
}
