import { argument } from './argument.ts';
import type { FunctionDefinition, Operation, Thunk, TypedNode } from '../node.ts';
import { elementType } from '../types.ts';

/** `under(field, 'CODE')`: the field's value, or one of its values, is the code or lies below it in its tree. */
const under: Operation = {
  name: 'under',
  total: true,
  run(args, nodes, position) {
    const field = argument(nodes, 0);
    const path = field.kind === 'field' ? field.path.join('.') : '';
    const [value, code] = args as [Thunk, Thunk];
    return (runtime) => {
      const tested = value(runtime);
      return tested !== null && runtime.call('under', [tested, code(runtime), path], position) === true;
    };
  },
  sql: (args, site) =>
    `coalesce(${site.under(argument(args, 0).node, codeOf(argument(args, 1).node))}, false)`,
  condition: (args, site) => `(${site.under(argument(args, 0).node, codeOf(argument(args, 1).node))})`,
};

function codeOf(node: TypedNode): string {
  return node.kind === 'constant' && typeof node.value === 'string' ? node.value : '';
}

/** The test of tree dictionaries. */
export const TREE: Readonly<Record<string, FunctionDefinition>> = {
  under: {
    minimum: 2,
    maximum: 2,
    resolve(args, signature) {
      const [field, code] = args as [TypedNode, TypedNode];
      if (field.kind !== 'field') signature.wrong(0, 'field');
      const type = field.type.startsWith('list<') ? elementType(field.type) : field.type;
      if (type !== 'string' && type !== 'any') signature.wrong(0, 'string');
      if (codeOf(code) === '') signature.notConstant(1, "'CODE'");
      return { type: 'bool', operation: under };
    },
  },
};
