import { expect, it } from 'vitest';
import { localeOfHeader } from './locale.ts';

it.each([
  ['zh-CN,zh;q=0.9,en;q=0.8', 'zh-CN'],
  ['en-GB,en;q=0.9', 'en'],
  ['zh-TW', 'zh-CN'],
  ['de, en;q=0.3, zh;q=0.5', 'zh-CN'],
  ['de', null],
  ['en;q=0', null],
  [undefined, null],
])('I18N-01 takes Accept-Language %j for %j', (header, locale) => {
  expect(localeOfHeader(header)).toBe(locale);
});
