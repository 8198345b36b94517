import type { Browser } from 'playwright-core';
import { Client } from 'pg';
import { launchBrowser } from '../e2e/harness/browser.ts';
import { ADMIN_PASSWORD, type Product, startProduct } from '../e2e/harness/product.ts';
import { fill, type Prepared } from './data.ts';

/** Who is signed in: the cookie of the session. */
export interface Seat {
  readonly cookie: { readonly name: string; readonly value: string };
}

/** The product on a scratch database full of data, and a browser beside it. */
export interface Stage {
  readonly address: string;
  readonly browser: Browser;
  readonly seat: Seat;
  readonly data: Prepared;
}

/**
 * Makes a scratch database, starts the product on it, fills it, and hands both over with a browser; whatever
 * happens, everything is stopped and the database dropped.
 * @param server PostgreSQL, with a role that may create databases
 * @throws when the server does not answer
 */
export async function onStage<T>(
  server: string,
  rows: number,
  children: number,
  act: (stage: Stage) => Promise<T>,
): Promise<T> {
  const name = `mortise_bench_ui_${process.pid}`;
  const url = new URL(server);
  url.pathname = `/${name}`;
  const admin = new Client(server);
  await admin.connect().catch((error: Error) => {
    throw new Error(`the bench needs PostgreSQL: set DATABASE_URL (${error.message})`);
  });
  let product: Product | undefined;
  let browser: Browser | undefined;
  try {
    await admin.query(`create database ${name}`);
    product = await startProduct('', { DATABASE_URL: url.href });
    const seat = await signIn(product.address);
    const data = await fill(url.href, rows, children);
    browser = await launchBrowser();
    return await act({ address: product.address, browser, seat, data });
  } finally {
    await browser?.close();
    await product?.stop();
    await admin.query(`drop database if exists ${name} with (force)`);
    await admin.end();
  }
}

/** Signs the administrator in and ends the first-run wizard. */
async function signIn(address: string): Promise<Seat> {
  const post = (path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(`${address}/api/v1/${path}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
  const answer = await post('session', { username: 'admin', password: ADMIN_PASSWORD });
  if (!answer.ok) throw new Error(`signing in: ${answer.status} ${await answer.text()}`);
  const [cookie = ''] = (answer.headers.getSetCookie()[0] ?? '').split(';');
  const { csrf } = (await answer.json()) as { csrf: string };
  const setup = await post('setup', {}, { Cookie: cookie, 'X-CSRF-Token': csrf });
  if (!setup.ok) throw new Error(`ending the wizard: ${setup.status} ${await setup.text()}`);
  const [name = '', value = ''] = cookie.split('=');
  return { cookie: { name, value } };
}
