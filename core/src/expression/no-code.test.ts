import { describe, expect, it } from 'vitest';
import { checkExpression, evaluateExpression, ExpressionError, parseExpression } from './index.ts';

const record: Readonly<Record<string, unknown>> = { name: 'x', count: 1, tags: ['a'], details: { a: 1 } };
const types = { name: 'string', count: 'int', tags: 'list<string>', details: 'any' } as const;

/** As the records engine looks fields up: by name in a plain object, with its prototype. */
const scope = {
  field: ([first = '', second]: readonly string[]) =>
    second === undefined ? record[first] : (record[first] as Record<string, unknown> | undefined)?.[second],
  now: new Date(0),
  timeZone: 'UTC',
  user: { id: 'u', unit: null, roles: [] },
};

const NAMES = [
  'constructor',
  '__proto__',
  'prototype',
  'toString',
  'valueOf',
  'hasOwnProperty',
  '__defineGetter__',
  'globalThis',
  'process',
  'require',
  'eval',
  'Function',
  'window',
  'fetch',
];

describe('NF-SEC-04 no way from an expression to code', () => {
  const declared = (path: readonly string[]) =>
    Object.hasOwn(types, path.join('.')) ? types[path.join('.') as keyof typeof types] : undefined;

  it.each(NAMES)('the type check knows neither a field, an attribute nor a function “%s”', (name) => {
    for (const text of [
      name,
      `name.${name}`,
      `tags.${name}`,
      `${name}('x')`,
      `name.${name}()`,
      `user.${name}`,
    ]) {
      expect(() => checkExpression(parseExpression(text), { field: declared }), text).toThrow(
        ExpressionError,
      );
    }
  });

  it.each(NAMES)('without types “%s” gives no more than plain data', (name) => {
    for (const text of [name, `name.${name}`, `tags.${name}`, `details.${name}`]) {
      let value: unknown;
      try {
        value = evaluateExpression(parseExpression(text), scope);
      } catch (error) {
        expect(error, text).toBeInstanceOf(ExpressionError);
        continue;
      }
      expect(['string', 'number', 'boolean', 'object'], text).toContain(typeof value);
      expect(value === null || typeof value !== 'object' || Array.isArray(value), text).toBe(true);
    }
  });

  it.each([
    "name.constructor.constructor('return process')()",
    "name['constructor']",
    'tags[0].constructor',
    '(() => 1)()',
    'function () {}',
    '`${process}`',
    'new Date()',
    'name = 1',
    'name; count',
    '{"a": 1}.constructor',
    'import("fs")',
    '/a/.test(name)',
  ])('%s cannot even be read, or is refused by the check', (text) => {
    expect(() => checkExpression(parseExpression(text), { field: declared })).toThrow(ExpressionError);
  });

  it('functions that the caller lends are found by their own names only', () => {
    const functions = { known: () => 1 };
    for (const name of ['toString', 'constructor', 'hasOwnProperty'])
      expect(() => evaluateExpression(parseExpression(`${name}(1)`), { ...scope, functions })).toThrow(
        ExpressionError,
      );
  });
});
