import type { Context } from '../context/context.ts';
import type { Database } from '../store/database.ts';
import type { Dictionaries } from '../store/dictionaries.ts';
import { aggregateRecords } from './aggregate-records.ts';
import { bulkRecords } from './bulk-records.ts';
import { createMany } from './create-many.ts';
import { createRecord } from './create-record.ts';
import { entityOf } from './entity-of.ts';
import type { WriteFollower } from './follow-write.ts';
import type { BeforeWriteRunner } from './hooks.ts';
import { listRecords } from './list-records.ts';
import { mergeRecords } from './merge/merge-records.ts';
import { readRecord } from './read-record.ts';
import { recordHistory } from './record-history.ts';
import type { Records } from './records.ts';
import { removeRecord, restoreRecord, setRecordVoid } from './remove-record.ts';
import { offeredTransitions } from './workflow/offered-transitions.ts';
import { transitionRecord } from './workflow/transition-record.ts';
import { updateRecord } from './update-record.ts';
import type { KeepBeside, Written } from './write-scope.ts';
import { valuesInUse } from './values-in-use.ts';

/** What the records engine is made of. */
export interface RecordsOptions {
  readonly db: Database;
  readonly dictionaries: Dictionaries;
  /** The plugins' before-hooks; `noHooks` where there are none. */
  readonly hooks: BeforeWriteRunner;
  /** The automation rules; absent where nothing follows a write. */
  readonly follower?: WriteFollower;
  /** What is kept of a new record beside it, e.g. the keys that likely duplicates are found by. */
  readonly beside?: KeepBeside;
  /** Told what failed after a commit, where the caller has his answer all the same. */
  readonly report?: (error: unknown) => void;
  /** Called after the commit of each write, e.g. to tell the browsers. */
  readonly written?: (written: Written, context: Context) => void;
}

/** The records engine with all its functions present. */
export type RecordsEngine = Required<Records>;

/** Makes the one road to records over a database (DESIGN §4, §5). */
export function createRecords(options: RecordsOptions): RecordsEngine {
  const { db, dictionaries } = options;
  return {
    list: (context, entity, request, tx) => listRecords(tx ?? db, context, entity, request, dictionaries),
    read: (context, entity, id, request, tx) =>
      readRecord(tx ?? db, context, entity, id, request ?? {}, dictionaries),
    create: (context, entity, input, more, tx) => createRecord(options, context, entity, input, more, tx),
    createMany: (context, entity, inputs, more, tx) =>
      createMany(options, context, entityOf(context, entity), inputs, more, tx),
    update: (context, entity, id, version, patch, more, tx) =>
      updateRecord(options, context, entity, id, version, patch, more, tx),
    remove: (context, entity, id, more, tx) => removeRecord(options, context, entity, id, more, tx),
    restore: (context, entity, id, more, tx) => restoreRecord(options, context, entity, id, more, tx),
    setVoid: (context, entity, id, isVoid, more, tx) =>
      setRecordVoid(options, context, entity, id, isVoid, more, tx),
    transition: (context, entity, id, name, request, tx) =>
      transitionRecord(options, context, entity, id, name, request ?? {}, tx),
    transitions: (context, entity, id, tx) => offeredTransitions(options, context, entity, id, tx),
    history: (context, entity, id) => recordHistory(db, context, entity, id),
    valuesInUse: (context, entity, field, search) => valuesInUse(db, context, entity, field, search),
    aggregate: (context, entity, request) => aggregateRecords(db, context, entity, request, dictionaries),
    merge: (context, entity, request) => mergeRecords(options, context, entity, request),
    bulk: (context, entity, request, tx) => bulkRecords(options, context, entity, request, tx),
  };
}
