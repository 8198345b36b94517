import { ExpressionError } from './expression-error.ts';
import { FUNCTIONS } from './functions.ts';
import type { Signature, TypedNode } from './node.ts';
import type { Expression, SyntaxNode } from './syntax.ts';
import type { ExpressionType } from './types.ts';
import { Decimal } from './value.ts';

/** The fields an expression may read, by path (`['customer', 'province']`). */
export interface TypeScope {
  /** Type of a field, undefined when there is none. `['old', 'name']` may be left to the type of `['name']`. */
  field(path: readonly string[]): ExpressionType | undefined;
  /** Functions of the caller's own: name → type of the result. JavaScript only. */
  readonly functions?: Readonly<Record<string, ExpressionType>>;
}

/** An expression whose types are known: what should be evaluated, for a decimal of the API is a text otherwise. */
export interface CheckedExpression extends Expression {
  readonly type: ExpressionType;
  /** Paths of the fields read, each once, in order of appearance: `customer.province`, `old.name`. */
  readonly reads: readonly string[];
  readonly root: TypedNode;
}

const ACTOR = { id: 'string', unit: 'string', roles: 'list<string>' } as const;

/** Checks an expression against the declared fields. @throws ExpressionError at the first fault */
export function checkExpression(expression: Expression, scope: TypeScope): CheckedExpression {
  return new Checker(scope, false).check(expression);
}

const unchecked = new WeakMap<Expression, CheckedExpression>();

/** The same without declared fields: every field is `any`, every unknown function is the caller's. */
export function withoutTypes(expression: Expression): CheckedExpression {
  let checked = unchecked.get(expression);
  if (!checked) {
    checked = new Checker({ field: () => 'any' }, true).check(expression);
    unchecked.set(expression, checked);
  }
  return checked;
}

class Checker {
  readonly #scope: TypeScope;
  readonly #dynamic: boolean;
  readonly #reads = new Set<string>();

  constructor(scope: TypeScope, dynamic: boolean) {
    this.#scope = scope;
    this.#dynamic = dynamic;
  }

  check(expression: Expression): CheckedExpression {
    const root = this.#node(expression.ast, false);
    return Object.freeze({ ...expression, root, type: root.type, reads: Object.freeze([...this.#reads]) });
  }

  #node(node: SyntaxNode, listAllowed: boolean): TypedNode {
    const { position } = node;
    switch (node.kind) {
      case 'literal':
        return { kind: 'constant', value: node.value, type: literalType(node.value), position };
      case 'number':
        return {
          kind: 'constant',
          value: new Decimal(node.text),
          type: node.integer ? 'int' : 'decimal',
          position,
        };
      case 'path':
        return this.#path(node.path, position);
      case 'list':
        if (!listAllowed) throw new ExpressionError('list-place', position);
        return {
          kind: 'list',
          items: node.items.map((item) => this.#node(item, false)),
          type: 'list<any>',
          position,
        };
      default:
        return this.#call(node.name, node.args, position);
    }
  }

  #path(path: readonly string[], position: number): TypedNode {
    const [first, second] = path;
    if (first === 'user' && path.length === 2 && second !== undefined && Object.hasOwn(ACTOR, second)) {
      const name = second as keyof typeof ACTOR;
      return { kind: 'actor', name, type: ACTOR[name], position };
    }
    const type =
      this.#scope.field(path) ??
      (first === 'old' && path.length > 1 ? this.#scope.field(path.slice(1)) : undefined);
    if (type === undefined) throw new ExpressionError('unknown-field', position, { field: path.join('.') });
    this.#reads.add(path.join('.'));
    return { kind: 'field', path, type, position };
  }

  #call(name: string, syntax: readonly SyntaxNode[], position: number): TypedNode {
    const definition = FUNCTIONS.get(name);
    if (!definition) return this.#host(name, syntax, position);
    const args = syntax.map((arg, index) => this.#node(arg, name === 'in' && index === 1));
    if (args.length < definition.minimum || args.length > definition.maximum) {
      const { minimum, maximum } = definition;
      const expected = minimum === maximum ? minimum : `${minimum}–${maximum}`;
      throw new ExpressionError('arguments', position, { name, expected, found: args.length });
    }
    const resolution = definition.resolve(args, signature(name, args, position));
    return {
      kind: 'apply',
      operation: resolution.operation,
      args: resolution.args ?? args,
      type: resolution.type,
      position,
    };
  }

  #host(name: string, syntax: readonly SyntaxNode[], position: number): TypedNode {
    const declared = this.#scope.functions;
    const type =
      declared && Object.hasOwn(declared, name) ? declared[name] : this.#dynamic ? 'any' : undefined;
    if (type === undefined) throw new ExpressionError('unknown-function', position, { name });
    return { kind: 'host', name, args: syntax.map((arg) => this.#node(arg, false)), type, position };
  }
}

function literalType(value: string | boolean | null): ExpressionType {
  return value === null ? 'null' : typeof value === 'string' ? 'string' : 'bool';
}

function signature(name: string, args: readonly TypedNode[], position: number): Signature {
  const shown = name === '-_' ? '-' : name;
  const positionOf = (index: number): number => args[index]?.position ?? position;
  return {
    types: args.map((arg) => arg.type),
    wrong(index, expected) {
      const actual = args[index]?.type ?? 'null';
      throw new ExpressionError('type', positionOf(index), {
        name: shown,
        index: index + 1,
        expected,
        actual,
      });
    },
    mismatch(left, right) {
      throw new ExpressionError('mismatch', position, { name: shown, left, right });
    },
    notConstant(index, expected) {
      if (index < 0) throw new ExpressionError('date-text', position, { found: expected });
      throw new ExpressionError('constant', positionOf(index), { name: shown, index: index + 1, expected });
    },
  };
}
