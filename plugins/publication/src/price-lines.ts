import { Decimal, type HookScope, type RecordData, refuse } from '@mortise/core/plugin';
import { issuesInTerm } from './issues-in-term.ts';
import { readDecimal, toCent } from './read-decimal.ts';
import { readTitles, requireActive, type Title } from './read-titles.ts';

/** A line to be priced: its publication, term and copies can be read. */
interface Candidate {
  readonly index: number;
  readonly line: RecordData;
  readonly stored: RecordData | null;
  readonly publication: string;
  readonly copies: number;
  /** The publication was chosen with this write, so it must take subscriptions. */
  readonly chosen: boolean;
}

/** Fields that, changed on a stored line, make what follows from them be calculated anew. */
const TERM = ['publication', 'start_date', 'end_date'];
const FACTORS = [...TERM, 'copies', 'issues', 'unit_price'];

/**
 * Prices the lines of a subscription (PUB-04): copies × issues × price of an issue. Issues follow from the cycle of
 * the title and the dates, the price from the title; both may be given, and so may an agreed amount. Complimentary
 * copies cost nothing. Lines nobody touched stay as they are; lines that cannot be read are left to validation.
 * @throws MRT_PLUGIN_REFUSED naming the line and the field
 */
export async function priceLines(
  lines: readonly RecordData[],
  stored: readonly RecordData[],
  nature: { readonly complimentary: boolean; readonly changed: boolean },
  scope: HookScope,
): Promise<readonly RecordData[]> {
  const before = new Map(stored.map((line) => [line['id'], line]));
  const candidates = lines.flatMap((line, index) =>
    candidate(line, before.get(line['id']) ?? null, index, nature.changed),
  );
  const titles = await readTitles(
    candidates.map((each) => each.publication),
    scope,
  );
  const price = nature.complimentary ? giveAway : charge;
  const priced = new Map(
    candidates.map((each) => {
      const title = titles.get(each.publication);
      return [
        each.index,
        price(each, each.chosen ? requireActive(title, pathOf(each, 'publication')) : title, nature.changed),
      ];
    }),
  );
  return lines.map((line, index) => priced.get(index) ?? line);
}

function candidate(line: RecordData, stored: RecordData | null, index: number, always: boolean): Candidate[] {
  const publication = line['publication'];
  const copies = line['copies'] ?? 1;
  if (typeof publication !== 'string' || typeof copies !== 'number' || !Number.isInteger(copies)) return [];
  if (readDecimal(line['unit_price']) === undefined || readDecimal(line['amount']) === undefined) return [];
  if (stored && !always && !differs(line, stored, [...FACTORS, 'amount'])) return [];
  return [
    {
      index,
      line,
      stored,
      publication,
      copies,
      chosen: stored === null || stored['publication'] !== publication,
    },
  ];
}

/** Complimentary copies: the issues are counted, the amount is nought. */
function giveAway(each: Candidate, title: Title | undefined, natureChanged: boolean): RecordData {
  const { line, stored, copies } = each;
  const typed = readDecimal(line['amount']);
  const given = stored === null || (!natureChanged && differs(line, stored, ['amount']));
  if (given && typed && !typed.eq(0)) {
    throw refuse(
      { 'zh-CN': '赠阅的金额为 0。', en: 'Complimentary copies cost nothing.' },
      pathOf(each, 'amount'),
    );
  }
  const issues = issuesOf(each, title);
  return {
    ...line,
    copies,
    issues,
    amount: '0.00',
    price_note: issues === null ? `赠阅 ${copies} 份` : `赠阅 ${issues} 期 × ${copies} 份`,
  };
}

function charge(each: Candidate, title: Title | undefined, natureChanged: boolean): RecordData {
  const { line, stored, copies } = each;
  const term = termOf(line);
  // Without a readable term there is nothing to count; the rule of the entity names the fault.
  if (term === 'unreadable') return line;
  const issues = issuesOf(each, title);
  if (issues === null) {
    throw refuse(
      {
        'zh-CN': '不定期刊物请填写期数。',
        en: 'Enter the number of issues; this title appears irregularly.',
      },
      pathOf(each, 'issues'),
    );
  }
  const typedPrice =
    stored && differs(line, stored, ['publication']) && !differs(line, stored, ['unit_price'])
      ? null
      : readDecimal(line['unit_price']);
  const price = typedPrice ?? title?.price ?? null;
  if (price === null) {
    throw refuse(
      { 'zh-CN': '刊物没有定价,请填写单价。', en: 'The title has no price; enter one.' },
      pathOf(each, 'unit_price'),
    );
  }
  const product = toCent(price.times(issues).times(copies));
  const agreed = agreedAmount(line, stored, natureChanged);
  const currency =
    (typedPrice ? line['unit_price_currency'] : null) ?? title?.currency ?? line['unit_price_currency'];
  return {
    ...line,
    copies,
    issues,
    unit_price: typedPrice ? line['unit_price'] : price.toFixed(2),
    unit_price_currency: currency,
    amount: agreed ? line['amount'] : product.toFixed(2),
    amount_currency: currency,
    price_note: noteOf(price, issues, copies, agreed && !agreed.eq(product) ? agreed : null),
  };
}

/** The number given, or counted from the title's cycle when the term is new or was changed. */
function issuesOf({ line, stored }: Candidate, title: Title | undefined): number | null {
  const given = typeof line['issues'] === 'number' ? line['issues'] : null;
  const outdated = stored !== null && differs(line, stored, TERM) && !differs(line, stored, ['issues']);
  if (given !== null && !outdated) return given;
  const term = termOf(line);
  const perYear = title?.issuesPerYear ?? null;
  return term === 'unreadable' || perYear === null ? null : issuesInTerm(perYear, term.start, term.end);
}

/** An amount somebody entered; a stored one counts no longer once a factor has changed. */
function agreedAmount(line: RecordData, stored: RecordData | null, natureChanged: boolean): Decimal | null {
  const amount = readDecimal(line['amount']) ?? null;
  if (amount === null || stored === null || differs(line, stored, ['amount'])) return amount;
  return natureChanged || differs(line, stored, FACTORS) ? null : amount;
}

function termOf(line: RecordData): { readonly start: string; readonly end: string } | 'unreadable' {
  const [start, end] = [line['start_date'], line['end_date']];
  if (typeof start !== 'string' || typeof end !== 'string') return 'unreadable';
  return issuesInTerm(24, start, end) === null ? 'unreadable' : { start, end };
}

/** `单价 10.00 × 24 期 × 2 份`. */
function noteOf(price: Decimal, issues: number, copies: number, agreed: Decimal | null): string {
  const note = `单价 ${price.toFixed(2)} × ${issues} 期 × ${copies} 份`;
  return agreed ? `${note},议定金额 ${agreed.toFixed(2)}` : note;
}

function pathOf(each: Candidate, field: string): string {
  return `/lines/${each.index}/${field}`;
}

function differs(line: RecordData, stored: RecordData, fields: readonly string[]): boolean {
  return fields.some((field) => {
    const [now, then] = [line[field] ?? null, stored[field] ?? null];
    if (now === then) return false;
    const [a, b] = [readDecimal(now), readDecimal(then)];
    return !(a && b && a.eq(b));
  });
}
