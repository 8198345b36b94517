import type { EntityModel, FieldModel } from '../model/model.ts';
import type { Bind } from '../fields/field-type.ts';
import type { RecordAction } from '../model/documents.ts';
import type { CompiledRoles } from './compile-access.ts';
import type { ActorParameters } from './actor-parameters.ts';

/** Builds a row condition on the alias of the entity's main table; `'true'` reaches all rows, `'false'` none. */
export type Predicate = (alias: string, bind: Bind) => string;

/** What one actor may do with one field. */
interface FieldAccess {
  /** Rows in whose cell the value may be read. */
  readonly read: Predicate;
  /** Rows in whose cell the masked value may be seen, where `read` does not hold. */
  readonly masked: Predicate | null;
  /** Stored rows in which the value may be changed. */
  readonly write: Predicate;
  readonly canRead: boolean;
  readonly canWrite: boolean;
  /** May the value be given when a record is created? */
  readonly canCreate: boolean;
}

/** Compiled rights of one actor on one entity. */
export interface EntityAccess {
  /** Rows of an action; `'false'` when it is not granted at all. */
  rows(action: RecordAction): Predicate;
  /** Is the action granted for any row? */
  may(action: RecordAction): boolean;
  field(field: FieldModel): FieldAccess;
  /** Rows that the actor may know of: those of `query` and of `read` (SEC-01). */
  readonly visible: Predicate;
}

/** The gate: compiled once per (model version, set of roles), bound to an actor by the predicates' parameters. */
export interface Access {
  entity(entity: EntityModel): EntityAccess;
  /** Function permission (SEC-06), e.g. `metadata.configure`. */
  mayUse(functionName: string): boolean;
  /** The rights before an actor is put in; statements are compiled and cached on this level. */
  readonly compiled: CompiledRoles;
  /** What the predicates' markers stand for. */
  readonly parameters: ActorParameters;
}
