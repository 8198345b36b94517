import type { Bind } from '../fields/field-type.ts';
import type { EntityModel, Model } from '../model/model.ts';
import type { Scope } from '../model/documents.ts';
import { quoteName } from './quote-name.ts';

/** The actor's values in predicates. They are markers until a statement runs, so that its text is shared. */
export type ActorParameter = 'me' | 'unit' | 'units';

/** The values of one actor. `units`: the actor's unit and all units under it. */
export interface ActorParameters {
  readonly me: string;
  readonly unit: string | null;
  readonly units: readonly string[];
}

/** Stands in a statement for a value of the actor who will run it. */
export class ActorMarker {
  readonly parameter: ActorParameter;
  constructor(parameter: ActorParameter) {
    this.parameter = parameter;
  }
}

/** The one marker of each value, so that a statement binds it once. */
export const ACTOR_MARKERS: Readonly<Record<ActorParameter, ActorMarker>> = {
  me: new ActorMarker('me'),
  unit: new ActorMarker('unit'),
  units: new ActorMarker('units'),
};

/** A scope, asked of the record itself (`depth` 0) or of the record `depth` parents above a line. */
export interface ScopeAtom {
  readonly scope: Exclude<Scope, 'none'>;
  readonly depth: number;
}

/** Union of scopes, canonical: without the atoms that a wider one covers, in a fixed order. Empty: no rows. */
export type ScopeSet = readonly ScopeAtom[];

export const NO_ROWS: ScopeSet = [];
export const ALL_ROWS: ScopeSet = [{ scope: 'all', depth: 0 }];

const ORDER: readonly ScopeAtom['scope'][] = ['own', 'created', 'unit', 'below', 'all'];

/** The canonical union. `all` at any depth covers everything; `below` covers `unit` of the same depth. */
export function unite(...sets: readonly ScopeSet[]): ScopeSet {
  const byKey = new Map<string, ScopeAtom>();
  for (const atom of sets.flat()) {
    if (atom.scope === 'all') return ALL_ROWS;
    byKey.set(`${atom.depth}${atom.scope}`, atom);
  }
  return [...byKey.values()]
    .filter((atom) => atom.scope !== 'unit' || !byKey.has(`${atom.depth}below`))
    .sort((a, b) => a.depth - b.depth || ORDER.indexOf(a.scope) - ORDER.indexOf(b.scope));
}

/** A text that is equal for equal sets. */
export function scopeKey(set: ScopeSet): string {
  return set.map((atom) => `${'^'.repeat(atom.depth)}${atom.scope}`).join('|');
}

/** Is every row of `inner` surely in `outer`? Decided by the scopes alone, so `false` may be over-cautious. */
export function covers(outer: ScopeSet, inner: ScopeSet): boolean {
  return scopeKey(unite(outer, inner)) === scopeKey(outer);
}

function columnOf(entity: EntityModel, field: string): string {
  return quoteName(entity.fields.get(field)?.column?.name ?? field);
}

function atomSql(model: Model, entity: EntityModel, atom: ScopeAtom, alias: string, bind: Bind): string {
  if (atom.depth > 0 && entity.parent) {
    const parent = model.entities.get(entity.parent.entity);
    if (!parent) return 'false';
    const inner = `${alias}_up`;
    const condition = atomSql(model, parent, { ...atom, depth: atom.depth - 1 }, inner, bind);
    return `EXISTS (SELECT 1 FROM ${quoteName(parent.table)} ${inner} WHERE ${inner}.id = ${alias}.${columnOf(entity, entity.parent.field)} AND ${condition})`;
  }
  switch (atom.scope) {
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
  }
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

/** The three columns that scopes look at, of a record known in memory. */
export interface ScopedRow {
  readonly owner?: unknown;
  readonly unit?: unknown;
  readonly created_by?: unknown;
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
  return set.some(({ scope, depth }) => {
    if (scope === 'all') return true;
    const at = depth > 0 ? parent : row;
    if (!at) return false;
    if (scope === 'own') return at.owner === actor.me;
    if (scope === 'created') return at.created_by === actor.me;
    if (scope === 'unit') return actor.unit !== null && at.unit === actor.unit;
    return typeof at.unit === 'string' && actor.units.includes(at.unit);
  });
}
