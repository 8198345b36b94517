import { describe, expect, it } from 'vitest';
import { FilterValueError } from '../field-type.ts';
import { condition, defOf, en, ME, OTHER, zh } from '../field-fixture.ts';
import { images } from './images.ts';

const def = defOf('images', { maxCount: 2 });

describe('images', () => {
  it('ENG-03 are ids of attachments, as many as the field allows', () => {
    expect(images.columnType(def)).toBe('uuid[]');
    expect(images.valueSchema(def)).toMatchObject({ type: 'array', maxItems: 2, uniqueItems: true });
    expect(images.valueSchema(defOf('images'))).toMatchObject({ maxItems: 20 });
    expect(images.normalise([OTHER, ME, OTHER], def)).toEqual([OTHER, ME]);
    expect(images.checkValue([ME, 'photo.png'], def)).toMatchObject({ code: 'MRT_VALUE_FORMAT', at: '/1' });
  });

  it('are found by being there', () => {
    expect(condition(images, 'null', false).sql).toBe('nullif(cardinality("c"), 0) IS NOT NULL');
    expect(() => condition(images, 'contains', 'photo.png')).toThrow(FilterValueError);
  });

  it('print how many there are', () => {
    expect(images.format([ME, OTHER], def, zh)).toMatch(/^2 /);
    expect(images.format([ME], def, en)).toMatch(/^1 (file|image)$/);
    expect(() => images.parse('photo.png', def)).toThrow('upload');
    expect(images.parse(`${ME} ${OTHER}`, def)).toEqual([ME, OTHER]);
  });
});
