/** Without characters that look alike on paper. */
const LETTERS = 'abcdefghjkmnpqrstuvwxyzABCDEFGHJKMNPQRSTUVWXYZ23456789';

/** A password that nobody guesses, in groups that can be read out: `Kd7m-…`. */
export function randomPassword(): string {
  const letters: string[] = [];
  while (letters.length < 12) {
    const [byte = 255] = crypto.getRandomValues(new Uint8Array(1));
    // A byte past the last full round would make the first letters likelier.
    if (byte < 256 - (256 % LETTERS.length)) letters.push(LETTERS[byte % LETTERS.length] ?? '');
  }
  return letters.join('').replace(/(.{4})(?=.)/g, '$1-');
}
