import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Database } from '../store/database.ts';
import { describeEngines } from '../testing/databases.ts';
import { CASE_COLUMNS, CASE_NOW, CASE_USER, CASE_ZONE, EXPRESSION_CASES } from './cases.ts';
import {
  checkExpression,
  compileSql,
  compileSqlCondition,
  evaluateExpression,
  parseExpression,
  type SqlScope,
} from './index.ts';

type Rec = Readonly<Record<string, unknown>>;
interface Answer {
  readonly value: unknown;
  /** Did a WHERE with the expression find the row? Null where it is no condition. */
  readonly found: boolean | null;
}

const types = { field: (path: readonly string[]) => CASE_COLUMNS[path.join('.')]?.type };

function inJavaScript(text: string, record: Rec): Answer {
  const checked = checkExpression(parseExpression(text), types);
  const value = evaluateExpression(checked, {
    field: (path) => record[path.join('.')],
    now: CASE_NOW,
    timeZone: CASE_ZONE,
    user: CASE_USER,
  });
  return { value, found: checked.type === 'bool' ? value === true : null };
}

/** Answers the expression over a one-row query whose columns have the declared SQL types. */
async function inSql(db: Database, text: string, record: Rec): Promise<Answer> {
  const values: unknown[] = Object.entries(CASE_COLUMNS).map(([name, column]) => {
    const value = record[name] ?? null;
    return column.sql === 'jsonb' && value !== null ? JSON.stringify(value) : value;
  });
  const scope: SqlScope = {
    column(path) {
      const column = CASE_COLUMNS[path.join('.')];
      if (!column) return undefined;
      const known = { sql: `"${path.join('.')}"`, type: column.type };
      return column.sql === 'uuid' || column.sql === 'uuid[]' ? { ...known, storage: column.sql } : known;
    },
    bind: (value) => `$${values.push(value)}`,
    today: '2026-11-22',
    now: CASE_NOW.toISOString(),
    timeZone: CASE_ZONE,
    user: CASE_USER,
  };
  const expression = parseExpression(text);
  const { type } = checkExpression(expression, types);
  const columns = Object.entries(CASE_COLUMNS).map(
    ([name, column], i) => `$${i + 1}::${column.sql} as "${name}"`,
  );
  const value = compileSql(expression, scope);
  const found =
    type === 'bool'
      ? `exists (select 1 from r as s where ${compileSqlCondition(expression, scope)})`
      : 'null';
  const [row] = await db.query({
    text: `with r as (select ${columns.join(', ')}) select ${value} as value, ${found} as found from r`,
    values,
  });
  const raw = row?.['value'] ?? null;
  const api =
    type === 'int' && raw !== null
      ? Number(raw)
      : type === 'datetime' && typeof raw === 'string'
        ? new Date(raw).toISOString()
        : raw;
  return { value: api, found: (row?.['found'] as boolean | null | undefined) ?? null };
}

const number = fc.oneof(
  fc.constantFrom('0', '1', '2', '3', '7', '10', '0.1', '1.005', '2.5', '1000000007', '9007199254740991'),
  fc.constantFrom('count', 'other', 'amount', 'rate'),
);
const integer = fc.constantFrom(
  '0',
  '1',
  '2',
  '-7',
  '2147483647',
  'count',
  'other',
  'size(name)',
  'size(tags)',
  'month(signed)',
  'daysBetween(signed, due)',
  'year(created)',
);
const text = fc.constantFrom(
  "'a'",
  "'B'",
  "''",
  "'客户'",
  "'12.50'",
  'name',
  'city',
  'string(amount)',
  'string(count)',
  'string(flag)',
  'string(created)',
);
const day = fc.constantFrom('signed', 'due', 'today()', 'date(created)', "date('2024-02-29')");
const parts = (f: string, ...args: fc.Arbitrary<string>[]): fc.Arbitrary<string> =>
  fc
    .tuple(...args)
    .map((given) => given.reduce((written, arg, i) => written.replaceAll(`$${i + 1}`, arg), f));
