import type { Session } from '../session/session.ts';

/** What an API token leaves of its user's rights; it never adds any. */
export interface TokenScope {
  readonly id: string;
  /** Every write is refused. */
  readonly readOnly: boolean;
  /** Does it carry the user's function permissions? */
  readonly functions: boolean;
  /** Only these entities and their lines; null: all. */
  readonly entities: readonly string[] | null;
}

/** GET /api/v1/me/tokens */
export interface TokenView {
  readonly kind: 'api' | 'feed';
  readonly id: string;
  readonly name: string;
  /** How the secret begins, to tell tokens apart. */
  readonly hint: string;
  readonly readOnly: boolean;
  readonly functions: boolean;
  readonly entities: readonly string[] | null;
  readonly created: string;
  /** The moment it ends; null: never by itself. */
  readonly expires: string | null;
  readonly expired: boolean;
  /** Noted at most once a minute. */
  readonly last_used: string | null;
}

/** What a new token may be. */
export interface TokenWish {
  /** A key of the API (default), or the address of a calendar feed. */
  readonly kind?: 'api' | 'feed';
  readonly name: string;
  /** Last day of its validity, `2026-12-31`, in the installation's time zone. */
  readonly expiresOn: string | null;
  readonly readOnly: boolean;
  readonly functions: boolean;
  readonly entities: readonly string[] | null;
}

/** Personal API tokens: `Authorization: Bearer mrt_…` wherever a session is accepted (DESIGN §12). */
export interface Tokens {
  /** The person of a live token with its scope, or null. One statement. */
  find(secret: string): Promise<Session | null>;
  /** The same for the address of a calendar feed. */
  findFeed(secret: string): Promise<Session | null>;
  /** The person of a found token as he is now, or null when it has ended. Not noted as a use. */
  look(tokenHash: string): Promise<Session | null>;
  /** The tokens not revoked, newest first. */
  list(userId: string): Promise<readonly TokenView[]>;
  /** @returns the token and its secret, which is told this once. @throws MRT_TOKEN_LIMIT, MRT_REQUEST_MALFORMED */
  create(userId: string, wish: TokenWish): Promise<{ readonly token: TokenView; readonly secret: string }>;
  /** False when the user has no such token. */
  revoke(userId: string, id: string): Promise<boolean>;
}
