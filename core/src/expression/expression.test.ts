import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CASE_COLUMNS, CASE_NOW, CASE_USER, CASE_ZONE, EXPRESSION_CASES } from './cases.ts';
import { FUNCTIONS } from './functions.ts';
import {
  checkExpression,
  compileSql,
  compileSqlCondition,
  evaluateExpression,
  ExpressionError,
  parseExpression,
  toExpressionType,
  type SqlScope,
  type TypeScope,
  type ValueScope,
} from './index.ts';

const types: TypeScope = { field: (path) => CASE_COLUMNS[path.join('.')]?.type };
const values = (record: Readonly<Record<string, unknown>>): ValueScope => ({
  field: (path) => record[path.join('.')],
  now: CASE_NOW,
  timeZone: CASE_ZONE,
  user: CASE_USER,
});
const run = (text: string, record: Readonly<Record<string, unknown>> = {}): unknown =>
  evaluateExpression(checkExpression(parseExpression(text), types), values(record));

function fault(action: () => unknown): ExpressionError {
  try {
    action();
  } catch (error) {
    if (error instanceof ExpressionError) return error;
    throw error;
  }
  throw new Error('no ExpressionError was thrown');
}
const checkFault = (text: string): ExpressionError =>
  fault(() => checkExpression(parseExpression(text), types));

describe('evaluateExpression', () => {
  it.each(EXPRESSION_CASES)('ENG-05 $title is $expected', ({ expression, record, expected }) => {
    expect(run(expression, record)).toEqual(expected);
  });

  it('takes values as they come when nobody checked the expression', () => {
    const unchecked = (text: string, record: Readonly<Record<string, unknown>>): unknown =>
      evaluateExpression(parseExpression(text), values(record));
    expect(unchecked('amount * 2 > 2', { amount: '1.50' })).toBe(true);
    expect(unchecked("kind == 'service' && staff > 50", { kind: 'service', staff: 51 })).toBe(true);
    expect(unchecked('missing.field == null', {})).toBe(true);
  });

  it('reads the previous value through old', () => {
    expect(run('old.name != name', { 'old.name': 'a', name: 'b' })).toBe(true);
  });

  it('asks the caller whether a value lies under another, with the path of the field', () => {
    const asked: unknown[] = [];
    const scope: ValueScope = {
      ...values({ city: '510100' }),
      functions: {
        under: (...args) => {
          asked.push(args);
          return true;
        },
      },
    };
    const checked = checkExpression(parseExpression("under(city, '510000')"), types);
    expect(evaluateExpression(checked, scope)).toBe(true);
    expect(asked).toEqual([['510100', '510000', 'city']]);
    expect(evaluateExpression(checked, { ...scope, field: () => null })).toBe(false);
  });

  it('calls a declared function of the caller with plain values and refuses an undeclared one', () => {
    const withTax: TypeScope = { ...types, functions: { tax: 'decimal' } };
    const checked = checkExpression(parseExpression('tax(amount + 1) * 2'), withTax);
    const scope = { ...values({ amount: '1.50' }), functions: { tax: (x: unknown) => `${String(x)}1` } };
    expect(evaluateExpression(checked, scope)).toBe('5.02');
    expect(fault(() => evaluateExpression(checked, values({}))).code).toBe('function-missing');
    expect(checkFault('tax(amount)').code).toBe('unknown-function');
    expect(checkFault('toString(amount)').code).toBe('unknown-function');
  });

  it('makes the normalised key of a company name', () => {
    expect(run('companyKey(name)', { name: '四川华西（集团）有限公司' })).toBe('华西');
    expect(run('companyKey(name)')).toBe(null);
    expect(run("including(tags, 'b')", { tags: ['a'] })).toEqual(['a', 'b']);
    expect(run("including(tags, 'a')", { tags: ['a'] })).toEqual(['a']);
    expect(run("including(tags, 'a')")).toEqual(['a']);
    expect(run("excluding(tags, 'a')", { tags: ['a', 'b'] })).toEqual(['b']);
    expect(run("excluding(tags, 'a')")).toBe(null);
  });

  it('takes what does not fit the declared type as null', () => {
    expect(run('count == null', { count: 'seven' })).toBe(true);
    expect(run('signed == null', { signed: '2026-02-30' })).toBe(true);
    expect(run('flag == null', { flag: 'true' })).toBe(true);
    expect(run('size(tags)', { tags: 'a' })).toBe(0);
  });
});

