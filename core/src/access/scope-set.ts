import type { Bind } from '../fields/field-type.ts';
import type { EntityModel, Model } from '../model/model.ts';
import type { ActorParameters } from './actor-parameters.ts';
import { plainHolds, plainSql, type ScopedRow } from './plain-scope.ts';
import { quoteName } from './quote-name.ts';
import { conditionHolds, conditionSql } from './row-condition.ts';
import { atomKey, compareAtoms, isWider, type ScopeAtom, type ScopeSet } from './scope-atom.ts';

export type { ScopedRow } from './plain-scope.ts';
export type { ScopeAtom, ScopeSet } from './scope-atom.ts';

export const NO_ROWS: ScopeSet = [];
export const ALL_ROWS: ScopeSet = [{ scope: 'all', depth: 0 }];

/** Does the first reach every row of the second? May say no where it does. */
function coversAtom(outer: ScopeAtom, inner: ScopeAtom): boolean {
  const sameDepth = outer.depth === inner.depth;
  const whole = outer.scope === 'all' && !outer.when;
  if (!whole && !(sameDepth && isWider(outer, inner))) return false;
  if (outer.when && outer.when.source !== inner.when?.source) return false;
  return !outer.except || outer.except.length === 0 || covers(inner.except ?? NO_ROWS, outer.except);
}

/** `all` of the record above a line is all of the lines. */
function canonicalAtom(atom: ScopeAtom): ScopeAtom {
  return atom.scope === 'all' && !atom.when && atom.depth > 0 ? { ...atom, depth: 0 } : atom;
}

/** The canonical union. `all` at any depth covers everything; `below` covers `unit` of the same depth. */
export function unite(...sets: readonly ScopeSet[]): ScopeSet {
  const byKey = new Map(sets.flat().map((atom) => [atomKey(canonicalAtom(atom)), canonicalAtom(atom)]));
  if (byKey.has('all')) return ALL_ROWS;
  const kept: ScopeAtom[] = [];
  for (const [, atom] of [...byKey].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    if (kept.some((other) => coversAtom(other, atom))) continue;
    const others = kept.filter((other) => !coversAtom(atom, other));
    kept.splice(0, kept.length, ...others, atom);
  }
  return kept.sort(compareAtoms);
}

/** The rows of `set` but for those of `refused`. */
export function subtract(set: ScopeSet, refused: ScopeSet): ScopeSet {
  if (refused.length === 0 || set.length === 0) return set;
  const rest = set
    .filter((atom) => !refused.some((other) => coversAtom(other, atom)))
    .map((atom) => ({ ...atom, except: unite(atom.except ?? NO_ROWS, refused) }));
  return unite(rest);
}

/** A text that is equal for equal sets. */
export function scopeKey(set: ScopeSet): string {
  return set.map(atomKey).join('|');
}

/** Is every row of `inner` surely in `outer`? Decided by the scopes alone, so `false` may be over-cautious. */
export function covers(outer: ScopeSet, inner: ScopeSet): boolean {
  return inner.every((atom) => outer.some((other) => coversAtom(other, canonicalAtom(atom))));
}

/**
 * The set before its conditions and the record's region are known: what may still come to lie in it. For a record that
 * is not finished.
 */
export function hopeful(set: ScopeSet): ScopeSet {
  if (!set.some((atom) => atom.when || atom.region || atom.except)) return set;
  return unite(
    set.map((each) => {
      const { when: _, region, except, ...atom } = each;
      const open = region ? { ...atom, scope: 'all' as const } : atom;
      const certain = (except ?? NO_ROWS).filter((refused) => !refused.when && !refused.region);
      return certain.length > 0 ? { ...open, except: certain } : open;
    }),
  );
}

function columnOf(entity: EntityModel, field: string): string {
  return quoteName(entity.fields.get(field)?.column?.name ?? field);
}

function atomSql(model: Model, entity: EntityModel, atom: ScopeAtom, alias: string, bind: Bind): string {
  const { except, ...reached } = atom;
  const positive = reachSql(model, entity, reached, alias, bind);
  if (!except || except.length === 0) return positive;
  const refused = `(${scopeSql(model, entity, except, alias, bind)}) IS NOT TRUE`;
  return positive === 'true' ? refused : `(${positive} AND ${refused})`;
}

function reachSql(model: Model, entity: EntityModel, atom: ScopeAtom, alias: string, bind: Bind): string {
  if (atom.depth > 0 && entity.parent) {
    const parent = model.entities.get(entity.parent.entity);
    if (!parent) return 'false';
    const inner = `${alias}_up`;
    const condition = reachSql(model, parent, { ...atom, depth: atom.depth - 1 }, inner, bind);
    return `EXISTS (SELECT 1 FROM ${quoteName(parent.table)} ${inner} WHERE ${inner}.id = ${alias}.${columnOf(entity, entity.parent.field)} AND ${condition})`;
  }
  const scope = plainSql(entity, atom, alias, bind);
  if (!atom.when) return scope;
  const condition = conditionSql(atom.when, entity, alias, bind);
  return scope === 'true' ? condition : `(${scope} AND ${condition})`;
}

/** The row condition of a set on `alias`, with markers for the actor's values. */
export function scopeSql(
  model: Model,
  entity: EntityModel,
  set: ScopeSet,
  alias: string,
  bind: Bind,
): string {
  if (set.length === 0) return 'false';
  const parts = set.map((atom) => atomSql(model, entity, atom, alias, bind));
  return parts.length === 1 ? parts[0]! : `(${parts.join(' OR ')})`;
}

/**
 * Does a record in memory lie in the set? `parent` is the record above a line.
 * Null columns lie in no scope but `all`, as in SQL.
 */
export function scopeHolds(
  set: ScopeSet,
  row: ScopedRow,
  actor: ActorParameters,
  parent?: ScopedRow,
): boolean {
  return set.some((atom) => {
    const at = atom.depth > 0 ? parent : row;
    if (!at && !(atom.scope === 'all' && !atom.when)) return false;
    if (!plainHolds(atom, at ?? {}, actor)) return false;
    if (atom.when && !conditionHolds(atom.when, at ?? {}, actor)) return false;
    return !atom.except || !scopeHolds(atom.except, row, actor, parent);
  });
}
