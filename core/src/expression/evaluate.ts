import { dateIn, toMoment } from './calendar.ts';
import { type CheckedExpression, withoutTypes } from './check.ts';
import { ExpressionError } from './expression-error.ts';
import type { ExpressionUser, Runtime, Thunk, TypedNode } from './node.ts';
import type { Expression } from './syntax.ts';
import { fromValue, toValue } from './value.ts';

/** What an expression is evaluated over. */
export interface ValueScope {
  /** The value of a field in the form of the API; undefined and null are both "no value". */
  field(path: readonly string[]): unknown;
  readonly now: Date;
  /** IANA name of the installation's zone; decides `today()` and `date()`. */
  readonly timeZone: string;
  readonly user: ExpressionUser;
  /**
   * Functions of the caller. `under(value, code, path)` is called by the language's `under`; others get plain
   * values (decimals as texts).
   */
  readonly functions?: Readonly<Record<string, (...args: readonly unknown[]) => unknown>>;
}

const compiled = new WeakMap<CheckedExpression, Thunk>();

/**
 * The value of an expression: integers as numbers, decimals as texts without exponent, dates and moments as texts.
 * Total: whatever the fields hold there is a result, null where arithmetic has none. Give it the checked expression:
 * an unchecked one takes each value as it comes, and a decimal of the API is then a text (`'1.5' + '1'` is `'1.51'`).
 * @throws ExpressionError only for a function that `scope.functions` lacks
 */
export function evaluateExpression(expression: Expression | CheckedExpression, scope: ValueScope): unknown {
  return evaluator(scope)('root' in expression ? expression : withoutTypes(expression));
}

/** Evaluates any number of expressions over one record, each as {@link evaluateExpression} does. */
export function evaluator(scope: ValueScope): (expression: CheckedExpression) => unknown {
  const runtime = runtimeOf(scope);
  return (expression) => {
    let run = compiled.get(expression);
    if (!run) {
      run = compile(expression.root);
      compiled.set(expression, run);
    }
    return fromValue(run(runtime), expression.type);
  };
}

function runtimeOf(scope: ValueScope): Runtime {
  return {
    field: (path) => scope.field(path),
    timeZone: scope.timeZone,
    user: scope.user,
    get today() {
      return dateIn(scope.timeZone, scope.now);
    },
    get now() {
      return toMoment(scope.now) ?? '';
    },
    call(name, args, position) {
      const functions = scope.functions;
      const implementation = functions && Object.hasOwn(functions, name) ? functions[name] : undefined;
      if (!implementation) throw new ExpressionError('function-missing', position, { name });
      return implementation(...args);
    },
  };
}

function compile(node: TypedNode): Thunk {
  switch (node.kind) {
    case 'constant': {
      const { value } = node;
      return () => value;
    }
    case 'field': {
      const { path, type } = node;
      return (runtime) => toValue(runtime.field(path), type);
    }
    case 'actor': {
      const { name, type } = node;
      return (runtime) => toValue(runtime.user[name], type);
    }
    case 'apply':
      return node.operation.run(node.args.map(compile), node.args, node.position);
    case 'host': {
      const args = node.args.map(compile);
      const { name, type, position } = node;
      return (runtime) => {
        const values = args.map((arg, index) =>
          fromValue(arg(runtime), (node.args[index] as TypedNode).type),
        );
        return toValue(runtime.call(name, values, position), type);
      };
    }
    default:
      // A list stands beside `in` only, whose check takes it apart.
      throw new ExpressionError('list-place', node.position);
  }
}
