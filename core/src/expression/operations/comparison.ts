import { argument } from './argument.ts';
import type { FunctionDefinition, Operation, SqlArgument, Thunk, TypedNode } from '../node.ts';
import { accept, align } from '../signature.ts';
import { elementType, type ExpressionType, isList, unify } from '../types.ts';
import { compare, equal, type Value } from '../value.ts';

const isNull = (arg: SqlArgument): boolean => arg.node.kind === 'constant' && arg.node.value === null;
/** A value known before the query and not null: `=` then does what IS NOT DISTINCT FROM does, with an index. */
const isKnown = (arg: SqlArgument): boolean =>
  (arg.node.kind === 'constant' && arg.node.value !== null) ||
  (arg.node.kind === 'actor' && arg.node.name === 'id');

/** Both sides as they compare: as uuids where both can, so that the column's index serves. */
function pair(a: SqlArgument, b: SqlArgument): readonly [string, string] {
  return a.uuid && b.uuid ? [a.uuid(), b.uuid()] : [a.value(), b.value()];
}

function equality(name: '==' | '!='): Operation {
  const expected = name === '==';
  return {
    name,
    total: true,
    run: (args) => {
      const a = argument(args, 0);
      const b = argument(args, 1);
      return (runtime) => equal(a(runtime), b(runtime)) === expected;
    },
    sql(args) {
      const [a, b] = [argument(args, 0), argument(args, 1)];
      if (isNull(b)) return `(${a.raw()} is ${expected ? '' : 'not '}null)`;
      if (isNull(a)) return `(${b.raw()} is ${expected ? '' : 'not '}null)`;
      const [left, right] = pair(a, b);
      return `(${left} is ${expected ? 'not ' : ''}distinct from ${right})`;
    },
    condition(args, site) {
      const [a, b] = [argument(args, 0), argument(args, 1)];
      if (!expected || isNull(a) || isNull(b) || !(isKnown(a) || isKnown(b))) return this.sql(args, site);
      const [left, right] = pair(a, b);
      return `(${left} = ${right})`;
    },
  };
}

function ordering(name: '<' | '<=' | '>' | '>='): Operation {
  const holds = {
    '<': (order: number): boolean => order < 0,
    '<=': (order: number): boolean => order <= 0,
    '>': (order: number): boolean => order > 0,
    '>=': (order: number): boolean => order >= 0,
  }[name];
  const bare = (args: readonly SqlArgument[]): string => {
    const [a, b] = [argument(args, 0), argument(args, 1)];
    const byCodePoint = a.node.type === 'string' || b.node.type === 'string';
    return byCodePoint
      ? `((${a.text()}) collate "C" ${name} ${b.text()})`
      : `(${a.value()} ${name} ${b.value()})`;
  };
  return {
    name,
    total: true,
    run: (args) => {
      const a = argument(args, 0);
      const b = argument(args, 1);
      return (runtime) => {
        const order = compare(a(runtime), b(runtime));
        return order !== null && holds(order);
      };
    },
    // Without coalesce a negation would turn the null of an ordering with null into another null, not into true.
    sql: (args) => `coalesce(${bare(args)}, false)`,
    condition: bare,
  };
}

const comparable = (type: ExpressionType): boolean => type !== 'bool' && !isList(type);

const includes = (list: Value, item: Value): boolean =>
  item !== null && Array.isArray(list) && list.some((element: Value) => equal(element, item));

/** `x in [a, b]`: equal to one of them, null-safe. */
const among: Operation = {
  name: 'in',
  total: true,
  run: (args) => {
    const [item, ...choices] = args as [Thunk, ...Thunk[]];
    return (runtime) => {
      const value = item(runtime);
      return choices.some((choice) => equal(choice(runtime), value));
    };
  },
  sql(args) {
    const [item, ...choices] = args as [SqlArgument, ...SqlArgument[]];
    const nullable = choices.filter((choice) => !isKnown(choice));
    const known = choices.filter(isKnown);
    if (nullable.length === 0)
      return known.length === 0 ? 'false' : `coalesce(${within(item, known)}, false)`;
    const values = choices.map((choice) => `(${choice.value()})`).join(', ');
    return `exists (select 1 from (values ${values}) as choices(v) where v is not distinct from ${item.value()})`;
  },
  condition(args, site) {
    const [item, ...choices] = args as [SqlArgument, ...SqlArgument[]];
    return choices.length > 0 && choices.every(isKnown) ? within(item, choices) : this.sql(args, site);
  },
};

function within(item: SqlArgument, choices: readonly SqlArgument[]): string {
  const { uuid } = item;
  const uuids = choices.flatMap((choice) => choice.uuid ?? []);
  const known = uuid && uuids.length === choices.length;
  const [left, ...values] = known
    ? [uuid(), ...uuids.map((choice) => choice())]
    : [item, ...choices].map((arg) => arg.value());
  return `(${left} in (${values.join(', ')}))`;
}

/** `x in list` of a list field; null is in no list. */
const member: Operation = {
  name: 'in',
  total: true,
  run: (args) => {
    const item = argument(args, 0);
    const list = argument(args, 1);
    return (runtime) => includes(list(runtime), item(runtime));
  },
  sql: (args) => `coalesce(${memberSql(args)}, false)`,
  condition: (args) => memberSql(args),
};

function memberSql(args: readonly SqlArgument[]): string {
  const [item, list] = [argument(args, 0), argument(args, 1)];
  if (item.node.type === 'null' || list.node.type === 'null') return 'false';
  return item.uuid && list.uuid
    ? `(${item.uuid()} = any(${list.uuid()}))`
    : `(${item.value()} = any(${list.value()}))`;
}

function resolveMember(args: readonly TypedNode[], signature: Parameters<FunctionDefinition['resolve']>[1]) {
  const [item, list] = args as [TypedNode, TypedNode];
  if (list.kind === 'list') {
    const aligned = align([item, ...list.items], signature);
    return { type: 'bool', operation: among, args: aligned.args } as const;
  }
  if (list.type !== 'any' && list.type !== 'null' && !isList(list.type)) signature.wrong(1, 'list');
  accept(signature.types, 0, 'scalar', signature);
  if (unify(item.type, elementType(list.type)) === null)
    signature.mismatch(item.type, elementType(list.type));
  return { type: 'bool', operation: member } as const;
}

const eq = (operation: Operation): FunctionDefinition => ({
  minimum: 2,
  maximum: 2,
  resolve: (args, signature) => ({ type: 'bool', operation, args: align(args, signature).args }),
});

const ordered = (operation: Operation): FunctionDefinition => ({
  minimum: 2,
  maximum: 2,
  resolve(args, signature) {
    const aligned = align(args, signature);
    if (!comparable(aligned.type))
      signature.wrong(comparable(argument(signature.types, 0)) ? 1 : 0, 'comparable');
    return { type: 'bool', operation, args: aligned.args };
  },
});

/** Comparisons: `==` and `!=` are null-safe, orderings with null are false, `in` finds a value in a list. */
export const COMPARISON: Readonly<Record<string, FunctionDefinition>> = {
  '==': eq(equality('==')),
  '!=': eq(equality('!=')),
  '<': ordered(ordering('<')),
  '<=': ordered(ordering('<=')),
  '>': ordered(ordering('>')),
  '>=': ordered(ordering('>=')),
  in: { minimum: 2, maximum: 2, resolve: resolveMember },
};

export { member };
