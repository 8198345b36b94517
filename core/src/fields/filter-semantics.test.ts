import { beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../store/database.ts';
import { describeEngines } from '../testing/databases.ts';
import { defOf, filterScope, ME, OTHER, THIRD } from './field-fixture.ts';
import { FilterValueError } from './field-type.ts';
import type { FieldDefinition, FilterOperator } from './field-type.ts';
import { fieldType } from './registry.ts';

/** Operator, filter value, and the indexes of the stored values that match. */
type Expectation = readonly [FilterOperator, unknown, readonly number[]];

interface Case {
  readonly def: FieldDefinition;
  /** API values as stored, one row each; null is a row without a value. */
  readonly stored: readonly unknown[];
  readonly expected: readonly Expectation[];
}

const CASES: readonly Case[] = [
  {
    def: defOf('text'),
    stored: ['abc', 'ABC', '50%_\\x', '茅台酒', null, "o'hara; --"],
    expected: [
      ['eq', 'abc', [0]],
      ['ne', 'abc', [1, 2, 3, 4, 5]],
      ['in', ['abc', '茅台酒'], [0, 3]],
      ['in', [], []],
      ['nin', ['abc'], [1, 2, 3, 4, 5]],
      ['nin', [], [0, 1, 2, 3, 4, 5]],
      ['null', true, [4]],
      ['null', false, [0, 1, 2, 3, 5]],
      ['contains', 'b', [0, 1]],
      ['contains', '%', [2]],
      ['contains', '_\\', [2]],
      ['contains', '台', [3]],
      ['startsWith', 'a', [0, 1]],
      ['startsWith', '5%', []],
      ['startsWith', '50%', [2]],
      ['contains', '', [0, 1, 2, 3, 5]],
      ['like', 'a%', [0]],
      ['ilike', 'a_c', [0, 1]],
      ['like', '50\\%%', [2]],
      ['eq', "o'hara; --", [5]],
      ['gt', 'abb', [0, 3, 5]],
    ],
  },
  {
    def: defOf('integer'),
    stored: [5, -3, 0, null],
    expected: [
      ['eq', 5, [0]],
      ['ne', 5, [1, 2, 3]],
      ['gt', -3, [0, 2]],
      ['gte', -3, [0, 1, 2]],
      ['lt', 0, [1]],
      ['lte', 0, [1, 2]],
      ['in', [0, 5, 9_000_000_000], [0, 2]],
      ['nin', [0], [0, 1, 3]],
      ['null', true, [3]],
      ['lt', 9_000_000_000, [0, 1, 2]],
    ],
  },
  {
    def: defOf('integer', { maximum: 9_000_000_000_000 }),
    stored: [9_000_000_000, null],
    expected: [
      ['eq', 9_000_000_000, [0]],
      ['gt', 1, [0]],
    ],
  },
  {
    def: defOf('money'),
    stored: ['500000.00', '12.50', '-0.01', null],
    expected: [
      ['gte', '500000', [0]],
      ['eq', '12.5', [1]],
      ['eq', 12.5, [1]],
      ['lt', '0', [2]],
      ['ne', '12.50', [0, 2, 3]],
      ['in', ['12.5', -0.01], [1, 2]],
      ['gt', '12.499999999', [0, 1]],
    ],
  },
  {
    def: defOf('boolean'),
    stored: [true, false, null],
    expected: [
      ['eq', true, [0]],
      ['ne', true, [1, 2]],
      ['in', [true, false], [0, 1]],
      ['nin', [false], [0, 2]],
      ['null', true, [2]],
    ],
  },
  {
    def: defOf('date'),
    stored: ['2026-11-21', '2026-11-20', '0001-01-01', '9999-12-31', null],
    expected: [
      ['eq', '$today', [0]],
      ['lt', '2026-11-21', [1, 2]],
      ['gte', '$today-1', [0, 1, 3]],
      ['in', ['0001-01-01'], [2]],
      ['ne', '2026-11-21', [1, 2, 3, 4]],
      ['nin', ['2026-11-21'], [1, 2, 3, 4]],
    ],
  },
  {
    def: defOf('datetime'),
    // 00:00 and 23:59:59.999 of 21 November in Shanghai, and the moments beside them.
    stored: [
      '2026-11-20T15:59:59.999Z',
      '2026-11-20T16:00:00.000Z',
      '2026-11-21T15:59:59.999Z',
      '2026-11-21T16:00:00.000Z',
      null,
    ],
    expected: [
      ['eq', '2026-11-21', [1, 2]],
      ['ne', '2026-11-21', [0, 3, 4]],
      ['gte', '$today', [1, 2, 3]],
      ['gt', '$today', [3]],
      ['lte', '2026-11-21', [0, 1, 2]],
      ['lt', '2026-11-21', [0]],
      ['in', ['2026-11-21', '2026-11-22'], [1, 2, 3]],
      ['nin', ['2026-11-21'], [0, 3, 4]],
      ['eq', '2026-11-21T00:00:00+08:00', [1]],
      ['lte', '9999-12-31', [0, 1, 2, 3]],
      ['gte', '0001-01-01', [0, 1, 2, 3]],
      ['gt', '9999-12-31', []],
      ['lt', '0001-01-01', []],
      ['null', true, [4]],
    ],
  },
  {
    def: defOf('choice', { dictionary: 'industry' }),
    stored: ['baijiu', 'tea', 'liquor', null],
    expected: [
      ['eq', 'tea', [1]],
      ['ne', 'tea', [0, 2, 3]],
      ['in', ['tea', 'beer'], [1]],
      ['nin', ['tea'], [0, 2, 3]],
      ['under', 'liquor', [0, 2]],
      ['under', ['liquor', 'tea'], [0, 1, 2]],
      ['null', true, [3]],
    ],
  },
  {
    def: defOf('choice', { dictionary: 'industry', multiple: true }),
    stored: [['baijiu', 'tea'], ['tea', 'baijiu'], ['tea'], null, ['beer', 'tea', 'baijiu']],
    expected: [
      ['eq', 'baijiu', [0, 1, 4]],
      ['ne', 'baijiu', [2, 3]],
      ['eq', ['baijiu', 'tea'], [0, 1]],
      ['ne', ['baijiu', 'tea'], [2, 3, 4]],
      ['in', ['beer', 'baijiu'], [0, 1, 4]],
      ['nin', ['beer'], [0, 1, 2, 3]],
      ['contains', ['tea', 'beer'], [4]],
      ['under', 'liquor', [0, 1, 4]],
      ['null', true, [3]],
      ['null', false, [0, 1, 2, 4]],
      ['in', [], []],
      ['nin', [], [0, 1, 2, 3, 4]],
    ],
  },
  {
    def: defOf('reference', { entity: 'user' }),
    stored: [ME, OTHER, null],
    expected: [
      ['eq', '$me', [0]],
      ['ne', ME, [1, 2]],
      ['in', [ME.toUpperCase(), THIRD], [0]],
      ['nin', [ME], [1, 2]],
      ['null', false, [0, 1]],
    ],
  },
  {
    def: defOf('references', { entity: 'user' }),
    stored: [[ME, OTHER], [OTHER], null],
    expected: [
      ['eq', '$me', [0]],
      ['contains', [OTHER], [0, 1]],
      ['ne', ME, [1, 2]],
      ['in', [ME, THIRD], [0]],
      ['null', true, [2]],
    ],
  },
  {
    def: defOf('phone'),
    stored: ['(010)8888-1234', '13800000000', null],
    expected: [
      ['eq', '(010)8888-1234', [0]],
      ['contains', '8888', [0]],
      ['startsWith', '138', [1]],
    ],
  },
  {
    def: defOf('list', {
      item: { properties: { n: { field: 'integer', label: { 'zh-CN': '数', en: 'N' } } } },
    }),
    stored: [[{ n: 1 }, { n: null }], null],
    expected: [
      ['null', true, [1]],
      ['null', false, [0]],
    ],
  },
  {
    def: defOf('files'),
    stored: [[ME], null],
    expected: [
      ['null', true, [1]],
      ['contains', ME, [0]],
    ],
  },
  {
    def: defOf('richtext'),
    stored: ['<p>甲 &amp; 乙 <strong>重要</strong></p>', '<p>5 &lt; 6</p>', null],
    expected: [
      ['contains', '甲 & 乙', [0]],
      ['contains', 'strong', []],
      ['contains', '5 < 6', [1]],
      ['null', true, [2]],
    ],
  },
  {
    def: defOf('address', { dictionary: 'region' }),
    stored: [{ region: 'beer', street: '建国路1号' }, { postcode: '200000' }, null],
    expected: [
      ['under', 'liquor', [0]],
      ['contains', '国路', [0]],
      ['contains', '2000', [1]],
      ['null', true, [2]],
    ],
  },
  {
    def: defOf('geo'),
    // Beijing, Tianjin, Suva and Apia, which lie on either side of the date line.
    stored: [
      { lat: 39.9042, lon: 116.4074 },
      { lat: 39.0842, lon: 117.2009 },
      { lat: -18.1416, lon: 178.4419 },
      { lat: -13.8506, lon: -171.7513 },
      null,
    ],
    expected: [
      ['near', { lat: 39.9042, lon: 116.4074, km: 0 }, [0]],
      ['near', { lat: 39.9042, lon: 116.4074, km: 113 }, [0]],
      ['near', { lat: 39.9042, lon: 116.4074, km: 114 }, [0, 1]],
      ['near', { lat: -16, lon: 180, km: 1000 }, [2, 3]],
      ['near', { lat: 0, lon: 0, km: 21_000 }, [0, 1, 2, 3]],
      ['null', true, [4]],
    ],
  },
  {
    def: defOf('percent'),
    stored: ['0.125', '-0.05', null],
    expected: [
      ['eq', '0.125', [0]],
      ['lt', 0, [1]],
      ['gte', '0.1', [0]],
      ['ne', '0.125', [1, 2]],
    ],
  },
  {
    def: defOf('time'),
    stored: ['09:30', '23:59', '00:00', null],
    expected: [
      ['eq', '09:30:00', [0]],
      ['gt', '09:30', [1]],
      ['lte', '09:30', [0, 2]],
      ['in', ['00:00'], [2]],
      ['nin', ['00:00'], [0, 1, 3]],
    ],
  },
  {
    def: defOf('duration'),
    stored: [0, 5400, null],
    expected: [
      ['gte', 5400, [1]],
      ['lt', 9_000_000_000, [0, 1]],
      ['null', true, [2]],
    ],
  },
  {
    def: defOf('user'),
    stored: [ME, OTHER, null],
    expected: [
      ['eq', '$me', [0]],
      ['ne', '$me', [1, 2]],
    ],
  },
  {
    def: defOf('unit', { multiple: true }),
    stored: [[ME, OTHER], [THIRD], null],
    expected: [
      ['in', [ME, THIRD], [0, 1]],
      ['nin', [ME], [1, 2]],
    ],
  },
  {
    def: defOf('colour'),
    stored: ['#1F6FEB', '#000000', null],
    expected: [
      ['eq', '#1f6feb', [0]],
      ['eq', '000', [1]],
      ['nin', ['#000000'], [0, 2]],
    ],
  },
  {
    def: defOf('rating'),
    stored: [1, 5, null],
    expected: [
      ['gte', 4, [1]],
      ['lt', 100_000, [0, 1]],
      ['ne', 1, [1, 2]],
    ],
  },
  {
    def: defOf('tags'),
    stored: [['重点', ' VIP ', 'vip'], ['参展'], null],
    expected: [
      ['eq', '重点', [0]],
      ['contains', ['重点', 'VIP'], [0]],
      ['in', ['参展', '重点'], [0, 1]],
      ['ne', '重点', [1, 2]],
      ['null', true, [2]],
    ],
  },
  {
    def: defOf('barcode', { kind: 'isbn' }),
    stored: ['7-115-54608-8', '978-7-302-51776-4', null],
    expected: [
      ['eq', '9787115546081', [0]],
      ['eq', 'ISBN 978-7-302-51776-4', [1]],
      ['contains', '5177', [1]],
      ['startsWith', '9787', [0, 1]],
    ],
  },
];

const OPERATORS: readonly FilterOperator[] = [
  'eq',
  'ne',
  'gt',
  'gte',
  'lt',
  'lte',
  'in',
  'nin',
  'like',
  'ilike',
  'contains',
  'startsWith',
  'null',
  'under',
  'near',
];
const NASTY: readonly unknown[] = [
  '',
  'x',
  '\\',
  'a\\',
  '%',
  '\u0000',
  '\ud800',
  '{}',
  '{a,b}',
  'null',
  'NaN',
  'infinity',
  '-infinity',
  'now',
  '$me',
  '$today',
  '$today+99999',
  '2026-02-30',
  '0000-01-01',
  '0001-01-01',
  '9999-12-31',
  '10000-01-01',
  '2026-11-21T24:00:00Z',
  '0001-01-01T00:00:00+14:00',
  '9999-12-31T23:59:59-14:00',
  '1e400',
  '9'.repeat(60),
  `0.${'1'.repeat(57)}`,
  '-0',
  ME,
  ME.slice(1),
  `{${ME}}`,
  0,
  -1,
  0.1,
  1e308,
  2 ** 53,
  Number.NaN,
  Infinity,
  true,
  false,
  null,
  undefined,
  [],
  {},
  [[]],
  { $eq: 1 },
];

/** The conditions of all operators with all those values that the type does not refuse in its own words. */
function accepted(def: FieldDefinition): {
  readonly conditions: readonly string[];
  readonly values: readonly unknown[];
} {
  const values: unknown[] = [];
  const bind = (parameter: unknown): string => `$${values.push(parameter)}`;
  const conditions = OPERATORS.flatMap((operator) =>
    [...NASTY, ...NASTY.map((value) => [value])].flatMap((value) => {
      try {
        return [fieldType(def.field).filter(operator, '"c"', value, bind, def, filterScope)];
      } catch (error) {
        if (error instanceof FilterValueError) return [];
        throw error;
      }
    }),
  );
  return { conditions, values };
}

describeEngines('filters of the field types', (open) => {
  let db: Database;

  beforeAll(async () => {
    db = await open();
    for (const [index, { def, stored }] of CASES.entries()) {
      const type = fieldType(def.field);
      await db.query({ text: `CREATE TABLE probe_${index} (row integer, c ${type.columnType(def)})` });
      for (const [row, value] of stored.entries()) {
        await db.query({
          text: `INSERT INTO probe_${index} VALUES ($1, $2)`,
          values: [row, type.toColumn(type.normalise(value, def), def)],
        });
      }
    }
  });

  describe.each(CASES.map((each, index) => ({ ...each, index, title: `${each.def.field} ${index}` })))(
    '$title',
    ({ def, stored, expected, index }) => {
      const type = fieldType(def.field);

      it('ENG-03 gives back what was stored', async () => {
        const rows = await db.query<{ c: unknown }>({ text: `SELECT c FROM probe_${index} ORDER BY row` });
        expect(rows.map((row) => type.fromColumn(row.c, def))).toEqual(
          stored.map((value) => type.normalise(value, def)),
        );
      });

      it('ENG-03 never hands PostgreSQL a value that it would refuse', async () => {
        const { conditions, values } = accepted(def);
        expect(conditions.length).toBeGreaterThan(0);
        const columns = conditions.map((condition, at) => `(${condition}) AS c${at}`);
        await db.query({ text: `SELECT ${columns.join(', ')} FROM probe_${index}`, values });
      });

      it.each(expected)(
        'ENG-03 $%s %j finds rows %j, and its negation the others',
        async (operator, value, wanted) => {
          const values: unknown[] = [];
          const where = type.filter(
            operator,
            '"c"',
            value,
            (parameter) => `$${values.push(parameter)}`,
            def,
            filterScope,
          );
          const find = async (condition: string): Promise<number[]> => {
            const rows = await db.query<{ row: number }>({
              text: `SELECT row FROM probe_${index} WHERE ${condition} ORDER BY row`,
              values,
            });
            return rows.map((row) => row.row);
          };
          expect(await find(where)).toEqual(wanted);
          const others = stored.map((_, row) => row).filter((row) => !wanted.includes(row));
          expect(await find(`(${where}) IS NOT TRUE`)).toEqual(others);
        },
      );
    },
  );
});
