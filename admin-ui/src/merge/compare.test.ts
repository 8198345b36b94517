import { expect, it } from 'vitest';
import type { EntityView } from '@mortise/core/contract';
import { comparedFields, proposedChoices, sentChoices, UNITE } from './compare.ts';

const field = (name: string, more: object = {}) => ({
  name,
  type: 'text',
  label: { 'zh-CN': name, en: name },
  required: false,
  readOnly: false,
  level: 'write',
  system: false,
  sortable: true,
  operators: [],
  def: {},
  ...more,
});
const entity = {
  name: 'customer',
  transitions: [{ field: 'state' }],
  fields: [
    field('name'),
    field('same'),
    field('phone'),
    field('kinds', { type: 'choice' }),
    field('code', { level: 'read' }),
    field('total', { readOnly: true }),
    field('state'),
    field('empty'),
    field('contacts', { type: 'children' }),
  ],
} as unknown as EntityView;
const records = [
  { id: 'a', name: 'A', same: 'x', phone: '', kinds: ['k'], code: 'c1', total: 1, state: 's' },
  { id: 'b', name: 'B', same: 'x', phone: '62', kinds: ['l'], code: 'c2', total: 2, state: 't' },
];

it('ENT-05 compares what can be chosen, differing fields first', () => {
  const fields = comparedFields(entity, records);
  expect(fields.map(({ field: each }) => each.name)).toEqual(['name', 'phone', 'kinds', 'code', 'same']);
  expect(fields.find(({ field: each }) => each.name === 'kinds')).toMatchObject({
    list: true,
    differs: true,
  });
  expect(fields.find(({ field: each }) => each.name === 'same')?.differs).toBe(false);
});

it('ENT-05 proposes the survivor’s values, fills its gaps, and puts lists together', () => {
  const fields = comparedFields(entity, records);
  const ofA = proposedChoices(fields, records, 'a');
  expect(ofA).toEqual({ name: 'a', phone: 'b', kinds: UNITE, code: 'a', same: 'a' });
  expect(sentChoices(ofA, 'a')).toEqual({ phone: 'b', kinds: UNITE });
  expect(proposedChoices(fields, records, 'b')).toMatchObject({ name: 'b', phone: 'b', code: 'b' });
});
