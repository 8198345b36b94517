/**
 * The one expression language (DESIGN §3, docs/expressions.md): CEL's syntax with total semantics, the same result
 * in the browser, on the server and in SQL. Safe to import in a browser.
 * @module
 */
export { parseExpression } from './parse.ts';
export type { Expression, SyntaxNode } from './syntax.ts';
export { checkExpression } from './check.ts';
export type { CheckedExpression, TypeScope } from './check.ts';
export { evaluateExpression, evaluator } from './evaluate.ts';
export type { ValueScope } from './evaluate.ts';
export { compileSql, compileSqlCondition } from './compile-sql.ts';
export type { SqlColumn, SqlScope } from './compile-sql.ts';
export { ExpressionError } from './expression-error.ts';
export type { ExpressionErrorCode } from './expression-error.ts';
export { isNumber, toExpressionType, unify } from './types.ts';
export type { ExpressionType } from './types.ts';
export type { ExpressionUser } from './node.ts';
export { companyKey } from './company-key.ts';
