import { describe, expect, it } from 'vitest';
import { regionDocuments } from '../../metadata/dictionaries/region-documents.ts';
import { dictionaries } from './documents.ts';

describe('the generated dictionaries', () => {
  it.each(regionDocuments().map((document) => [document.name, document] as const))(
    'DICT-01, 02, 03, 70 %s equals a rebuild from its sources',
    (name, document) => {
      expect(JSON.stringify(dictionaries.get(name))).toBe(JSON.stringify(document));
    },
  );
});
