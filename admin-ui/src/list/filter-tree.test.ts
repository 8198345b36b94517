import { describe, expect, it } from 'vitest';
import { fieldView } from '../testing/views.ts';
import { allOf, countConditions, newCondition, newGroup, operatorsFor, toFilter } from './filter-tree.ts';

const condition = (path: string, operator: string, value: unknown = null) => ({
  ...newCondition(path, operator),
  value,
});

describe('filter builder', () => {
  it('QRY-01 joins conditions with and, or, not and brackets', () => {
    const inner = newGroup([condition('a', 'eq', 1), condition('b', 'contains', '酒')]);
    inner.join = 'or';
    inner.negated = true;
    const group = newGroup([inner, condition('c', 'in', ['x'])]);
    expect(toFilter(group)).toEqual({
      $and: [{ $not: { $or: [{ a: { $eq: 1 } }, { b: { $contains: '酒' } }] } }, { c: { $in: ['x'] } }],
    });
    expect(countConditions(group)).toBe(3);
  });

  it('QRY-01 asks for empty and not empty without a value', () => {
    expect(toFilter(newGroup([condition('a', 'isNull')]))).toEqual({ a: { $null: true } });
    expect(toFilter(newGroup([condition('a', 'notNull')]))).toEqual({ a: { $null: false } });
  });

  it('leaves out unfinished lines', () => {
    expect(toFilter(newGroup([condition('a', 'eq', ''), condition('b', 'in', [])]))).toBeNull();
    expect(toFilter(newGroup([condition('a', 'eq', false)]))).toEqual({ a: { $eq: false } });
  });

  it('joins the filters of view, quick filters and builder', () => {
    expect(allOf([undefined, null, {}])).toEqual({});
    expect(allOf([{ a: 1 }, null])).toEqual({ a: 1 });
    expect(allOf([{ a: 1 }, { b: 2 }])).toEqual({ $and: [{ a: 1 }, { b: 2 }] });
  });

  it('offers only what the server knows for the field', () => {
    expect(
      operatorsFor(fieldView('f', 'choice', { operators: ['eq', 'ne', 'in', 'nin', 'under', 'null'] })),
    ).toEqual(['in', 'nin', 'under', 'isNull', 'notNull']);
    expect(operatorsFor(fieldView('f', 'date', { operators: ['eq', 'gte', 'lte', 'in'] }))).toEqual([
      'eq',
      'gte',
      'lte',
    ]);
    expect(operatorsFor(fieldView('f', 'children', { operators: [] }))).toEqual([]);
  });
});
