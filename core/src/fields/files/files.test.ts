import { describe, expect, it } from 'vitest';
import { FilterValueError } from '../field-type.ts';
import { condition, defOf, en, ME, OTHER, zh } from '../field-fixture.ts';
import { files } from './files.ts';

const def = defOf('files', { maxCount: 2 });

describe('files', () => {
  it('ENG-03 are ids of attachments, as many as the field allows', () => {
    expect(files.columnType(def)).toBe('uuid[]');
    expect(files.valueSchema(def)).toMatchObject({ type: 'array', maxItems: 2, uniqueItems: true });
    expect(files.valueSchema(defOf('files'))).toMatchObject({ maxItems: 20 });
    expect(files.normalise([OTHER, ME, OTHER], def)).toEqual([OTHER, ME]);
    expect(files.checkValue([ME, 'photo.png'], def)).toMatchObject({ code: 'MRT_VALUE_FORMAT', at: '/1' });
  });

  it('are found by being there', () => {
    expect(condition(files, 'null', false).sql).toBe('nullif(cardinality("c"), 0) IS NOT NULL');
    expect(() => condition(files, 'contains', 'photo.png')).toThrow(FilterValueError);
  });

  it('print how many there are', () => {
    expect(files.format([ME, OTHER], def, zh)).toMatch(/^2 /);
    expect(files.format([ME], def, en)).toMatch(/^1 (file|image)$/);
    expect(() => files.parse('photo.png', def)).toThrow('upload');
    expect(files.parse(`${ME} ${OTHER}`, def)).toEqual([ME, OTHER]);
  });
});
