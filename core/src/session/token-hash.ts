import { hash } from 'node:crypto';

/** What is stored of a session's or an API token's secret: who reads the table cannot sign in with it. */
export function hashToken(token: string): string {
  return hash('sha256', token, 'base64url');
}
