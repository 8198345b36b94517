/** Password of the administrator of the bench's databases. */
export const ADMIN_PASSWORD = 'bench-password-1';
/** Password of the employee who drives the bench. */
export const PASSWORD = 'bench-password-2';
/** The employee who drives the bench. */
export const BENCH_USER = 'bench';

/** A signed-in person: what each request carries. */
export interface Session {
  readonly headers: Readonly<Record<string, string>>;
}

/** @throws Error when the product refuses */
export async function signIn(url: string, username: string, password: string): Promise<Session> {
  const answer = await fetch(`${url}/api/v1/session`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ username, password }),
  });
  if (!answer.ok) throw new Error(`sign-in as ${username}: ${answer.status} ${await answer.text()}`);
  const { csrf } = (await answer.json()) as { csrf: string };
  const cookie = (answer.headers.getSetCookie()[0] ?? '').split(';')[0] ?? '';
  return { headers: { Cookie: cookie, 'X-CSRF-Token': csrf } };
}
