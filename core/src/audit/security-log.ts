import { isUuid } from '../fields/uuid.ts';
import type { Queryable } from '../store/database.ts';
import { uuid7 } from '../store/uuid7.ts';
import { FloodGate } from './flood-gate.ts';

/** What the log of security keeps beside the history, the outputs and the versions (AUD-01). */
export const SECURITY_KINDS = [
  'sign-in',
  'sign-in-failed',
  'locked',
  'sign-out',
  'refused',
  'sensitive-read',
  'workflow-trial',
  'password',
  'session-ended',
  'token-made',
  'token-revoked',
  'quota',
  'backup',
  'log-exported',
] as const;
export type SecurityKind = (typeof SECURITY_KINDS)[number];

/** Something to be noted. */
export interface SecurityEvent {
  readonly kind: SecurityKind;
  /** Null where nobody is signed in. */
  readonly userId: string | null;
  /** Of a failed sign-in, the name that was typed. */
  readonly userName: string;
  readonly entity?: string;
  readonly records?: readonly string[];
  /** Never a password, a token or a value of a record. */
  readonly detail?: Readonly<Record<string, unknown>>;
  readonly source?: string;
  readonly address?: string | null;
  readonly agent?: string | null;
}

/** The log, only added to. */
export interface SecurityLog {
  /** Writes an event, within `tx` when it belongs to what is done there. */
  note(event: SecurityEvent, tx?: Queryable): Promise<void>;
  /**
   * Writes an event that anybody may cause as often as he likes: the first of its kind at once, those of the next
   * minute as one row with their number, so that a flood cannot fill the disk (SEC-13). A failure to write is
   * reported, not thrown: the answer stays the refusal.
   */
  noteOften(event: SecurityEvent, key: string): Promise<void>;
  /** Writes what is still counted. */
  flush(): Promise<void>;
}

const LONGEST_NAME = 200;
const LONGEST_AGENT = 300;

/** The log over a database. @param report told when an event that must not fail a request could not be written */
export function createSecurityLog(db: Queryable, report: (error: unknown) => void): SecurityLog {
  const gate = new FloodGate<SecurityEvent>();
  let timer: NodeJS.Timeout | null = null;

  async function write(on: Queryable, event: SecurityEvent, times: number): Promise<void> {
    const { kind, userId, userName, entity, records, detail, source, address, agent } = event;
    await on.query({
      text: `insert into mortise.security_log
          (id, kind, user_id, user_name, entity, records, times, detail, source, address, agent)
        values ($1::uuid, $2, $3::uuid, $4, $5, $6::uuid[], $7::integer, $8::jsonb, $9, $10, $11)`,
      values: [
        uuid7(),
        kind,
        userId !== null && isUuid(userId) ? userId : null,
        userName.slice(0, LONGEST_NAME),
        entity ?? null,
        records ?? [],
        times,
        JSON.stringify(detail ?? {}),
        source ?? null,
        address ?? null,
        agent?.slice(0, LONGEST_AGENT) ?? null,
      ],
    });
  }

  async function writeCounted(now: number): Promise<void> {
    for (const { event, times } of gate.due(now)) {
      try {
        await write(db, event, times);
      } catch (error) {
        report(error);
      }
    }
  }

  return {
    note: async (event, tx) => await write(tx ?? db, event, 1),
    async noteOften(event, key) {
      if (timer === null && gate.idle) {
        timer = setInterval(() => {
          void writeCounted(Date.now());
          if (gate.idle && timer) {
            clearInterval(timer);
            timer = null;
          }
        }, gate.window / 4);
        timer.unref();
      }
      if (!gate.admit(event, key, Date.now())) return;
      try {
        await write(db, event, 1);
      } catch (error) {
        report(error);
      }
    },
    async flush() {
      if (timer) clearInterval(timer);
      timer = null;
      await writeCounted(Number.POSITIVE_INFINITY);
    },
  };
}