describe('parseExpression', () => {
  it('gives one frozen expression for one text', () => {
    const parsed = parseExpression('count + 1');
    expect(parseExpression('count + 1')).toBe(parsed);
    expect(Object.isFrozen(parsed) && Object.isFrozen(parsed.ast)).toBe(true);
    expect(parsed.text).toBe('count + 1');
  });

  it.each([
    ['', 'empty', 0],
    ['  ', 'empty', 0],
    ['count +', 'incomplete', 7],
    ['(count', 'incomplete', 6],
    ['count count', 'syntax', 6],
    ['count == 中文', 'syntax', 9],
    ["'abc", 'text', 0],
    ["'\\q'", 'text', 1],
    ["'\\u0000'", 'text', 0],
    ['1e5', 'number', 0],
    ['1 + 12345678901234567890123456789012345678901234567890', 'number', 4],
    ['5u', 'unsupported', 0],
    ["b'a'", 'unsupported', 0],
    ['{"a": 1}', 'unsupported', 0],
    ['tags[0]', 'unsupported', 0],
    ['lower(name).length', 'unsupported', 12],
    ['tags.all(x, x == 1)', 'macro', 0],
    ['1 == 2 || tags.exists(x, x == 1)', 'macro', 10],
    ['tags.map(x, x)', 'macro', 0],
    ['tags.map(1, x)', 'macro', 9],
    ['has(user.name)', 'macro', 0],
    ['if == 1', 'reserved', 0],
  ] as const)('NF-SEC-04 refuses %j as “%s” at %i', (text, code, position) => {
    const error = fault(() => parseExpression(text));
    expect({ code: error.code, position: error.position }).toEqual({ code, position });
    expect(error.text.en).not.toMatch(/\{\w+\}|undefined/);
    expect(error.text['zh-CN']).not.toMatch(/\{\w+\}|undefined/);
  });

  it('NF-SEC-04 bounds length, nesting and size', () => {
    expect(fault(() => parseExpression(`'${'a'.repeat(4000)}'`)).code).toBe('too-long');
    expect(fault(() => parseExpression('('.repeat(500) + '1' + ')'.repeat(500))).code).toBe('too-deep');
    expect(fault(() => parseExpression(`${'!'.repeat(3000)}true`)).code).toBe('too-deep');
    expect(fault(() => parseExpression(Array(1000).fill('1').join('+'))).code).toBe('too-deep');
  });
});

