import type { ExpressionType } from './types.ts';
import type { Value } from './value.ts';

/** A checked tree: every node has its type, every call its operation. Made by `checkExpression` only. */
export type TypedNode = (
  | { readonly kind: 'constant'; readonly value: Value }
  | { readonly kind: 'field'; readonly path: readonly string[] }
  | { readonly kind: 'actor'; readonly name: 'id' | 'unit' | 'roles' }
  | { readonly kind: 'list'; readonly items: readonly TypedNode[] }
  | { readonly kind: 'apply'; readonly operation: Operation; readonly args: readonly TypedNode[] }
  /** A function that the caller supplies; only JavaScript knows it. */
  | { readonly kind: 'host'; readonly name: string; readonly args: readonly TypedNode[] }
) & { readonly type: ExpressionType; readonly position: number };

/** Who the expression is evaluated for. */
export interface ExpressionUser {
  readonly id: string;
  readonly unit: string | null;
  readonly roles: readonly string[];
}

/** What a running expression may ask for. Clock, zone and user are parameters, never globals (DESIGN §3). */
export interface Runtime {
  /** Raw value of a field (the API's or the driver's form). */
  field(path: readonly string[]): unknown;
  readonly today: string;
  readonly now: string;
  readonly timeZone: string;
  readonly user: ExpressionUser;
  call(name: string, args: readonly unknown[], position: number): unknown;
}

/** A compiled node: closures, so that it runs under a CSP without `unsafe-eval`. */
export type Thunk = (runtime: Runtime) => Value;

/** An argument of an operation while SQL is written. Each method writes SQL anew: call one of them, once. */
export interface SqlArgument {
  readonly node: TypedNode;
  /** The value. */
  value(): string;
  /** The value of any type whatever: only to ask whether it is null. */
  raw(): string;
  /** The value as `uuid` when it is such a column or a text known to be one. */
  readonly uuid: (() => string) | null;
  /** The value as `numeric`, so that no arithmetic overflows an integer. */
  numeric(): string;
  /** The value as `text`. */
  text(): string;
  /** A boolean that is never null. */
  truth(): string;
  /** A boolean whose null counts as false: only for places where SQL treats it so. */
  condition(): string;
}

/** What SQL is written for. */
export interface SqlSite {
  readonly position: number;
  readonly now: string;
  readonly today: string;
  readonly timeZone: string;
  /** The condition that a column lies under a tree value. */
  under(field: TypedNode, code: string): string;
}

/**
 * A function or operator after its overload is chosen: the same result in JavaScript and in SQL, side by side. The
 * table of cases (`cases.ts`) and the property tests hold the two together.
 */
export interface Operation {
  readonly name: string;
  /** Set when the result is a boolean that is never null. */
  readonly total?: true;
  /** Set when the SQL of a number is already `numeric`. */
  readonly numeric?: true;
  run(args: readonly Thunk[], nodes: readonly TypedNode[], position: number): Thunk;
  sql(args: readonly SqlArgument[], site: SqlSite): string;
  /** Shorter SQL for a place where null counts as false (a WHERE): it can use an index. */
  condition?(args: readonly SqlArgument[], site: SqlSite): string;
}

/** Fails the check of a call; `index` is 0-based. */
export interface Signature {
  readonly types: readonly ExpressionType[];
  wrong(index: number, expected: string): never;
  mismatch(left: ExpressionType, right: ExpressionType): never;
  notConstant(index: number, expected: string): never;
}

/** A function of the language: number of arguments, check and operation. */
export interface FunctionDefinition {
  readonly minimum: number;
  readonly maximum: number;
  /** Checks the arguments, may replace them (a text that is a date), and gives the result's type. */
  resolve(args: readonly TypedNode[], signature: Signature): Resolution;
}

interface Resolution {
  readonly type: ExpressionType;
  readonly operation: Operation;
  readonly args?: readonly TypedNode[];
}
