import type { EntityModel, FieldModel } from '../model/model.ts';
import type { Bind } from '../fields/field-type.ts';
import type { RecordAction } from '../model/documents.ts';

/** Builds a row condition on the alias of the entity's main table; `'true'` reaches all rows, `'false'` none. */
export type Predicate = (alias: string, bind: Bind) => string;

/** What one actor may do with one field. */
export interface FieldAccess {
  /** Rows in whose cell the value may be read. */
  readonly read: Predicate;
  /** Rows in whose cell the masked value may be seen, where `read` does not hold. */
  readonly masked: Predicate | null;
  readonly write: Predicate;
  readonly canRead: boolean;
  readonly canWrite: boolean;
}

/** Compiled rights of one actor on one entity. */
export interface EntityAccess {
  /** Rows of an action; `'false'` when it is not granted at all. */
  rows(action: RecordAction): Predicate;
  /** Is the action granted for any row? */
  may(action: RecordAction): boolean;
  field(field: FieldModel): FieldAccess;
}

/** The gate: compiled once per (model version, set of roles), bound to an actor by the predicates' parameters. */
export interface Access {
  entity(entity: EntityModel): EntityAccess;
  /** Function permission (SEC-06), e.g. `metadata.configure`. */
  mayUse(functionName: string): boolean;
}
