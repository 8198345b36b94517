import type { Bind } from '../fields/field-type.ts';
import type { EntityModel, Model } from '../model/model.ts';
import type { Scope } from '../model/documents.ts';
import { ACTOR_MARKERS, type ActorParameters } from './actor-parameters.ts';
import { quoteName } from './quote-name.ts';
import { conditionHolds, conditionSql, type RowCondition } from './row-condition.ts';

/**
 * A scope, asked of the record itself (`depth` 0) or of the record `depth` parents above a line, where `when` holds
 * of that record, but for the rows of `except`.
 */
export interface ScopeAtom {
  readonly scope: Exclude<Scope, 'none'>;
  readonly depth: number;
  readonly when?: RowCondition;
  /** Rows that are refused although the rest reaches them (SEC-04). */
  readonly except?: ScopeSet;
}

/** Union of scopes, canonical: without the atoms that a wider one covers, in a fixed order. Empty: no rows. */
export type ScopeSet = readonly ScopeAtom[];

export const NO_ROWS: ScopeSet = [];
export const ALL_ROWS: ScopeSet = [{ scope: 'all', depth: 0 }];

const ORDER: readonly ScopeAtom['scope'][] = ['own', 'created', 'unit', 'team', 'below', 'all'];

function atomKey({ scope, depth, when, except }: ScopeAtom): string {
  const condition = when ? `{${when.source}}` : '';
  const refused = except && except.length > 0 ? `-(${scopeKey(except)})` : '';
  return `${'^'.repeat(depth)}${scope}${condition}${refused}`;
}

/** Does the first reach every row of the second? May say no where it does. */
function coversAtom(outer: ScopeAtom, inner: ScopeAtom): boolean {
  const sameDepth = outer.depth === inner.depth;
  const whole = outer.scope === 'all' && !outer.when;
  const wider =
    outer.scope === inner.scope ||
    outer.scope === 'all' ||
    (outer.scope === 'below' && inner.scope === 'unit');
  if (!whole && !(sameDepth && wider)) return false;
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
  return kept.sort(
    (a, b) =>
      a.depth - b.depth ||
      ORDER.indexOf(a.scope) - ORDER.indexOf(b.scope) ||
      (atomKey(a) < atomKey(b) ? -1 : 1),
  );
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

/** The set before its conditions are known: what may still come to lie in it. For a record that is not finished. */
export function hopeful(set: ScopeSet): ScopeSet {
  if (!set.some((atom) => atom.when || atom.except)) return set;
  return unite(
    set.map(({ scope, depth, except }) => {
      const certain = (except ?? NO_ROWS).filter((atom) => !atom.when);
      return certain.length > 0 ? { scope, depth, except: certain } : { scope, depth };
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
  const scope = plainSql(entity, atom.scope, alias, bind);
  if (!atom.when) return scope;
  const condition = conditionSql(atom.when, entity, alias, bind);
  return scope === 'true' ? condition : `(${scope} AND ${condition})`;
}

function plainSql(entity: EntityModel, scope: ScopeAtom['scope'], alias: string, bind: Bind): string {
  switch (scope) {
    case 'all':
      return 'true';
    case 'own':
      return `${alias}.${columnOf(entity, 'owner')} = ${bind(ACTOR_MARKERS.me)}::uuid`;
    case 'created':
      return `${alias}.${columnOf(entity, 'created_by')} = ${bind(ACTOR_MARKERS.me)}::uuid`;
    case 'unit':
      return `${alias}.${columnOf(entity, 'unit')} = ${bind(ACTOR_MARKERS.unit)}::uuid`;
    case 'below':
      return `${alias}.${columnOf(entity, 'unit')} = ANY(${bind(ACTOR_MARKERS.units)}::uuid[])`;
    case 'team': {
      const mates = `${alias}.${columnOf(entity, 'owner')} = ANY(${bind(ACTOR_MARKERS.mates)}::uuid[])`;
      const own = teamField(entity);
      return own === null
        ? mates
        : `(${mates} OR ${alias}.${quoteName(own)} = ANY(${bind(ACTOR_MARKERS.teams)}::uuid[]))`;
    }
  }
}

/** The column in which records of the entity name the business team they belong to, if they do (SEC-11). */
function teamField(entity: EntityModel): string | null {
  const field = entity.fields.get('team');
  return field?.type === 'reference' && field.def['entity'] === 'business_team'
    ? (field.column?.name ?? null)
    : null;
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

/** What scopes look at, of a record known in memory. Conditions look at its other fields too, by name. */
export interface ScopedRow {
  readonly owner?: unknown;
  readonly unit?: unknown;
  readonly created_by?: unknown;
  readonly team?: unknown;
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
    if (!plainHolds(atom.scope, at ?? {}, actor)) return false;
    if (atom.when && !conditionHolds(atom.when, at ?? {}, actor)) return false;
    return !atom.except || !scopeHolds(atom.except, row, actor, parent);
  });
}

function plainHolds(scope: ScopeAtom['scope'], at: ScopedRow, actor: ActorParameters): boolean {
  switch (scope) {
    case 'all':
      return true;
    case 'own':
      return actor.me !== null && at.owner === actor.me;
    case 'created':
      return actor.me !== null && at.created_by === actor.me;
    case 'unit':
      return actor.unit !== null && at.unit === actor.unit;
    case 'below':
      return typeof at.unit === 'string' && actor.units.includes(at.unit);
    case 'team':
      return (
        (typeof at.owner === 'string' && actor.mates.includes(at.owner)) ||
        (typeof at.team === 'string' && actor.teams.includes(at.team))
      );
  }
}
