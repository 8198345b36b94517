import { describe, expect, it } from 'vitest';
import { entityView, fieldView } from '../testing/views.ts';
import { changesOf, copyOf, withWritableLines } from './draft.ts';

const entity = entityView([
  fieldView('name', 'text'),
  fieldView('code', 'autonumber', { readOnly: true }),
  fieldView('secret', 'text', { level: 'read' }),
  fieldView('tags', 'choice', { def: { multiple: true } }),
  fieldView('owner', 'reference', { def: { entity: 'user' } }),
  fieldView('lines', 'lines', { def: { entity: 'line', by: 'thing' } }),
  fieldView('tax', 'text', { def: { unique: true } }),
]);

describe('what a form sends', () => {
  it('sends changed, writable fields only, without the texts beside them', () => {
    const stored = { name: 'a', owner: 'u1', owner$display: '张三', tags: ['x'], code: '1' };
    const draft = { ...stored, name: 'b', owner$display: '李四', code: '2', secret: 'x' };
    expect(changesOf(entity, draft, stored)).toEqual({ name: 'b' });
  });

  it('takes an empty text for no value and an emptied list for an empty list', () => {
    expect(changesOf(entity, { name: '', tags: [] }, { name: null, tags: null })).toEqual({});
    expect(changesOf(entity, { name: '', tags: [] }, { name: 'a', tags: ['x'] })).toEqual({
      name: null,
      tags: [],
    });
  });

  it('sends lines whole, stripped of display texts', () => {
    const draft = { lines: [{ id: '1', product: 'p', product$display: '版面' }] };
    expect(changesOf(entity, draft, {})).toEqual({ lines: [{ id: '1', product: 'p' }] });
  });

  it('sends of a stored line its id and what may be written, not what the platform fills in', async () => {
    const line = entityView(
      [
        fieldView('version', 'integer', { system: true, readOnly: true }),
        fieldView('thing', 'reference'),
        fieldView('quantity', 'decimal'),
        fieldView('amount', 'money', { readOnly: true }),
      ],
      { ownership: 'parent', parent: { entity: 'thing', field: 'thing' } },
    );
    const changes = {
      name: 'a',
      lines: [{ id: 'l1', version: 2, thing: 'r', quantity: '2', amount: '10.00' }, { quantity: '1' }],
    };
    expect(await withWritableLines(entity, changes, async () => line)).toEqual({
      name: 'a',
      lines: [{ id: 'l1', quantity: '2' }, { quantity: '1' }],
    });
  });

  it('ENT-07 copies what may be written again, never numbers, unique values or ids of lines', () => {
    const record = {
      id: 'r',
      version: 3,
      name: 'a',
      code: '1',
      tax: '91',
      lines: [{ id: 'l', version: 1, amount: '5' }],
    };
    expect(copyOf(entity, record)).toEqual({ name: 'a', lines: [{ amount: '5' }] });
  });
});
