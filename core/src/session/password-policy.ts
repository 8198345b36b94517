import { randomInt } from 'node:crypto';
import { problem } from '../errors/catalogue.ts';

/** Fewest characters of a password (SEC-12); the longest keeps hashing cheap. */
export const PASSWORD_MIN = 8;
const PASSWORD_MAX = 200;

/** @throws MRT_PASSWORD_WEAK when a password is too short, too long or the user's own name */
export function checkPassword(password: string, username: string): void {
  const length = [...password].length;
  const sameAsName = password.trim().toLowerCase() === username.trim().toLowerCase();
  if (length < PASSWORD_MIN || length > PASSWORD_MAX || sameAsName) {
    throw problem('MRT_PASSWORD_WEAK', { min: PASSWORD_MIN });
  }
}

/** Without characters that look alike on paper. */
const LETTERS = 'abcdefghjkmnpqrstuvwxyzABCDEFGHJKMNPQRSTUVWXYZ23456789';

/** A password that nobody guesses (about 92 bits), in groups that can be read out. */
export function generatePassword(): string {
  const group = (): string => Array.from({ length: 4 }, () => LETTERS[randomInt(LETTERS.length)]).join('');
  return [group(), group(), group(), group()].join('-');
}
