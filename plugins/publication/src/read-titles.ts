import { Decimal, type HookScope, type RecordData, refuse } from '@mortise/core/plugin';
import { type Cycle, issuesPerYear } from './issues-in-term.ts';
import { readDecimal, toCent } from './read-decimal.ts';

/** A publication title as a subscription needs it. */
export interface Title {
  readonly name: string;
  readonly active: boolean;
  /** Null for an irregular title: each subscription states its issues. */
  readonly issuesPerYear: number | null;
  /** Price of an issue; null when none was set. */
  readonly price: Decimal | null;
  readonly currency: unknown;
}

const FIELDS = [
  'code',
  'name',
  'cycle',
  'issues_per_year',
  'unit_price',
  'unit_price_currency',
  'year_price',
  'year_price_currency',
  'active',
];

/** The titles of these publications, by the publication's code. */
export async function readTitles(
  codes: readonly string[],
  scope: HookScope,
): Promise<ReadonlyMap<string, Title>> {
  const wanted = [...new Set(codes)];
  if (wanted.length === 0) return new Map();
  const { items } = await scope.records.list('publication_title', {
    filter: { code: { $in: wanted } },
    fields: FIELDS,
    limit: wanted.length,
    count: 'none',
  });
  return new Map(items.map((item) => [String(item['code']), titleOf(item)]));
}

function titleOf(item: RecordData): Title {
  const stated = typeof item['issues_per_year'] === 'number' ? item['issues_per_year'] : null;
  const perYear = issuesPerYear(item['cycle'] as Cycle, stated);
  const [single, year] = [readDecimal(item['unit_price']) ?? null, readDecimal(item['year_price']) ?? null];
  return {
    name: String(item['name']),
    active: item['active'] === true,
    issuesPerYear: perYear,
    price: single ?? (year && perYear ? toCent(year.div(perYear)) : null),
    currency: single ? item['unit_price_currency'] : item['year_price_currency'],
  };
}

/**
 * Only a title that is published can be subscribed to.
 * @throws MRT_PLUGIN_REFUSED at the line's publication
 */
export function requireActive(title: Title | undefined, at: string): Title {
  if (!title) {
    throw refuse(
      { 'zh-CN': '还没有建立这个刊别的刊物。', en: 'There is no title of this publication yet.' },
      at,
    );
  }
  if (!title.active) {
    throw refuse(
      {
        'zh-CN': `“${title.name}”已停刊,不接受订阅。`,
        en: `“${title.name}” takes no subscriptions any more.`,
      },
      at,
    );
  }
  return title;
}
