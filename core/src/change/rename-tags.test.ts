import { expect, it } from 'vitest';
import { renamedTags } from './rename-tags.ts';

const renames = new Map([
  ['old', 'fresh'],
  ['customer.old', 'customer.fresh'],
]);
const renamed = (body: string, sources: readonly string[] = []): string =>
  renamedTags(body, renames, new Set(sources));

it.each([
  ['{{old}} old {{{old}}}', '{{fresh}} old {{{fresh}}}'],
  ['{{date old "old"}}', '{{date fresh "old"}}'],
  ['{{old other}}', '{{old other}}'],
  ['{{#each rows}}{{this.old}} {{old}}{{/each}}', '{{#each rows}}{{this.fresh}} {{fresh}}{{/each}}'],
  ['{{customer.old}} {{other.old}} {{@old}}', '{{customer.fresh}} {{other.old}} {{@old}}'],
  ['{{#if (eq old 1)}}{{older}}{{/if}}\n{{old}}', '{{#if (eq fresh 1)}}{{older}}{{/if}}\n{{fresh}}'],
  ['{{#broken}', '{{#broken}'],
])('writes the new name of a field in %s', (before, after) => expect(renamed(before)).toBe(after));

it('leaves the fields of other records alone', () =>
  expect(renamed('{{#with sender}}{{old}}{{/with}} {{old}}', ['sender'])).toBe(
    '{{#with sender}}{{old}}{{/with}} {{fresh}}',
  ));
