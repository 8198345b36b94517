import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { reference } from '../../docs/write-reference.ts';

it('docs/documents.md says what core/schemas say; else run `node docs/write-reference.ts`', () => {
  expect(readFileSync(new URL('../../docs/documents.md', import.meta.url), 'utf8')).toBe(reference());
});
