import type { Actor } from '../context/context.ts';
import type { Changes } from '../change/changes.ts';
import type { ServerEvent } from '../http/contract.ts';
import type { RecordsEngine } from '../records/create-records.ts';
import type { Sessions } from '../session/session.ts';
import type { Database } from '../store/database.ts';
import type { Tokens } from '../token/token.ts';
import type { Dictionaries } from '../store/dictionaries.ts';
import type { Config } from './config.ts';
import type { EventBus } from './event-bus.ts';
import type { Installation } from './installation.ts';
import type { Logger } from './log.ts';

/**
 * Everything that runs, put together once (`createApplication`). Routes and commands get it and pass on only what
 * they need; the engines themselves never see it.
 */
export interface Application {
  readonly config: Config;
  readonly log: Logger;
  /** Version of the platform (package.json). */
  readonly version: string;
  readonly db: Database;
  readonly changes: Changes;
  readonly dictionaries: Dictionaries;
  readonly records: RecordsEngine;
  readonly sessions: Sessions;
  readonly tokens: Tokens;
  /** What every open browser hears. */
  readonly events: EventBus<ServerEvent>;
  /** Heard once, when the application begins to stop. */
  readonly closing: EventBus<void>;
  readonly installation: Installation;
  /** The first administrator, in whose name commands and sample data act. */
  readonly administrator: Actor;
  /** What was made on the very first start; null later. */
  readonly firstStart: FirstStart | null;
  close(): Promise<void>;
}

/** The first administrator. */
export interface FirstStart {
  readonly username: string;
  /** The generated password, to be printed once; null when the operator gave one. */
  readonly generatedPassword: string | null;
}