describe('checkExpression', () => {
  it.each([
    ['count + 1', 'int'],
    ['count + amount', 'decimal'],
    ['count / 1', 'decimal'],
    ["name + 'a'", 'string'],
    ['count > 1', 'bool'],
    ['today()', 'date'],
    ['now()', 'datetime'],
    ['tags', 'list<string>'],
    ['null', 'null'],
    ['flag ? null : amount', 'decimal'],
    ['coalesce(count, 1.5)', 'decimal'],
    ['round(amount, 2)', 'decimal'],
    ['round(amount)', 'int'],
    ['old.amount', 'decimal'],
  ])('%s is %s', (text, type) => {
    expect(checkExpression(parseExpression(text), types).type).toBe(type);
  });

  it('lists the fields read, each once', () => {
    const scope: TypeScope = { field: (path) => (path.at(-1) === 'nothing' ? undefined : 'int') };
    const text = 'amount + old.amount + customer.credit + amount + user.size';
    expect(checkExpression(parseExpression(text), scope).reads).toEqual([
      'amount',
      'old.amount',
      'customer.credit',
      'user.size',
    ]);
    expect(checkExpression(parseExpression('user.id == null'), scope).reads).toEqual([]);
  });

  it.each([
    ['nmae == null', 'unknown-field', 0],
    ['count + customer.name', 'unknown-field', 8],
    ['old.nmae == null', 'unknown-field', 0],
    ['user.password == null', 'unknown-field', 0],
    ['user.toString == null', 'unknown-field', 0],
    ["count + 'a'", 'type', 0],
    ['count % amount', 'type', 8],
    ['1 && true', 'type', 0],
    ['!name', 'type', 1],
    ["count == 'a'", 'mismatch', 0],
    ['count < name', 'mismatch', 0],
    ['flag < true', 'type', 0],
    ['tags == name', 'mismatch', 0],
    ['count in tags', 'mismatch', 0],
    ["name in 'abc'", 'type', 8],
    ["name in ['a', 1]", 'mismatch', 0],
    ['signed < created', 'mismatch', 0],
    ["signed == '2026-02-30'", 'date-text', 0],
    ["flag ? 1 : 'a'", 'mismatch', 0],
    ['lower(count)', 'type', 6],
    ['lower()', 'arguments', 0],
    ['lower(name, name)', 'arguments', 0],
    ['min(signed, 1)', 'mismatch', 0],
    ['round(amount, count)', 'constant', 14],
    ['round(amount, 50)', 'constant', 14],
    ['matches(name, name)', 'unknown-function', 0],
    ['size([1, 2])', 'list-place', 5],
    ['under(lower(name), name)', 'type', 6],
    ['under(city, name)', 'constant', 12],
    ['addDays(signed, 1.5)', 'type', 16],
  ] as const)('ENG-05 refuses %s as “%s” at %i', (text, code, position) => {
    const error = checkFault(text);
    expect({ code: error.code, position: error.position }).toEqual({ code, position });
    expect(error.text.en).not.toMatch(/\{\w+\}|undefined/);
    expect(error.text['zh-CN']).not.toMatch(/\{\w+\}|undefined/);
  });

  it('says in both languages what is wrong', () => {
    expect(checkFault("count + 'a'").text).toEqual({
      'zh-CN': '“+”的第 1 个值应为文字,实际是整数。',
      en: 'Value 1 of “+” must be a text, not an integer.',
    });
    expect(checkFault('tags == name').text).toEqual({
      'zh-CN': '“==”两边的类型不同:列表与文字。',
      en: '“==” needs values of one type, not a list and a text.',
    });
    expect(fault(() => parseExpression('\u{1f600}')).text['zh-CN']).toBe('语法错误:不应出现“\u{1f600}”。');
  });

  it('reads the names of types that field types give', () => {
    expect(['int', 'list<string>', 'map', 'list<map>', 'constructor'].map(toExpressionType)).toEqual([
      'int',
      'list<string>',
      'any',
      'list<any>',
      'any',
    ]);
  });
});

