/**
 * What an expression says, before anything is known about types: CEL's tree without the parts we do not have.
 * Operators are calls by their sign (`+`, `&&`, `?:`, unary minus is `-_`); `a.f(b)` is the call `f(a, b)`.
 */
export type SyntaxNode = (
  | { readonly kind: 'literal'; readonly value: string | boolean | null }
  /** Numbers keep their text: 1.10 is exactly 1.10. */
  | { readonly kind: 'number'; readonly text: string; readonly integer: boolean }
  | { readonly kind: 'path'; readonly path: readonly string[] }
  | { readonly kind: 'list'; readonly items: readonly SyntaxNode[] }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly SyntaxNode[] }
) & { readonly position: number };

/** A parsed expression: its text and its tree, both immutable. */
export interface Expression {
  readonly text: string;
  readonly ast: SyntaxNode;
}