const sign = fc.constantFrom('==', '!=', '<', '<=', '>', '>=');
const compared = (side: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  parts('($1 $2 $3)', side, sign, fc.oneof(side, fc.constant('null')));

/** Random expressions of every kind; depth is bounded, so that the numbers stay readable in a failure. */
const { numeric, truth, textual, date } = fc.letrec<{
  numeric: string;
  whole: string;
  truth: string;
  textual: string;
  date: string;
}>((tie) => ({
  whole: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    integer,
    parts('($1 % $2)', tie('whole'), tie('whole')),
    parts('int($1)', tie('numeric')),
    parts('int($1)', tie('textual')),
    parts('($1 - $2)', tie('whole'), tie('whole')),
    parts('size($1)', tie('textual')),
  ),
  numeric: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    number,
    fc
      .tuple(tie('numeric'), fc.constantFrom('+', '-', '*', '/', '/'), tie('numeric'))
      .map(([a, sign, b]) => `(${a} ${sign} ${b})`),
    tie('whole'),
    parts('-$1', tie('numeric')),
    parts('abs($1)', tie('numeric')),
    parts('round($1, $2)', tie('numeric'), fc.constantFrom('-2', '0', '1', '5')),
    parts('min($1, $2)', tie('numeric'), tie('numeric')),
    parts('max($1, $2)', tie('numeric'), tie('numeric')),
    parts('coalesce($1, $2)', tie('numeric'), tie('numeric')),
    parts('($1 ? $2 : $3)', tie('truth'), tie('numeric'), tie('numeric')),
    parts('decimal($1)', tie('textual')),
  ),
  truth: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.constantFrom(
      'flag',
      'true',
      'false',
      "('a' in tags)",
      '(name in tags)',
      '(count in scores)',
      '(owner == user.id)',
      '(owner in [user.id, name])',
    ),
    compared(tie('numeric')),
    compared(tie('textual')),
    compared(tie('date')),
    parts('($1 in [$2, $3, null])', tie('textual'), tie('textual'), tie('textual')),
    parts('($1 in [$2, 7])', tie('numeric'), tie('numeric')),
    parts('($1 == $2)', tie('truth'), tie('truth')),
    parts('!$1', tie('truth')),
    parts('($1 && $2)', tie('truth'), tie('truth')),
    parts('($1 || $2)', tie('truth'), tie('truth')),
    parts('($1 ? $2 : $3)', tie('truth'), tie('truth'), tie('truth')),
    parts('contains($1, $2)', tie('textual'), tie('textual')),
    parts('startsWith($1, $2)', tie('textual'), tie('textual')),
    parts('endsWith($1, $2)', tie('textual'), tie('textual')),
  ),
  textual: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    text,
    parts('($1 + $2)', tie('textual'), tie('textual')),
    parts('lower($1)', tie('textual')),
    parts('upper($1)', tie('textual')),
    parts('trim($1)', tie('textual')),
    parts('string($1)', tie('numeric')),
    parts('coalesce($1, $2)', tie('textual'), tie('textual')),
  ),
  date: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    day,
    parts('addDays($1, $2)', tie('date'), tie('whole')),
    parts('max($1, $2)', tie('date'), tie('date')),
    parts('coalesce($1, $2)', tie('date'), tie('date')),
  ),
}));

const maybe = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(arbitrary, { freq: 3 });
const words = fc.constantFrom(
  '',
  'a',
  'A',
  'ab',
  'b',
  '客户',
  '\u{1f600}',
  '\uffee',
  ' x\u3000',
  'it\'s "%_\\',
  '12.50',
  '-7',
  'ÄÖß',
);
const decimals = (places: number): fc.Arbitrary<string> =>
  fc.tuple(fc.bigInt(-(10n ** 9n), 10n ** 9n), fc.integer({ min: 0, max: places })).map(([digits, scale]) => {
    const written = (digits < 0n ? -digits : digits).toString().padStart(scale + 1, '0');
    const point = written.length - scale;
    return `${digits < 0n ? '-' : ''}${written.slice(0, point)}${scale > 0 ? '.' : ''}${written.slice(point)}`;
  });
const dates = fc.constantFrom('2024-02-29', '2026-11-22', '2025-12-31', '0001-01-01', '9999-12-31');
const record: fc.Arbitrary<Rec> = fc.record({
  count: maybe(fc.oneof(fc.integer({ min: -10, max: 10 }), fc.constantFrom(2147483647, -2147483648))),
  other: maybe(fc.maxSafeInteger()),
  amount: maybe(decimals(2)),
  rate: maybe(decimals(25)),
  name: maybe(words),
  city: maybe(words),
  flag: maybe(fc.boolean()),
  signed: maybe(dates),
  due: maybe(dates),
  created: maybe(fc.constantFrom('2026-01-31T20:00:00.000Z', '1999-12-31T15:59:59.999Z')),
  tags: maybe(fc.array(words, { maxLength: 3 })),
  scores: maybe(fc.array(fc.integer({ min: -10, max: 10 }), { maxLength: 3 })),
  owner: maybe(fc.constantFrom(CASE_USER.id, '018f0000-0000-7000-8000-000000000009')),
});

describeEngines('an expression in SQL', (open, engine) => {
  let database: Promise<Database> | null = null;
  const db = (): Promise<Database> => (database ??= open());

  it.each(EXPRESSION_CASES)('ENG-05 $title is $expected', async ({ expression, record: given, expected }) => {
    const isCondition = checkExpression(parseExpression(expression), types).type === 'bool';
    expect(await inSql(await db(), expression, given ?? {})).toEqual({
      value: expected,
      found: isCondition ? expected === true : null,
    });
  });

  it('ENG-05 has the result of JavaScript, for any expression over any record with nulls', async () => {
    const handle = await db();
    await fc.assert(
      fc.asyncProperty(fc.oneof(numeric, truth, textual, date), record, async (expression, given) => {
        fc.pre(expression.length <= 4000);
        expect(await inSql(handle, expression, given)).toEqual(inJavaScript(expression, given));
      }),
      { numRuns: Number(process.env['EXPRESSION_RUNS'] ?? (engine === 'pglite' ? 150 : 300)) },
    );
  });

  it('NF-SEC-04 bears the longest and the deepest expression that is allowed', async () => {
    const handle = await db();
    for (const deepest of [
      Array(119).fill('count').join(' + '),
      Array(119).fill('count / 3').join(' && 1 < '),
      Array(50).fill('min(count, ').join('') + '1' + ')'.repeat(50),
      Array(110).fill('!').join('') + '(count == 1)',
      `name in [${Array.from({ length: 350 }, (_, i) => `'v${i}'`).join(', ')}]`,
      Array(50).fill("name == 'x' ? 'y' : (").join('') + 'name' + ')'.repeat(50),
    ]) {
      const text = deepest.replace(/^count \/ 3 && /, '1 < count / 3 && ');
      expect(await inSql(handle, text, { count: 3, name: 'v7' })).toEqual(
        inJavaScript(text, { count: 3, name: 'v7' }),
      );
    }
  });
});
