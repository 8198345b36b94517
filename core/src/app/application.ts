import type { AuditLog } from '../audit/audit.ts';
import type { SecurityLog } from '../audit/security-log.ts';
import type { AutomationEngine } from '../automation/create-automation.ts';
import type { Backups } from '../backup/backups.ts';
import type { Actor, Context } from '../context/context.ts';
import type { Changes } from '../change/changes.ts';
import type { Drafts } from '../drafts/drafts.ts';
import type { Duplicates } from '../duplicates/duplicates.ts';
import type { ServerEvent } from '../http/contract.ts';
import type { LoadedPlugin } from '../plugin/hook-runner.ts';
import type { Notifications } from '../notifications/create-notifications.ts';
import type { RecordsEngine } from '../records/create-records.ts';
import type { ReassignRequest } from '../records/workflow/reassign.ts';
import type { HandOverAnswer, HandOverRequest } from '../records/handover/handover.ts';
import type { Mail } from '../mail/create-mail.ts';
import type { Reminders } from '../reminders/create-reminders.ts';
import type { Outputs } from '../output/output.ts';
import type { Quotas } from '../output/quotas.ts';
import type { Sharing } from '../records/sharing/create-sharing.ts';
import type { Operations } from '../records/operations/operations.ts';
import type { Standings } from '../session/standings.ts';
import type { Sessions } from '../session/session.ts';
import type { Database } from '../store/database.ts';
import type { TrialScope } from '../trial/try-workflow.ts';
import type { Tokens } from '../token/token.ts';
import type { Dictionaries } from '../store/dictionaries.ts';
import type { Config } from './config.ts';
import type { EventBus } from './event-bus.ts';
import type { Installation } from './installation.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { Health } from './health.ts';
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
  /** Every write of a person is held against likely duplicates (ENT-03). */
  readonly records: RecordsEngine;
  /** What workflows are tried with, before they are applied. */
  readonly trials: TrialScope;
  readonly duplicates: Duplicates;
  /** Rules, deadlines, and what is sent after a commit. */
  readonly automation: AutomationEngine;
  /** Server parts of the installed plugins. */
  readonly plugins: readonly LoadedPlugin[];
  readonly operations: Operations;
  /** Sharing of single records. */
  readonly sharing: Sharing;
  /** Log and quotas of what leaves the system (SEC-08). */
  readonly outputs: Outputs;
  /** What people typed into forms and have not saved. */
  readonly drafts: Drafts;
  /** Limits of persons and groups (SEC-08). */
  readonly quotas: Quotas;
  /** Notes sign-ins, refused attempts, reads of sensitive data and what is done to accounts (AUD-01). */
  readonly security: SecurityLog;
  /** All logs in one (AUD-01). */
  readonly audit: AuditLog;
  readonly notifications: Notifications;
  readonly reminders: Reminders;
  readonly mail: Mail;
  /** Gives what a leaving person answers for to others (SCN-09). */
  handOver(context: Context, user: string, request: HandOverRequest): Promise<HandOverAnswer>;
  /** Passes waiting steps of workflows on to another person (ENG-10). */
  reassign(context: Context, entity: string, request: ReassignRequest): Promise<{ readonly records: number }>;
  readonly sessions: Sessions;
  readonly standings: Standings;
  readonly tokens: Tokens;
  /** What every open browser hears. */
  readonly events: EventBus<ServerEvent>;
  /** Heard once, when the application begins to stop. */
  readonly closing: EventBus<void>;
  readonly installation: Installation;
  readonly backups: Backups;
  readonly metrics: Metrics;
  /** May requests be sent here? Asks the database. */
  health(): Promise<Health>;
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
