import type { Context } from '../context/context.ts';
import type { LocaleText } from '../text/locale.ts';
import type { SecurityKind } from './security-log.ts';

/** What the log of all logs is filtered by: kinds of security, actions on records, outputs, documents. */
export const AUDIT_ACTIONS = [
  'sign-in',
  'sign-in-failed',
  'locked',
  'sign-out',
  'refused',
  'sensitive-read',
  'workflow-trial',
  'create',
  'update',
  'delete',
  'restore',
  'void',
  'unvoid',
  'merge',
  'review',
  'transition',
  'print',
  'export',
  'mail',
  'metadata',
  'permission',
  'password',
  'session-ended',
  'token-made',
  'token-revoked',
  'quota',
  'backup',
  'log-exported',
] as const satisfies readonly (SecurityKind | string)[];
export type AuditAction = (typeof AUDIT_ACTIONS)[number];

/** What is asked of the logs. */
export interface AuditQuestion {
  readonly user?: string;
  readonly actions?: readonly AuditAction[];
  readonly entity?: string;
  readonly record?: string;
  readonly address?: string;
  /** Days in the installation's time zone, `YYYY-MM-DD`, both included. */
  readonly from?: string;
  readonly to?: string;
  /** `next` of the page before. */
  readonly cursor?: string;
  readonly limit: number;
}

/** One entry. Values of records are never in it: who may read them finds them in the record's own history. */
export interface AuditEntry {
  readonly id: string;
  readonly at: string;
  readonly log: 'security' | 'record' | 'output' | 'metadata';
  readonly action: string;
  readonly user: string | null;
  readonly userName: string;
  readonly entity: string | null;
  readonly record: string | null;
  /** What the record is called now, as far as the reader may know; null otherwise. */
  readonly recordName: string | null;
  /** Records concerned. */
  readonly records: number;
  /** How many like it the entry stands for. */
  readonly times: number;
  readonly source: string | null;
  readonly address: string | null;
  readonly reason: string | null;
  /** Fields that were changed or shown. */
  readonly fields: readonly { readonly name: string; readonly label: LocaleText }[];
  readonly detail: Readonly<Record<string, unknown>>;
}

export interface AuditAnswer {
  readonly items: readonly AuditEntry[];
  /** Cursor of the next page; null at the end. */
  readonly next: string | null;
}

/** History, outputs, versions and the log of security as one (AUD-01); needs the function `audit.read`. */
export interface AuditLog {
  list(context: Context, question: AuditQuestion): Promise<AuditAnswer>;
}
