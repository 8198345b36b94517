import { describe, expect, it } from 'vitest';
import { fieldTypes } from '../../../../core/src/fields/registry.ts';
import { TYPE_ATTRIBUTES } from './field-types.ts';

/** Names under which the editor offers what the documents call otherwise. */
const COVERED_BY: Readonly<Record<string, string>> = {
  dictionary: 'values',
  options: 'values',
  by: 'entity',
};
/** Attributes that are written in documents only. */
const DOCUMENT_ONLY: ReadonlySet<string> = new Set(['where', 'per']);

describe('attributes that the field editor offers', () => {
  it.each(fieldTypes().map((type) => [type.name, type] as const))(
    'ENG-03 %s: every attribute of the type, and no other',
    (name, type) => {
      const known = Object.keys((type.definition as { properties?: object }).properties ?? {});
      const offered = (TYPE_ATTRIBUTES[name] ?? []).map((spec) => spec.name);
      const wanted = new Set(
        known
          .filter((each) => !DOCUMENT_ONLY.has(each))
          .map((each) => (name === 'address' ? undefined : COVERED_BY[each]) ?? each),
      );
      expect([...wanted].filter((each) => !offered.includes(each))).toEqual([]);
      expect(offered.filter((each) => !wanted.has(each))).toEqual([]);
    },
  );
});
