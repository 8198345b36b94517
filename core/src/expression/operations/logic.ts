import { argument } from './argument.ts';
import type { FunctionDefinition, Operation, SqlArgument, Thunk } from '../node.ts';
import { accept, align, define } from '../signature.ts';

const truth =
  (thunk: Thunk): ((runtime: Parameters<Thunk>[0]) => boolean) =>
  (runtime) =>
    thunk(runtime) === true;

function junction(name: '&&' | '||', word: 'and' | 'or'): Operation {
  return {
    name,
    total: true,
    run(args) {
      const a = truth(argument(args, 0));
      const b = truth(argument(args, 1));
      return name === '&&' ? (runtime) => a(runtime) && b(runtime) : (runtime) => a(runtime) || b(runtime);
    },
    sql: (args) => `(${argument(args, 0).truth()} ${word} ${argument(args, 1).truth()})`,
    condition: (args) => `(${argument(args, 0).condition()} ${word} ${argument(args, 1).condition()})`,
  };
}

const not: Operation = {
  name: '!',
  total: true,
  run(args) {
    const a = truth(argument(args, 0));
    return (runtime) => !a(runtime);
  },
  // The operand must not be null here: `not null` would be null, and an ordering with null is false also under `!`.
  sql: (args) => `(not ${argument(args, 0).truth()})`,
};

const choose: Operation = {
  name: '?:',
  run([condition, yes, no]) {
    const test = truth(condition as Thunk);
    return (runtime) => (test(runtime) ? (yes as Thunk)(runtime) : (no as Thunk)(runtime));
  },
  sql: (args) =>
    `(case when ${argument(args, 0).condition()} then ${argument(args, 1).value()} else ${argument(args, 2).value()} end)`,
};

const coalesce: Operation = {
  name: 'coalesce',
  run: (args) => (runtime) => {
    for (const arg of args) {
      const value = arg(runtime);
      if (value !== null) return value;
    }
    return null;
  },
  sql: (args: readonly SqlArgument[]) => `coalesce(${args.map((arg) => arg.value()).join(', ')})`,
};

/** `&& || ! ?:` and `coalesce`: null counts as false. */
export const LOGIC: Readonly<Record<string, FunctionDefinition>> = {
  '&&': define(['bool', 'bool'], 'bool', junction('&&', 'and')),
  '||': define(['bool', 'bool'], 'bool', junction('||', 'or')),
  '!': define(['bool'], 'bool', not),
  '?:': {
    minimum: 3,
    maximum: 3,
    resolve(args, signature) {
      accept(signature.types, 0, 'bool', signature);
      const branches = align(args.slice(1), signature);
      return { type: branches.type, operation: choose, args: [argument(args, 0), ...branches.args] };
    },
  },
  coalesce: {
    minimum: 1,
    maximum: 20,
    resolve: (args, signature) => ({ ...align(args, signature), operation: coalesce }),
  },
};
