import { type ASTNode, Environment, ParseError } from '@marcbachmann/cel-js';
import { ExpressionError } from './expression-error.ts';
import type { Expression, SyntaxNode } from './syntax.ts';

const MAX_LENGTH = 4000;
/** Bounds the recursion of the evaluator and the nesting of the SQL, whose parser has a stack of its own. */
const MAX_DEPTH = 120;
const MAX_DIGITS = 40;
const CACHE_SIZE = 1000;

const MACROS: ReadonlySet<string> = new Set([
  'has',
  'all',
  'exists',
  'exists_one',
  'map',
  'filter',
  'bind',
  'block',
]);

const environment = new Environment({
  limits: {
    maxAstNodes: 1500,
    maxDepth: MAX_DEPTH,
    maxListElements: 500,
    maxMapEntries: 1,
    maxCallArguments: 32,
  },
});

const cache = new Map<string, Expression>();

/**
 * Reads an expression. The result is frozen and cached by its text, so parsing in a hot path is cheap.
 * @throws ExpressionError with the position of the fault
 * @example parseExpression("type == 'service' && employee_count > 50")
 */
export function parseExpression(text: string): Expression {
  const known = cache.get(text);
  if (known) {
    cache.delete(text);
    cache.set(text, known);
    return known;
  }
  if (text.trim() === '') throw new ExpressionError('empty', 0);
  if (text.length > MAX_LENGTH) throw new ExpressionError('too-long', MAX_LENGTH, { max: MAX_LENGTH });
  const expression = Object.freeze({ text, ast: convert(read(text), 0) });
  cache.set(text, expression);
  if (cache.size > CACHE_SIZE) cache.delete(cache.keys().next().value as string);
  return expression;
}

function read(text: string): ASTNode {
  try {
    return environment.parse(text).ast;
  } catch (error) {
    if (error instanceof ParseError) throw translate(error, text);
    throw error;
  }
}

/** Says the parser's error in our words and both languages. */
function translate(error: ParseError, text: string): ExpressionError {
  const start = error.range?.start ?? 0;
  const character = String.fromCodePoint(text.codePointAt(start) ?? 0x20);
  const written = text.slice(start, error.range?.end ?? start);
  const found = written.length > 1 ? written : character;
  if (error.code === 'limit_exceeded') return new ExpressionError('too-deep', start);
  if (error.code === 'reserved_identifier') return new ExpressionError('reserved', start, { found });
  if (error.code === 'invalid_macro_argument') return new ExpressionError('macro', start, { name: found });
  if (/number|integer|digit|exponent/.test(error.code))
    return new ExpressionError('number', start, { found });
  if (/string|escape|unicode|newline|quote/.test(error.code)) return new ExpressionError('text', start);
  return start >= text.trimEnd().length
    ? new ExpressionError('incomplete', start)
    : new ExpressionError('syntax', start, { found });
}

function convert(node: ASTNode, depth: number): SyntaxNode {
  if (depth > MAX_DEPTH) throw new ExpressionError('too-deep', node.start);
  return Object.freeze(convertNode(node, depth + 1));
}

function convertNode(node: ASTNode, depth: number): SyntaxNode {
  const position = node.start;
  const call = (name: string, ...args: readonly ASTNode[]): SyntaxNode => {
    if (MACROS.has(name)) throw new ExpressionError('macro', position, { name });
    return { kind: 'call', name, args: Object.freeze(args.map((arg) => convert(arg, depth))), position };
  };
  switch (node.op) {
    case 'value':
      return literal(node.args, node.input.slice(node.start, node.end), position);
    case 'id':
      return { kind: 'path', path: Object.freeze([node.args]), position };
    case '.': {
      const owner = convert(node.args[0], depth);
      if (owner.kind !== 'path')
        throw new ExpressionError('unsupported', node.pos, { what: `.${node.args[1]}` });
      return { kind: 'path', path: Object.freeze([...owner.path, node.args[1]]), position };
    }
    case 'list':
      return { kind: 'list', items: Object.freeze(node.args.map((item) => convert(item, depth))), position };
    case 'call':
      return call(node.args[0], ...node.args[1]);
    case 'rcall':
      return call(node.args[0], node.args[1], ...node.args[2]);
    case '?:':
      return call('?:', ...node.args);
    case '!_':
      return call('!', node.args);
    case '-_':
      return call('-_', node.args);
    case '[]':
    case '[?]':
      throw new ExpressionError('unsupported', position, { what: '[ ]' });
    case '.?':
      throw new ExpressionError('unsupported', position, { what: '.?' });
    case 'map':
      throw new ExpressionError('unsupported', position, { what: '{ }' });
    default:
      return call(node.op, ...node.args);
  }
}

function literal(value: unknown, source: string, position: number): SyntaxNode {
  if (typeof value === 'number' || typeof value === 'bigint') {
    const text = typeof value === 'bigint' ? value.toString() : source;
    const plain = /^\d+(\.\d+)?$/.test(text) && text.length <= MAX_DIGITS + 1;
    if (!plain) throw new ExpressionError('number', position, { found: source });
    return { kind: 'number', text, integer: typeof value === 'bigint', position };
  }
  if (typeof value === 'string') {
    // PostgreSQL's text holds neither; a literal that only the browser could compare would break the promise.
    if (value.includes('\u0000') || /\p{Surrogate}/u.test(value)) throw new ExpressionError('text', position);
    return { kind: 'literal', value, position };
  }
  if (value === null || typeof value === 'boolean') return { kind: 'literal', value, position };
  throw new ExpressionError('unsupported', position, { what: source });
}