describe('compileSql', () => {
  const scope = (bound: string[] = []): SqlScope => ({
    column(path) {
      const column = CASE_COLUMNS[path.join('.')];
      return column && { sql: `"${path.join('.')}"`, type: column.type };
    },
    bind: (value) => `$${bound.push(value)}`,
    today: '2026-11-22',
    now: CASE_NOW.toISOString(),
    timeZone: CASE_ZONE,
    user: CASE_USER,
    under: (sql, type, code, path) => `${sql} under ${type} ${code} ${path}`,
  });
  const condition = (text: string): string => compileSqlCondition(parseExpression(text), scope());

  it('NF-SEC-04 puts every text into a parameter', () => {
    const bound: string[] = [];
    const sql = compileSql(
      parseExpression("name == '\\'; drop table x' || name.contains(\"it's\")"),
      scope(bound),
    );
    expect(sql).not.toMatch(/'|drop/);
    expect(bound).toEqual(["'; drop table x", "it's"]);
  });

  it('leaves comparisons of a WHERE bare, so that they can use an index', () => {
    expect(condition("name == 'a' && count > 5")).toBe('(("name" = $1::text) and ("count" > 5))');
    expect(condition('!(count > 5)')).toBe('(not coalesce(("count" > 5), false))');
    expect(condition("name in ['a', 'b'] || 'x' in tags")).toBe(
      '(("name" in ($1::text, $2::text)) or ($3::text = any("tags")))',
    );
    expect(condition('flag')).toBe('"flag"');
  });

  it('compares a uuid column as a uuid when the other side is one', () => {
    const uuids: SqlScope = {
      ...scope(),
      column: () => ({ sql: 'c."owner"', type: 'string', storage: 'uuid' }),
    };
    expect(compileSqlCondition(parseExpression('owner == user.id'), uuids)).toBe('(c."owner" = $1::uuid)');
    expect(compileSqlCondition(parseExpression("owner == 'x'"), uuids)).toBe(
      '((c."owner")::text = $2::text)',
    );
  });

  it('gives the tree test to the caller', () => {
    expect(condition("under(city, '51')")).toBe('("city" under string 51 city)');
  });

  it.each([
    ['companyKey(name) == null', 'not-in-sql', 0],
    ["size(excluding(tags, 'a')) == 0", 'not-in-sql', 5],
    ['flag && companyKey(name) == null', 'not-in-sql', 8],
    ['details == name', 'field-not-in-sql', 0],
    ['flag || size(details) > 0', 'field-not-in-sql', 13],
    ['flag || old.name == null', 'field-not-in-sql', 8],
    ['nmae == null', 'unknown-field', 0],
  ] as const)('refuses %s as “%s” at %i', (text, code, position) => {
    const error = fault(() => compileSql(parseExpression(text), scope()));
    expect({ code: error.code, position: error.position }).toEqual({ code, position });
  });

  it('refuses a condition that is no boolean, and a tree test nobody implements', () => {
    expect(fault(() => condition('count + 1')).code).toBe('type');
    const { under: _, ...bare } = scope();
    expect(fault(() => compileSql(parseExpression("under(city, '51')"), bare)).code).toBe('not-in-sql');
  });
});

describe('docs/expressions.md', () => {
  const guide = readFileSync(new URL('../../../docs/expressions.md', import.meta.url), 'utf8');

  it('shows only examples that can be read', () => {
    const examples = [...guide.matchAll(/```cel\n([^`]+)```/g)].flatMap((block) =>
      (block[1] as string).trim().split('\n'),
    );
    expect(examples.length).toBeGreaterThan(5);
    for (const example of examples) expect(parseExpression(example).text).toBe(example);
  });

  it('names every function of the language and no other', () => {
    const table = guide.slice(guide.indexOf('## Functions'), guide.indexOf('Plugins may add'));
    const rows = table.split('\n').filter((line) => line.startsWith('| `'));
    const named = rows.flatMap((row) =>
      [...(row.split('|')[1] as string).matchAll(/`(\w+)\(/g)].map((match) => match[1]),
    );
    expect([...new Set(named)].sort()).toEqual(
      [...FUNCTIONS.keys()].filter((name) => /^\w{3,}/.test(name)).sort(),
    );
  });
});

describe('the package entry', () => {
  it('imports nothing that a browser lacks', () => {
    const folder = new URL('.', import.meta.url);
    const sources = globSync('**/*.ts', { cwd: folder }).filter((file) => !file.endsWith('.test.ts'));
    const imports = sources.flatMap((file) =>
      [
        ...readFileSync(new URL(file, folder), 'utf8').matchAll(
          /^(?:import|export)\b[^;]*? from '([^.'][^']*)'/gm,
        ),
      ].map((match) => match[1]),
    );
    expect([...new Set(imports)].sort()).toEqual(['@marcbachmann/cel-js', 'big.js']);
  });
});
