import { describe, expect, it } from 'vitest';
import { FilterValueError } from '../field-type.ts';
import { condition, defOf, ME, OTHER, parseScope, zh } from '../field-fixture.ts';
import { references } from './references.ts';

const def = defOf('references', { entity: 'user', maxCount: 3 });

describe('references', () => {
  it('ENG-03 are ids, each once, in their order', () => {
    expect(references.columnType(def)).toBe('uuid[]');
    expect(references.valueSchema(def)).toMatchObject({ type: 'array', uniqueItems: true, maxItems: 3 });
    expect(references.normalise([OTHER, ME.toUpperCase(), OTHER], def)).toEqual([OTHER, ME]);
    expect(references.normalise([], def)).toBeNull();
  });

  it('ENG-03 names the place of a bad id', () => {
    expect(references.checkValue([ME, 'x'], def)).toMatchObject({ code: 'MRT_VALUE_FORMAT', at: '/1' });
    expect(references.checkValue(ME, def)).toMatchObject({ code: 'MRT_VALUE_TYPE' });
  });

  it('filters by ids', () => {
    expect(condition(references, 'eq', '$me', def)).toEqual({ sql: '"c" @> $1::uuid[]', values: [[ME]] });
    expect(condition(references, 'nin', [OTHER], def).sql).toBe('("c" && $1::uuid[]) IS NOT TRUE');
    for (const bad of ['x', 5, null])
      expect(() => condition(references, 'contains', bad, def)).toThrow(FilterValueError);
  });

  it('reads what it prints', () => {
    expect(references.format([ME, OTHER], def, zh)).toBe(`张三、${OTHER}`);
    expect(references.parse(`张三、${OTHER}`, def, parseScope)).toEqual([ME, OTHER]);
  });
});
