import type { RecordAction } from '../model/documents.ts';
import type { EntityModel, FieldModel, Model } from '../model/model.ts';
import {
  ceilingOf,
  isOfFields,
  levelOf,
  rowsBeyond,
  rowsOf,
  type AppliedGrant,
  type Extension,
} from './applied-grant.ts';
import { isDenial } from './personal-grant.ts';
import { placesRecord } from './placing-fields.ts';
import { NO_ROWS, subtract, unite, type ScopeSet } from './scope-set.ts';

/** Rows in which a field may be read, seen masked, changed and given on create. */
export interface CompiledField {
  readonly read: ScopeSet;
  readonly masked: ScopeSet;
  readonly write: ScopeSet;
  readonly create: ScopeSet;
}

const ALWAYS_SHOWN: ReadonlySet<string> = new Set(['id', 'version']);

/** Grants of equal rank, and what they together say (SEC-04). */
export interface Rank {
  readonly allowing: readonly AppliedGrant[];
  readonly denying: readonly AppliedGrant[];
}

function rankOf({ personal, filter }: AppliedGrant): number {
  if (filter) return 2;
  return personal === null ? 0 : 1;
}

/** Lower first: what roles say, then what is said of the person himself, then the filters of his department. */
export function ranksOf(grants: readonly AppliedGrant[]): readonly Rank[] {
  return [0, 1, 2].map((of) => {
    const rank = grants.filter((each) => rankOf(each) === of);
    return {
      allowing: rank.filter(({ document }) => !isDenial(document)),
      denying: rank.filter(({ document }) => isDenial(document)),
    };
  });
}

/** The rows of an action, what is said of the person laid over what his roles say. */
export function rowsOfAction(
  model: Model,
  entity: EntityModel,
  ranks: readonly Rank[],
  extension: Extension,
  action: RecordAction,
): ScopeSet {
  const rows = (of: readonly AppliedGrant[]): readonly ScopeSet[] =>
    of
      .filter((each) => !isOfFields(each))
      .flatMap((each) => [
        rowsOf(model, entity, each, action),
        rowsBeyond(model, entity, each, action, extension, null),
      ]);
  return ranks.reduce<ScopeSet>(
    (set, { allowing, denying }) => subtract(unite(set, ...rows(allowing)), unite(...rows(denying))),
    NO_ROWS,
  );
}

/**
 * The rows of one field while ranks are laid over each other. `known` and `knownMasked`: those that the right to query
 * shows it in. They are kept apart, for a refusal of one right leaves what the other shows.
 */
interface FieldRows {
  read: ScopeSet;
  known: ScopeSet;
  masked: ScopeSet;
  knownMasked: ScopeSet;
  write: ScopeSet;
  create: ScopeSet;
}

/** How shares and absent colleagues bear on a field. */
interface FieldReach {
  readonly extension: Extension;
  /** The name by which shares may withhold the field; null where none does. */
  readonly shareName: string | null;
}

function allowField(
  model: Model,
  entity: EntityModel,
  field: FieldModel,
  each: AppliedGrant,
  reach: FieldReach,
  rows: FieldRows,
): void {
  const level = levelOf(entity, field, each);
  if (level === 'hidden') return;
  const of = (action: RecordAction): ScopeSet =>
    unite(
      rowsOf(model, entity, each, action),
      rowsBeyond(model, entity, each, action, reach.extension, reach.shareName),
    );
  const known = entity.identifying.has(field.name) ? of('query') : NO_ROWS;
  if (level === 'masked') {
    rows.masked = unite(rows.masked, of('read'));
    rows.knownMasked = unite(rows.knownMasked, known);
    return;
  }
  rows.read = unite(rows.read, of('read'));
  rows.known = unite(rows.known, known);
  if (level !== 'write') return;
  const changed = placesRecord(model, entity, field) ? rowsOf(model, entity, each, 'update') : of('update');
  rows.write = unite(rows.write, changed);
  rows.create = unite(rows.create, of('create'));
}

function denyField(
  model: Model,
  entity: EntityModel,
  field: FieldModel,
  each: AppliedGrant,
  rows: FieldRows,
): void {
  const ceiling = ceilingOf(entity, field, each);
  if (ceiling === 'write') return;
  const of = (action: RecordAction): ScopeSet => rowsOf(model, entity, each, action);
  const ofFields = isOfFields(each);
  rows.write = subtract(rows.write, of('update'));
  rows.create = subtract(rows.create, of('create'));
  if (ceiling === 'read') return;
  if (ofFields) rows.write = subtract(rows.write, of('read'));
  // Who may not read a record may still query it, and then sees by what it is known.
  const [read, known] = [of('read'), of(ofFields ? 'read' : 'query')];
  if (ceiling === 'masked') {
    rows.masked = unite(rows.masked, rows.read);
    rows.knownMasked = unite(rows.knownMasked, rows.known);
  } else {
    rows.masked = subtract(rows.masked, read);
    rows.knownMasked = subtract(rows.knownMasked, known);
  }
  rows.read = subtract(rows.read, read);
  rows.known = subtract(rows.known, known);
}

/** Rows of one field, the ranks laid over each other. */
export function compileField(
  model: Model,
  entity: EntityModel,
  field: FieldModel,
  ranks: readonly Rank[],
  reach: FieldReach,
  visible: ScopeSet,
): CompiledField {
  if (ALWAYS_SHOWN.has(field.name))
    return { read: visible, masked: NO_ROWS, write: NO_ROWS, create: NO_ROWS };
  const rows: FieldRows = {
    read: NO_ROWS,
    known: NO_ROWS,
    masked: NO_ROWS,
    knownMasked: NO_ROWS,
    write: NO_ROWS,
    create: NO_ROWS,
  };
  for (const { allowing, denying } of ranks) {
    for (const each of allowing) allowField(model, entity, field, each, reach, rows);
    for (const each of denying) denyField(model, entity, field, each, rows);
  }
  const { read, known, masked, knownMasked, write, create } = rows;
  return { read: unite(read, known), masked: unite(masked, knownMasked), write, create };
}
