import { argument } from './argument.ts';
import type { FunctionDefinition, Operation } from '../node.ts';
import { accept } from '../signature.ts';
import { elementType, type ExpressionType, isList, unify } from '../types.ts';
import { ExpressionError } from '../expression-error.ts';
import { equal, type Value } from '../value.ts';

const items = (list: Value): readonly Value[] => (Array.isArray(list) ? (list as readonly Value[]) : []);

/** They make new lists for what is written; a query asks with `in`. */
function notInSql(name: string): Operation['sql'] {
  return (_args, site) => {
    throw new ExpressionError('not-in-sql', site.position, { name });
  };
}

/** `including(list, x)`: the list with `x`, once; without a value it is the list as it is. */
const including: Operation = {
  name: 'including',
  run: (args) => {
    const [list, item] = [argument(args, 0), argument(args, 1)];
    return (runtime) => {
      const [all, value] = [list(runtime), item(runtime)];
      if (value === null || items(all).some((each) => equal(each, value))) return all;
      return [...items(all), value];
    };
  },
  sql: notInSql('including'),
};

/** `excluding(list, x)`: the list without `x`. */
const excluding: Operation = {
  name: 'excluding',
  run: (args) => {
    const [list, item] = [argument(args, 0), argument(args, 1)];
    return (runtime) => {
      const [all, value] = [list(runtime), item(runtime)];
      return Array.isArray(all) ? items(all).filter((each) => !equal(each, value)) : null;
    };
  },
  sql: notInSql('excluding'),
};

const define = (operation: Operation): FunctionDefinition => ({
  minimum: 2,
  maximum: 2,
  resolve(_args, signature) {
    const [list, item] = signature.types as readonly [ExpressionType, ExpressionType];
    if (list !== 'any' && !isList(list)) signature.wrong(0, 'list');
    accept(signature.types, 1, 'scalar', signature);
    if (unify(elementType(list), item) === null) signature.mismatch(elementType(list), item);
    return { type: list, operation };
  },
});

/** Lists of values with and without one of them, for what steps of a workflow set. */
export const LIST: Readonly<Record<string, FunctionDefinition>> = {
  including: define(including),
  excluding: define(excluding),
};
