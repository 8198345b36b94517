import { argument } from './argument.ts';
import { companyKey } from '../company-key.ts';
import { ExpressionError } from '../expression-error.ts';
import type { FunctionDefinition, Operation, SqlArgument } from '../node.ts';
import { accept, define } from '../signature.ts';
import { elementType, isList, unify } from '../types.ts';
import { Decimal, textLength, type Value } from '../value.ts';
import { member } from './comparison.ts';

/** Blanks that `trim` takes off: space, tab, line ends, no-break space and the full-width space. */
const BLANKS = ' \t\n\r\u00a0\u3000';
const BLANKS_SQL = String.raw`E' \t\n\r\u00a0\u3000'`;

function trim(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && BLANKS.includes(text.charAt(start))) start += 1;
  while (end > start && BLANKS.includes(text.charAt(end - 1))) end -= 1;
  return text.slice(start, end);
}

function transform(
  name: string,
  apply: (text: string) => string,
  write: (text: string) => string,
): Operation {
  return {
    name,
    run: (args) => {
      const a = argument(args, 0);
      return (runtime) => {
        const text = a(runtime);
        return typeof text === 'string' ? apply(text) : null;
      };
    },
    sql: (args) => write(argument(args, 0).text()),
  };
}

function test(
  name: string,
  apply: (text: string, part: string) => boolean,
  write: (text: string, part: string) => string,
): Operation {
  const bare = (args: readonly SqlArgument[]): string =>
    `(${write(argument(args, 0).text(), argument(args, 1).text())})`;
  return {
    name,
    total: true,
    run: (args) => {
      const a = argument(args, 0);
      const b = argument(args, 1);
      return (runtime) => {
        const text = a(runtime);
        const part = b(runtime);
        return typeof text === 'string' && typeof part === 'string' && apply(text, part);
      };
    },
    sql: (args) => `coalesce(${bare(args)}, false)`,
    condition: bare,
  };
}

const containsText = test(
  'contains',
  (a, b) => a.includes(b),
  (a, b) => `strpos(${a}, ${b}) > 0`,
);

/** `contains(list, x)` is `x in list`. */
const containsItem: Operation = {
  name: 'contains',
  total: true,
  run: (args, nodes, position) => {
    const list = argument(args, 0);
    const inList = member.run([argument(args, 1), list], nodes, position);
    const inText = containsText.run(args, nodes, position);
    return (runtime) => (Array.isArray(list(runtime)) ? inList : inText)(runtime);
  },
  sql: (args, site) => member.sql([argument(args, 1), argument(args, 0)], site),
  condition: (args, site) =>
    member.condition?.([argument(args, 1), argument(args, 0)], site) ??
    member.sql([argument(args, 1), argument(args, 0)], site),
};

/** Characters of a text, items of a list; null has none. */
const size: Operation = {
  name: 'size',
  numeric: true,
  run: (args) => {
    const a = argument(args, 0);
    return (runtime) => {
      const value: Value = a(runtime);
      return new Decimal(
        typeof value === 'string' ? textLength(value) : Array.isArray(value) ? value.length : 0,
      );
    };
  },
  sql(args) {
    const a = argument(args, 0);
    const length = isList(a.node.type) ? `cardinality(${a.value()})` : `char_length(${a.text()})`;
    return `coalesce(${length}, 0)::numeric`;
  },
};

const companyKeyOperation: Operation = {
  ...transform('companyKey', companyKey, (text) => text),
  sql(_args, site) {
    throw new ExpressionError('not-in-sql', site.position, { name: 'companyKey' });
  },
};

/** Texts are compared and measured by code point; `lower` and `upper` change the letters A–Z only. */
export const TEXT: Readonly<Record<string, FunctionDefinition>> = {
  size: define(['sized'], 'int', size),
  contains: {
    minimum: 2,
    maximum: 2,
    resolve(_args, signature) {
      const [container, item] = signature.types as [never, never];
      accept(signature.types, 0, 'sized', signature);
      if (!isList(container) && container !== 'any') {
        accept(signature.types, 1, 'string', signature);
        return { type: 'bool', operation: containsText };
      }
      if (unify(elementType(container), item) === null) signature.mismatch(elementType(container), item);
      return { type: 'bool', operation: containsItem };
    },
  },
  startsWith: define(
    ['string', 'string'],
    'bool',
    test(
      'startsWith',
      (a, b) => a.startsWith(b),
      (a, b) => `starts_with(${a}, ${b})`,
    ),
  ),
  endsWith: define(
    ['string', 'string'],
    'bool',
    test(
      'endsWith',
      (a, b) => a.endsWith(b),
      (a, b) => `starts_with(reverse(${a}), reverse(${b}))`,
    ),
  ),
  lower: define(
    ['string'],
    'string',
    transform(
      'lower',
      (a) => a.replace(/[A-Z]/g, (c) => c.toLowerCase()),
      (a) => `lower((${a}) collate "C")`,
    ),
  ),
  upper: define(
    ['string'],
    'string',
    transform(
      'upper',
      (a) => a.replace(/[a-z]/g, (c) => c.toUpperCase()),
      (a) => `upper((${a}) collate "C")`,
    ),
  ),
  trim: define(
    ['string'],
    'string',
    transform('trim', trim, (a) => `btrim(${a}, ${BLANKS_SQL})`),
  ),
  companyKey: define(['string'], 'string', companyKeyOperation),
};
