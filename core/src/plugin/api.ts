import type { ListAnswer, ListRequest, ReadRequest, RecordData } from '../records/records.ts';
import type { LocaleText } from '../text/locale.ts';
import { Problem, type Fault } from '../errors/problem.ts';
import type { FieldType } from '../fields/field-type.ts';

export { default as Decimal } from 'big.js';
export type { RecordData, ListAnswer, ListRequest } from '../records/records.ts';
export type { FieldType, ValueFault } from '../fields/field-type.ts';
export { fieldType } from '../fields/registry.ts';
export type { LocaleText } from '../text/locale.ts';

/** Records as a plugin sees them: through the gate, as the acting user, inside the transaction of the write. */
export interface ScopedRecords {
  list(entity: string, request: ListRequest): Promise<ListAnswer>;
  read(entity: string, id: string, request?: ReadRequest): Promise<RecordData>;
  create(entity: string, input: RecordData): Promise<RecordData>;
  update(entity: string, id: string, version: number, patch: RecordData): Promise<RecordData>;
}

/** What a hook gets besides its event. A before-hook must not use the network (DESIGN §4). */
export interface HookScope {
  readonly records: ScopedRecords;
  readonly actor: { readonly id: string; readonly unit: string | null };
  /** Business date, `YYYY-MM-DD`. */
  readonly today: string;
  readonly settings: Readonly<Record<string, unknown>>;
}

/** A record on its way into the database. `draft` is complete: sent values over the stored ones, lines included. */
export interface BeforeWrite {
  readonly entity: string;
  readonly id: string;
  /** Stored state before, with its lines; null on create. */
  readonly previous: RecordData | null;
  readonly draft: RecordData;
  /** Names of the fields the client sent. */
  readonly sent: ReadonlySet<string>;
}

export interface EntityHooks {
  /** Returns values to set (read-only fields too, lines whole), or nothing. Throw `refuse(…)` to stop the write. */
  beforeWrite?(event: BeforeWrite, scope: HookScope): RecordData | void | Promise<RecordData | void>;
}

/** What an action gets besides its input. */
export interface ActionScope extends HookScope {
  /** The record that the rule was about. */
  readonly record: { readonly entity: string; readonly id: string } | null;
  /**
   * The same at every attempt, and another one for every other run: give it to whatever you reach outside of the
   * database, so that a repetition after a crash does nothing twice.
   */
  readonly idempotencyKey: string;
}

/**
 * Something that automation rules can ask of a plugin. It runs after the commit of what asked for it, with the rights
 * of the rule's roles, in a transaction of its own: what it writes through `scope.records` is written exactly once.
 * What it throws is told in the run log, and it is tried again later. It must not take longer than a minute.
 */
export interface PluginAction {
  readonly label: LocaleText;
  run(input: RecordData, scope: ActionScope): void | Promise<void>;
}

export interface PluginServer {
  /** Name → action. */
  readonly actions?: Readonly<Record<string, PluginAction>>;
  /** Entity name → hooks. The entity may belong to the base or another plugin. */
  readonly hooks?: Readonly<Record<string, EntityHooks>>;
  /**
   * Field types that documents may then use like the platform's own (NF-EXT-02). Take one of those with `fieldType`
   * and change what differs. Browsers edit and show them as text.
   */
  readonly fieldTypes?: readonly FieldType[];
}

/** Declares the server part of a plugin; the default export of the manifest's `server` file. */
export function definePlugin(server: PluginServer): PluginServer {
  return server;
}

/**
 * Refuses the write that a hook looks at, with a sentence in both languages (PLG-05).
 * @param at JSON Pointer of the faulty value, e.g. `/lines/0/ad_service`
 */
export function refuse(message: LocaleText, at = '', code = 'MRT_PLUGIN_REFUSED'): Problem {
  const fault: Fault = { path: at, code, message };
  return new Problem('MRT_PLUGIN_REFUSED', 422, message, [fault]);
}

/** Numbers by chance, the same in every run, so that sample data can be told from real data and tests can count on it. */
export interface Random {
  /** Whole number from `min` to `max`, both included. */
  int(min: number, max: number): number;
  chance(probability: number): boolean;
  pick<T>(list: readonly T[]): T;
  /** Picks by weight: `[['四川', 5], ['西藏', 1]]`. */
  weighted<T>(list: readonly (readonly [T, number])[]): T;
}

/** What a demo script works with. Everything passes the gate and is marked as sample data, to be removed at once. */
export interface DemoScope {
  readonly random: Random;
  /** Business date, `YYYY-MM-DD`. */
  readonly today: string;
  /** Active values of a dictionary. */
  values(dictionary: string): readonly {
    readonly code: string;
    readonly label: LocaleText;
    readonly parent: string | null;
    readonly data: Readonly<Record<string, string | number | boolean>>;
  }[];
  list(entity: string, request: ListRequest): Promise<ListAnswer>;
  /** Creates records in one transaction; a client id may be given. Answers ids and versions in the same order. */
  create(
    entity: string,
    records: readonly RecordData[],
  ): Promise<readonly { readonly id: string; readonly version: number }[]>;
  update(
    entity: string,
    changes: readonly { readonly id: string; readonly version: number; readonly patch: RecordData }[],
  ): Promise<void>;
  /** Gives a sample user a password, so that one can sign in as them. */
  setPassword(user: string, password: string): Promise<void>;
}

export type DemoScript = (demo: DemoScope) => Promise<void>;

/** Declares sample data; the default export of `demo/demo.ts` beside the documents. */
export function defineDemo(script: DemoScript): DemoScript {
  return script;
}

/** `plugin.json` (schema: core/schemas/plugin.schema.json). */
export interface PluginManifest {
  readonly name: string;
  readonly version: string;
  readonly label: LocaleText;
  readonly description?: LocaleText;
  /** Range of platform versions, e.g. `^0.1.0`. */
  readonly platform: string;
  /** Plugin name → version range. */
  readonly dependencies?: Readonly<Record<string, string>>;
  /** Path of the server module, relative to the manifest. */
  readonly server?: string;
  /** JSON Schema of the plugin's settings (PLG-07). */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Enabled in a new installation. Default true for shipped plugins. */
  readonly enabled?: boolean;
}
