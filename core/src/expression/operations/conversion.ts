import { argument } from './argument.ts';
import type { FunctionDefinition, Operation } from '../node.ts';
import { define } from '../signature.ts';
import { asNumber, isNumeric, numberText } from '../value.ts';

/** Numbers are cut towards zero; a text that is not a plain number gives null. */
const int: Operation = {
  name: 'int',
  numeric: true,
  run: (args) => {
    const a = argument(args, 0);
    return (runtime) => asNumber(a(runtime))?.round(0, 0) ?? null;
  },
  sql: (args) => `trunc(${numeral(args)})`,
};

const decimal: Operation = {
  name: 'decimal',
  numeric: true,
  run: (args) => {
    const a = argument(args, 0);
    return (runtime) => asNumber(a(runtime));
  },
  sql: (args) => numeral(args),
};

function numeral(args: Parameters<Operation['sql']>[0]): string {
  const a = argument(args, 0);
  // A cast of any other text would be an error and end the whole query.
  return a.node.type === 'string'
    ? `(substring(${a.text()} from '^[+-]?[0-9]{1,40}(?:[.][0-9]{1,20})?$'))::numeric`
    : a.numeric();
}

const string: Operation = {
  name: 'string',
  run: (args) => {
    const a = argument(args, 0);
    return (runtime) => {
      const value = a(runtime);
      if (isNumeric(value)) return numberText(value);
      return typeof value === 'boolean' ? String(value) : typeof value === 'string' ? value : null;
    };
  },
  sql(args) {
    const a = argument(args, 0);
    switch (a.node.type) {
      case 'int':
      case 'decimal':
        return `trim_scale(${a.numeric()})::text`;
      case 'date':
        return `to_char(${a.value()}, 'YYYY-MM-DD')`;
      case 'datetime':
        return `to_char(${a.value()} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
      case 'bool':
        return `(${a.value()})::text`;
      default:
        return a.text();
    }
  },
};

/** Changes of type; nothing is converted silently. */
export const CONVERSION: Readonly<Record<string, FunctionDefinition>> = {
  int: define(['numeral'], 'int', int),
  decimal: define(['numeral'], 'decimal', decimal),
  string: define(['scalar'], 'string', string),
};
