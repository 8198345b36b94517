import { describe, expect, it } from 'vitest';
import { entityView, fieldView } from '../testing/views.ts';
import { dictionariesOfConditions, evaluate, holds, type ConditionScope } from './conditions.ts';

const entity = entityView([
  fieldView('name', 'text'),
  fieldView('type', 'choice', { def: { dictionary: 'kind' } }),
  fieldView('kinds', 'choice', { def: { dictionary: 'kind', multiple: true } }),
  fieldView('amount', 'money'),
  fieldView('staff', 'integer'),
  fieldView('when', 'date'),
]);
const scope: ConditionScope = {
  user: { id: 'u1', unit: 'd1', roles: ['clerk'] },
  timeZone: 'Asia/Shanghai',
  dictionaries: new Map([
    [
      'kind',
      {
        name: 'kind',
        label: { 'zh-CN': '', en: '' },
        tree: true,
        extensible: false,
        mappings: undefined,
        values: [
          { code: 'drink', label: { 'zh-CN': '饮', en: 'Drink' }, parent: null, active: true },
          { code: 'baijiu', label: { 'zh-CN': '白酒', en: 'Baijiu' }, parent: 'drink', active: true },
        ],
      },
    ],
  ]),
};
const is = (
  condition: string,
  draft: Record<string, unknown>,
  stored: Record<string, unknown> = {},
): boolean => holds(condition, true, entity, draft, stored, scope);

describe('conditions of documents in the browser', () => {
  it('ENG-03 shows a field only while its condition holds', () => {
    expect(is("type == 'baijiu'", { type: 'baijiu' })).toBe(true);
    expect(is("type == 'baijiu'", { type: 'drink' })).toBe(false);
    expect(is("type == 'baijiu'", {})).toBe(false);
  });

  it('ENG-03 compares money as decimals, not as texts', () => {
    expect(is('amount > 9.5', { amount: '10.00' })).toBe(true);
    expect(is('amount > 9.5', { amount: '9.40' })).toBe(false);
  });

  it('ENG-03 looks into several choices and at the stored record', () => {
    expect(is("'drink' in kinds", { kinds: ['drink'] })).toBe(true);
    expect(is("'drink' in kinds", { kinds: [] })).toBe(false);
    expect(is('old.name != null', { name: 'x' }, { name: 'y' })).toBe(true);
    expect(is('old.name != null', { name: 'x' }, {})).toBe(false);
  });

  it('DICT-09 walks the tree of a dictionary', () => {
    expect(is("under(type, 'drink')", { type: 'baijiu' })).toBe(true);
    expect(is("under(type, 'baijiu')", { type: 'drink' })).toBe(false);
  });

  it('names the dictionaries that the conditions walk', () => {
    const walking = entityView([
      fieldView('type', 'choice', { def: { dictionary: 'kind' } }),
      fieldView('more', 'text', { def: { visibleWhen: "under(type, 'drink')" } }),
    ]);
    expect(dictionariesOfConditions(walking)).toEqual(['kind']);
    expect(dictionariesOfConditions(entity)).toEqual([]);
  });

  it('keeps what it cannot tell visible instead of hiding it', () => {
    expect(holds('no_such_function(name)', true, entity, {}, {}, scope)).toBe(true);
    expect(holds(undefined, false, entity, {}, {}, scope)).toBe(false);
  });

  it('ENT-07 evaluates defaults of the current user', () => {
    expect(evaluate('user.id', entity, {}, {}, scope)).toBe('u1');
  });
});
