import type { SecurityEvent } from '../audit/security-log.ts';
import type { SharedWith } from '../access/shares.ts';
import type { Standing } from '../access/standing.ts';
import type { Predicate } from '../access/access.ts';
import type { Actor } from '../context/context.ts';
import type { PersonalSettings } from '../http/contract.ts';
import type { TokenScope } from '../token/token.ts';

/** How long a session lives without a request, and at most. */
export const IDLE_HOURS = 12;
export const ABSOLUTE_DAYS = 7;

/** A signed-in person, as one statement per request finds him. */
export interface Session {
  /** sha256 of the token; the token itself is only in the browser's cookie. */
  readonly tokenHash: string;
  /** Sent back by the browser with every write (`X-CSRF-Token`). */
  readonly csrf: string;
  readonly actor: Actor;
  /** Groups, personal grants and business teams. */
  readonly standing: Standing;
  readonly unitName: string | null;
  /** The actor's unit and all below it. */
  readonly units: readonly string[];
  /** Networks from which he alone may come, as they were typed; null: those of his roles. */
  readonly networks: string | null;
  /** What is shared with him, in short. */
  readonly shared: SharedWith;
  readonly mustChangePassword: boolean;
  readonly settings: PersonalSettings;
  /** What narrows the person's rights when he comes by an API token; null for a browser's session. */
  readonly token: TokenScope | null;
}

/** A live session as its owner and administrators see it: without what signs it in. */
export interface SessionView {
  readonly id: string;
  readonly user: { readonly id: string; readonly username: string; readonly display_name: string };
  readonly address: string | null;
  readonly agent: string | null;
  readonly since: string;
  readonly last_seen: string;
  readonly expires: string;
  /** Is it the one that asks? */
  readonly current: boolean;
}

/** What `signIn` hands out; the token is shown this once. */
export interface NewSession {
  readonly token: string;
  readonly csrf: string;
  readonly user: { readonly id: string; readonly username: string; readonly displayName: string };
  readonly expires: Date;
}

/** Where a sign-in comes from; kept with the session. */
export interface Origin {
  readonly address: string | null;
  readonly agent: string | null;
}

/** Sessions and passwords (SEC-12). */
export interface Sessions {
  /** The live session of a token, or null. One statement. */
  find(token: string): Promise<Session | null>;
  /** The session as it is now, or null when it has ended. Not a use of it: it does not keep it alive. */
  look(tokenHash: string): Promise<Session | null>;
  /** @throws MRT_SESSION_CREDENTIALS, MRT_SESSION_LOCKED after repeated failures, MRT_SESSION_ADDRESS */
  signIn(username: string, password: string, origin: Origin): Promise<NewSession>;
  end(tokenHash: string): Promise<void>;
  /**
   * Live sessions, newest first: of one user or (null) of all, as far as `gate` (null: no gate) lets their users be
   * known. @param current hash of the asking session
   */
  listOf(userId: string | null, gate: Predicate | null, current: string): Promise<readonly SessionView[]>;
  /** Ends a session by its public id, only of `userId` unless null. False when there is none. */
  endById(id: string, userId: string | null): Promise<boolean>;
  /**
   * Changes one's own password and ends one's other sessions (FM-03). One's API tokens stay unless `revokeTokens`:
   * they were made to outlive passwords, and programs stand on them.
   * @throws MRT_PASSWORD_WRONG, MRT_PASSWORD_WEAK, MRT_SESSION_LOCKED
   */
  changePassword(
    session: Session,
    old: string,
    next: string,
    options?: { readonly revokeTokens?: boolean; readonly address?: string },
  ): Promise<void>;
  /**
   * Sets a password and ends all sessions of its user, and revokes all his API tokens: who had the account is out.
   * @param options.keep session that stays, with the tokens: that of one who sets his own
   * @param options.event noted with it
   * @throws MRT_PASSWORD_WEAK, MRT_RECORD_NOT_FOUND
   */
  setPassword(
    userId: string,
    password: string,
    options: { readonly mustChange: boolean; readonly keep?: string; readonly event?: SecurityEvent },
  ): Promise<void>;
  /** Where a user stands, whoever asks. */
  standingOf(userId: string): Promise<Standing>;
  /** Merges into the personal settings; null takes a setting back. */
  saveSettings(userId: string, patch: Readonly<Record<string, unknown>>): Promise<PersonalSettings>;
}
