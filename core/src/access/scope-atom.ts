import type { Scope } from '../model/documents.ts';
import type { RowCondition } from './row-condition.ts';

/** The scopes of grants, and those that come to a grant without being said in it. */
type AtomScope = Exclude<Scope, 'none'> | 'shared' | 'standin';

/** A field by which records lie in territories, and the dictionary of its regions. */
export interface Region {
  readonly field: string;
  readonly dictionary: string;
}

/** What is asked of the shares of a record. */
export interface SharedPart {
  readonly level: 'read' | 'write';
  /** Shares whose giver could not read (change) this field do not count. */
  readonly field: string | null;
}

/**
 * A scope, asked of the record itself (`depth` 0) or of the record `depth` parents above a line, where `when` holds
 * of that record, but for the rows of `except`.
 */
export interface ScopeAtom {
  readonly scope: AtomScope;
  readonly depth: number;
  readonly when?: RowCondition;
  /** Of `territory`. */
  readonly region?: Region;
  /** Of `shared`. */
  readonly shared?: SharedPart;
  /** Rows that are refused although the rest reaches them (SEC-04). */
  readonly except?: ScopeSet;
}

/** Union of scopes, canonical: without the atoms that a wider one covers, in a fixed order. Empty: no rows. */
export type ScopeSet = readonly ScopeAtom[];

const ORDER: readonly AtomScope[] = [
  'own',
  'created',
  'subordinates',
  'unit',
  'team',
  'territory',
  'below',
  'all',
  'shared',
  'standin',
];

/** A text that is equal for equal atoms. */
export function atomKey({ scope, depth, when, region, shared, except }: ScopeAtom): string {
  const asked = region ? `(${region.field})` : shared ? `(${shared.level}${shared.field ?? ''})` : '';
  const condition = when ? `{${when.source}}` : '';
  const refused = except && except.length > 0 ? `-(${except.map(atomKey).join('|')})` : '';
  return `${'^'.repeat(depth)}${scope}${asked}${condition}${refused}`;
}

/** Fixed order of atoms: near records first, then from narrow to wide. */
export function compareAtoms(a: ScopeAtom, b: ScopeAtom): number {
  return (
    a.depth - b.depth || ORDER.indexOf(a.scope) - ORDER.indexOf(b.scope) || (atomKey(a) < atomKey(b) ? -1 : 1)
  );
}

/** Does the scope of the first reach every row of the second's, both asked of the same record? */
export function isWider(outer: ScopeAtom, inner: ScopeAtom): boolean {
  if (outer.scope === 'all') return true;
  if (outer.scope === 'shared' && inner.scope === 'shared') return asksLess(outer.shared, inner.shared);
  if (outer.scope === inner.scope) return true;
  if (outer.scope === 'below') return inner.scope === 'unit';
  return outer.scope === 'subordinates' && inner.scope === 'own';
}

/** Whoever may change by a share may read; a share that shows a certain field shows the record. */
function asksLess(outer: SharedPart | undefined, inner: SharedPart | undefined): boolean {
  if (!outer || !inner) return false;
  const level = outer.level === 'read' || inner.level === 'write';
  return level && (outer.field === null || outer.field === inner.field);
}
