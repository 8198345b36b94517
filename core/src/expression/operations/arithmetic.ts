import { argument } from './argument.ts';
import type { Big } from 'big.js';
import type { FunctionDefinition, Operation, SqlArgument, Thunk, TypedNode } from '../node.ts';
import { accept, define, numberType } from '../signature.ts';
import { asNumber, compare, Decimal, isNumeric, type Value } from '../value.ts';

/** 10^21: `div` cuts the quotient after 21 decimals exactly, then the last digit rounds it to 20. */
const SHIFT = `1${'0'.repeat(21)}`;
const UNIT = `0.${'0'.repeat(19)}1`;

type Binary = (a: Big, b: Big) => Big | null;

function binary(name: string, apply: Binary, write: (a: string, b: string) => string): Operation {
  return {
    name,
    numeric: true,
    run: (args) => {
      const a = argument(args, 0);
      const b = argument(args, 1);
      return (runtime) => {
        const x = asNumber(a(runtime));
        const y = asNumber(b(runtime));
        return x && y ? apply(x, y) : null;
      };
    },
    sql: (args) => write(argument(args, 0).numeric(), argument(args, 1).numeric()),
  };
}

const isZero = (value: Big): boolean => value.eq(0);

const add = binary(
  '+',
  (a, b) => a.plus(b),
  (a, b) => `(${a} + ${b})`,
);
const divide = binary(
  '/',
  (a, b) => (isZero(b) ? null : a.div(b)),
  (a, b) => `(round(div(${a} * ${SHIFT}, nullif(${b}, 0)) * 0.1) * ${UNIT})`,
);
const modulo = binary(
  '%',
  (a, b) => (isZero(b) ? null : a.mod(b)),
  (a, b) => `mod(${a}, nullif(${b}, 0))`,
);

const concat: Operation = {
  name: '+',
  run: (args) => {
    const a = argument(args, 0);
    const b = argument(args, 1);
    return (runtime) => {
      const x = a(runtime);
      const y = b(runtime);
      return typeof x === 'string' && typeof y === 'string' ? x + y : null;
    };
  },
  sql: (args) => `(${argument(args, 0).text()} || ${argument(args, 1).text()})`,
};

/** `+` where a type is known only at run time: two texts are joined, otherwise numbers are added. */
const plus: Operation = {
  name: '+',
  run: (args, nodes, position) => {
    const join = concat.run(args, nodes, position);
    const sum = add.run(args, nodes, position);
    return (runtime) => join(runtime) ?? sum(runtime);
  },
  sql: (args, site) => add.sql(args, site),
};

function unary(name: string, apply: (a: Big) => Big, write: (a: string) => string): Operation {
  return {
    name,
    numeric: true,
    run: (args) => {
      const a = argument(args, 0);
      return (runtime) => {
        const x = asNumber(a(runtime));
        return x ? apply(x) : null;
      };
    },
    sql: (args) => write(argument(args, 0).numeric()),
  };
}

/** Rounds half away from zero, to the number of decimals of the second value (a constant, -10 to 20). */
const round: Operation = {
  name: 'round',
  numeric: true,
  run(args, nodes) {
    const a = argument(args, 0);
    const places = placesOf(nodes[1]);
    return (runtime) => {
      const x = asNumber(a(runtime));
      return x ? x.round(places, 1) : null;
    };
  },
  sql: (args) => `round(${argument(args, 0).numeric()}, ${placesOf(args[1]?.node)})`,
};

function placesOf(node: TypedNode | undefined): number {
  if (node === undefined) return 0;
  if (node.kind === 'apply' && node.operation === negate) return -placesOf(node.args[0]);
  return node.kind === 'constant' && isNumeric(node.value) ? Number(node.value) : Number.NaN;
}

const negate = unary(
  '-',
  (a) => new Decimal(0).minus(a),
  (a) => `(- ${a})`,
);

/** The least or the greatest value; null when one of them is null. */
function extreme(name: 'min' | 'max'): Operation {
  const better = (a: Value, b: Value): boolean => {
    const x = asNumber(a);
    const y = asNumber(b);
    const order = x && y ? x.cmp(y) : (compare(a, b) ?? 0);
    return name === 'min' ? order < 0 : order > 0;
  };
  return {
    name,
    run: (args: readonly Thunk[]) => (runtime) => {
      let best: Value = null;
      for (const [index, arg] of args.entries()) {
        const value = arg(runtime);
        if (value === null) return null;
        if (index === 0 || better(value, best)) best = value;
      }
      return best;
    },
    // A subquery mentions each argument once; least() and greatest() would skip nulls.
    sql(args: readonly SqlArgument[]) {
      const values = args.map((arg) => `(${isDay(arg) ? arg.value() : arg.numeric()})`).join(', ');
      return `(select case when count(v) = count(*) then ${name}(v) end from (values ${values}) as candidates(v))`;
    },
  };
}

const isDay = (arg: SqlArgument): boolean => arg.node.type === 'date' || arg.node.type === 'datetime';

function extremeDefinition(name: 'min' | 'max'): FunctionDefinition {
  const operation = extreme(name);
  return {
    minimum: 1,
    maximum: 20,
    resolve(args, signature) {
      signature.types.forEach((_, index) => accept(signature.types, index, 'ordered', signature));
      const type = signature.types.find((candidate) => candidate === 'date' || candidate === 'datetime');
      const odd =
        type &&
        signature.types.find(
          (candidate) => candidate !== type && candidate !== 'null' && candidate !== 'any',
        );
      if (type && odd) signature.mismatch(type, odd);
      const typed = args.map((arg) => (arg.type === 'null' && type ? { ...arg, type } : arg));
      return { type: type ?? numberType(signature.types), operation, args: typed };
    },
  };
}

/** Numbers are integers or decimals, never floating point; null and division by zero give null. */
export const ARITHMETIC: Readonly<Record<string, FunctionDefinition>> = {
  '+': {
    minimum: 2,
    maximum: 2,
    resolve(_args, signature) {
      const [a, b] = signature.types;
      if (a === 'any' || b === 'any') {
        return { type: a === 'string' || b === 'string' ? 'string' : 'any', operation: plus };
      }
      const text = a === 'string' || b === 'string';
      accept(signature.types, 0, text ? 'string' : 'number', signature);
      accept(signature.types, 1, text ? 'string' : 'number', signature);
      return text
        ? { type: 'string', operation: concat }
        : { type: numberType(signature.types), operation: add };
    },
  },
  '-': define(
    ['number', 'number'],
    numberType,
    binary(
      '-',
      (a, b) => a.minus(b),
      (a, b) => `(${a} - ${b})`,
    ),
  ),
  '*': define(
    ['number', 'number'],
    numberType,
    binary(
      '*',
      (a, b) => a.times(b),
      (a, b) => `(${a} * ${b})`,
    ),
  ),
  '/': define(['number', 'number'], 'decimal', divide),
  '%': define(['int', 'int'], 'int', modulo),
  '-_': define(['number'], numberType, negate),
  abs: define(
    ['number'],
    numberType,
    unary(
      'abs',
      (a) => a.abs(),
      (a) => `abs(${a})`,
    ),
  ),
  round: {
    minimum: 1,
    maximum: 2,
    resolve(args, signature) {
      accept(signature.types, 0, 'number', signature);
      const places = placesOf(args[1]);
      if (!Number.isInteger(places) || places < -10 || places > 20) signature.notConstant(1, '-10 … 20');
      return { type: places <= 0 ? 'int' : 'decimal', operation: round };
    },
  },
  min: extremeDefinition('min'),
  max: extremeDefinition('max'),
};
