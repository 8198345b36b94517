import { problem } from '../../errors/catalogue.ts';
import type { Session } from '../../session/session.ts';

/**
 * What decides over ways to sign in, or hands out everything at once, is done by a person and not by a token: one that
 * leaked must not make others, nor carry all data away.
 * @throws MRT_TOKEN_REFUSED
 */
export function requireOwnSession(session: Session): void {
  if (session.token) throw problem('MRT_TOKEN_REFUSED');
}
