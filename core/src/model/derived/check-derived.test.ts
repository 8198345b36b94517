import { describe, expect, it } from 'vitest';
import { Problem } from '../../errors/problem.ts';
import { computed, rollup, shopLayer, type Further } from '../../testing/shop-layer.ts';
import { sampleModel } from '../../testing/sample-model.ts';
import type { RollupDocument } from '../documents.ts';

function faultsOf(further: Further): { readonly path: string; readonly code: string; readonly en: string }[] {
  try {
    sampleModel([shopLayer(further)]);
    return [];
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return error.faults.map(({ path, code, message }) => ({ path, code, en: message.en }));
  }
}

const sum: RollupDocument = { entity: 'sale', by: 'client', function: 'sum', field: 'amount' };
const ofClient = (definition: Partial<RollupDocument>, type = 'decimal', more = {}) =>
  faultsOf({ client: { x: rollup(type, { ...sum, ...definition }, more) } });
const at = (rest: string) => `entity/client#/properties/x${rest}`;

describe('ENG-05 the check of roll-ups', () => {
  it('takes a sound one', () => expect(ofClient({ where: "status == 'open'" })).toEqual([]));

  it.each([
    ['an entity that is not there', { entity: 'ghost' }, 'decimal', '/rollup/entity', 'MRT_DOC_REFERENCE'],
    ['a reference that leads elsewhere', { by: 'owner' }, 'decimal', '/rollup/by', 'MRT_DOC_REFERENCE'],
    ['a field that is not there', { field: 'ghost' }, 'decimal', '/rollup/field', 'MRT_DOC_REFERENCE'],
    ['a sum of texts', { field: 'status' }, 'decimal', '/rollup/field', 'MRT_DOC_ROLLUP'],
    ['a sum of decimals in an integer', {}, 'integer', '/rollup/function', 'MRT_DOC_ROLLUP'],
    [
      'a least date in a number',
      { function: 'min', field: 'on' },
      'decimal',
      '/rollup/function',
      'MRT_DOC_ROLLUP',
    ],
    ['a count of a field', { function: 'count' }, 'integer', '/rollup/field', 'MRT_DOC_ROLLUP'],
    ['a condition that is none', { where: 'amount + 1' }, 'decimal', '/rollup/where', 'MRT_DOC_EXPRESSION'],
    [
      'a condition on the clock',
      { where: 'created_at < now()' },
      'decimal',
      '/rollup/where',
      'MRT_DOC_EXPRESSION',
    ],
    [
      'a condition on the user',
      { where: 'owner == user.id' },
      'decimal',
      '/rollup/where',
      'MRT_DOC_EXPRESSION',
    ],
    [
      'a condition far away',
      { where: "client.name == ''" },
      'decimal',
      '/rollup/where',
      'MRT_DOC_EXPRESSION',
    ],
  ] as const)('refuses %s', (_, definition, type, path, code) => {
    expect(ofClient(definition, type)).toMatchObject([{ path: at(path), code }]);
  });

  it('names the place of a fault in a condition', () => {
    expect(ofClient({ where: "status == 'open' && ghost > 1" })[0]?.en).toBe(
      'There is no field “ghost”. (character 21)',
    );
  });

  it.each(['required', 'unique'])('refuses %s', (attribute) => {
    expect(ofClient({}, 'decimal', { [attribute]: true })).toMatchObject([
      { path: at(`/${attribute}`), code: 'MRT_DOC_DERIVED' },
    ]);
  });
});

describe('ENG-05 the check of formulas over other records', () => {
  const formula = (type: string, compute: string) => faultsOf({ sale: { x: computed(type, compute) } });

  it('takes a sound one', () => expect(formula('text', "coalesce(client.region, '')")).toEqual([]));

  it('takes the day, for which it is calculated anew every day', () =>
    expect(formula('integer', 'client.factor > 1 ? daysBetween(on, today()) : 0')).toEqual([]));

  it.each([
    ['another type', 'text', 'amount * client.factor', 'the formula must yield string, not decimal'],
    ['an unknown field', 'text', 'client.ghost', 'There is no field “client.ghost”. (character 1)'],
    ['two references', 'text', 'client.parent.name', 'There is no field “client.parent.name”. (character 1)'],
    ['the user', 'text', 'client.name + user.id', '“user.id” cannot be used'],
    ['the old value', 'decimal', 'old.amount * client.factor', '“old.amount” cannot be used'],
    ['the clock', 'datetime', 'client.factor > 1 ? now() : created_at', '“now()” cannot be used'],
  ])('refuses %s', (_, type, compute, message) => {
    expect(formula(type, compute)).toMatchObject([
      { path: 'entity/sale#/properties/x/compute', en: expect.stringContaining(message) },
    ]);
  });

  it('refuses a field type whose values cannot follow others', () => {
    expect(formula('reference', 'client.owner')).toContainEqual(
      expect.objectContaining({ path: expect.stringContaining('#/properties/x') }),
    );
  });
});

describe('ENG-05 circles', () => {
  it('are refused, with the way in words', () => {
    const faults = faultsOf({
      client: { total: rollup('decimal', { ...sum, field: 'share' }) },
      sale: { share: computed('decimal', 'amount / client.total') },
    });
    expect(faults).toEqual([
      {
        path: 'entity/client#/properties/total/rollup',
        code: 'MRT_DOC_CYCLE',
        en: 'the calculation is circular: client.decimal → sale.decimal → client.decimal',
      },
      {
        path: 'entity/sale#/properties/share/compute',
        code: 'MRT_DOC_CYCLE',
        en: 'the calculation is circular: sale.decimal → client.decimal → sale.decimal',
      },
    ]);
  });

  it('a condition of a roll-up closes one, and so does a record over itself', () => {
    const faults = faultsOf({
      client: {
        total: rollup('decimal', {
          ...sum,
          entity: 'client',
          by: 'parent',
          field: 'factor',
          where: 'total > 0',
        }),
      },
    });
    expect(faults).toMatchObject([{ code: 'MRT_DOC_CYCLE' }]);
  });
});
