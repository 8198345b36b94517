import type { Bind } from '../fields/field-type.ts';
import type { EntityModel } from '../model/model.ts';
import { ACTOR_MARKERS, territoryMarker, type ActorParameters } from './actor-parameters.ts';
import { quoteName } from './quote-name.ts';
import type { Region, ScopeAtom, SharedPart } from './scope-atom.ts';
import { shareHolds, SHARES, type Share } from './shares.ts';

/** What scopes look at, of a record known in memory. Conditions and regions look at its other fields too, by name. */
export interface ScopedRow {
  readonly owner?: unknown;
  readonly unit?: unknown;
  readonly created_by?: unknown;
  readonly team?: unknown;
  readonly [SHARES]?: readonly Share[];
}

function columnOf(entity: EntityModel, field: string): string {
  return quoteName(entity.fields.get(field)?.column?.name ?? field);
}

/** One scope as a condition on the rows of `alias`, without the condition of the grant and what is refused. */
export function plainSql(entity: EntityModel, atom: ScopeAtom, alias: string, bind: Bind): string {
  const ownedBy = (whom: string): string => `${alias}.${columnOf(entity, 'owner')} = ANY(${whom}::uuid[])`;
  switch (atom.scope) {
    case 'all':
      return 'true';
    case 'own':
      return `${alias}.${columnOf(entity, 'owner')} = ${bind(ACTOR_MARKERS.me)}::uuid`;
    case 'created':
      return `${alias}.${columnOf(entity, 'created_by')} = ${bind(ACTOR_MARKERS.me)}::uuid`;
    case 'subordinates':
      return ownedBy(bind(ACTOR_MARKERS.led));
    case 'standin':
      return ownedBy(bind(ACTOR_MARKERS.absent));
    case 'unit':
      return `${alias}.${columnOf(entity, 'unit')} = ${bind(ACTOR_MARKERS.unit)}::uuid`;
    case 'below':
      return `${alias}.${columnOf(entity, 'unit')} = ANY(${bind(ACTOR_MARKERS.units)}::uuid[])`;
    case 'team': {
      const mates = ownedBy(bind(ACTOR_MARKERS.mates));
      const own = teamField(entity);
      return own === null
        ? mates
        : `(${mates} OR ${alias}.${quoteName(own)} = ANY(${bind(ACTOR_MARKERS.teams)}::uuid[]))`;
    }
    case 'territory':
      return atom.region ? territorySql(entity, atom.region, alias, bind) : 'false';
    case 'shared':
      return atom.shared ? sharedSql(entity, atom.shared, alias, bind) : 'false';
  }
}

/** The column in which records of the entity name the business team they belong to, if they do (SEC-11). */
function teamField(entity: EntityModel): string | null {
  const field = entity.fields.get('team');
  return field?.type === 'reference' && field.def['entity'] === 'business_team'
    ? (field.column?.name ?? null)
    : null;
}

function territorySql(entity: EntityModel, region: Region, alias: string, bind: Bind): string {
  const column = entity.fields.get(region.field)?.column;
  if (!column) return 'false';
  const name = quoteName(column.name);
  const value =
    column.table === entity.table
      ? `${alias}.${name}`
      : `(SELECT part.${name} FROM ${quoteName(column.table)} part WHERE part.id = ${alias}.id)`;
  const codes = `${bind(territoryMarker(region.dictionary))}::text[]`;
  return column.type === 'text[]' ? `${value} && ${codes}` : `${value} = ANY(${codes})`;
}

/**
 * The shares are looked up once for a statement, by their own index, and the rows they name by the primary key: an
 * EXISTS under OR would have every row of the table looked at.
 */
function sharedSql(entity: EntityModel, { level, field }: SharedPart, alias: string, bind: Bind): string {
  const conditions = [
    `s.grantee = ANY(${bind(ACTOR_MARKERS.principals)}::uuid[])`,
    `s.entity = '${entity.name}'`,
    `(s.until IS NULL OR s.until >= ${bind(ACTOR_MARKERS.today)}::date)`,
    ...(level === 'write' ? [`s.level = 'write'`] : []),
    ...(field === null ? [] : [`NOT ('${field}' = ANY(s.${level === 'write' ? 'unwritten' : 'unread'}))`]),
  ];
  return `${alias}.id = ANY(ARRAY(SELECT s.record_id FROM mortise.record_share s WHERE ${conditions.join(' AND ')}))`;
}

function isOneOf(value: unknown, whom: readonly string[]): boolean {
  return typeof value === 'string' && whom.includes(value);
}

/** The same of a record in memory. Null columns lie in no scope but `all`, as in SQL. */
export function plainHolds(atom: ScopeAtom, at: ScopedRow, actor: ActorParameters): boolean {
  switch (atom.scope) {
    case 'all':
      return true;
    case 'own':
      return actor.me !== null && at.owner === actor.me;
    case 'created':
      return actor.me !== null && at.created_by === actor.me;
    case 'subordinates':
      return isOneOf(at.owner, actor.led);
    case 'standin':
      return isOneOf(at.owner, actor.absent);
    case 'unit':
      return actor.unit !== null && at.unit === actor.unit;
    case 'below':
      return isOneOf(at.unit, actor.units);
    case 'team':
      return isOneOf(at.owner, actor.mates) || isOneOf(at.team, actor.teams);
    case 'territory': {
      const { region } = atom;
      if (!region) return false;
      const codes = actor.territories(region.dictionary);
      const value = (at as Readonly<Record<string, unknown>>)[region.field];
      return (Array.isArray(value) ? value : [value]).some((code) => isOneOf(code, codes));
    }
    case 'shared':
      return atom.shared !== undefined && shareHolds(at[SHARES] ?? [], atom.shared, actor);
  }
}
