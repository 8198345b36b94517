import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Api, signIn } from './api.ts';
import { browserMissing, launchBrowser } from './browser.ts';
import { ADMIN_PASSWORD, endRuns, type Product, ROOT, startProduct } from './product.ts';
import { enter, openSeat, type Person, type Seat, type SeatOptions } from './seat.ts';

/** What the tests of one file share: one product on a fresh data folder, one browser. */
export interface Stage {
  address(): string;
  /** The administrator, over HTTP. */
  api(): Api;
  /** The person who has all rights. */
  readonly administrator: Person;
  /** A new user of these roles, in the department of the administrator. */
  person(displayName: string, ...roles: readonly string[]): Promise<Person>;
  /** A browser with nobody signed in; closed, and its faults judged, after the test. */
  openSeat(options: SeatOptions): Promise<Seat>;
  /** A browser in which this person is signed in and sees the page. */
  seat(person: Person, options: SeatOptions, path?: string): Promise<Seat>;
  /** Closes all seats, stops the product and starts it again on the same data folder, at another address. */
  restart(): Promise<void>;
}

// Opening a window, and the product itself, take their time on a busy machine.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 120_000 });

const OUTPUT = join(ROOT, 'tests', '.output');
const PASSWORD = 'password-of-tests-1';

function fileName(title: string): string {
  return title.replaceAll(/[^\p{L}\p{N}]+/gu, '-').slice(0, 120);
}

/** A suite in the browser, against the product as a process of its own. */
export function browserSuite(title: string, suite: (stage: Stage) => void): void {
  if (browserMissing !== null) {
    if (process.env['CI']) it(`${title}: has a browser`, () => expect(browserMissing).toBeNull());
    else console.warn(`\n*** SKIPPED: “${title}” in the browser: ${browserMissing}\n`);
  }
  describe.skipIf(browserMissing !== null)(title, () => {
    let folder = '';
    let product: Product;
    let browser: Browser;
    let api: Api;
    let people = 0;
    const seats = new Set<Seat>();
    const faults: string[] = [];
    const closeSeats = async (): Promise<void> => {
      for (const seat of seats) {
        faults.push(...seat.faults());
        await seat.close();
      }
      seats.clear();
    };

    const open = async (options: SeatOptions): Promise<Seat> => {
      const seat = await openSeat(browser, product.address, options);
      seats.add(seat);
      return seat;
    };

    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'mortise-e2e-'));
      [product, browser] = await Promise.all([startProduct(join(folder, 'data')), launchBrowser()]);
      api = await signIn(product.address);
      await api.send('POST', 'setup', {});
    });

    afterEach(async ({ task }) => {
      if (task.result?.state === 'fail') {
        mkdirSync(OUTPUT, { recursive: true });
        const name = fileName(`${title} ${task.name}`);
        for (const [index, seat] of [...seats].entries())
          await seat.page.screenshot({ path: join(OUTPUT, `${name}-${index + 1}.png`) });
      }
      await closeSeats();
      expect(faults.splice(0), 'faults in the browser').toEqual([]);
    });

    afterAll(async () => {
      await browser?.close();
      await product?.stop();
      endRuns();
      rmSync(folder, { recursive: true, force: true });
    });

    suite({
      address: () => product.address,
      administrator: { id: '', username: 'admin', password: ADMIN_PASSWORD },
      api: () => api,
      async person(displayName, ...roles) {
        people += 1;
        const username = `person${people}`;
        const [{ unit } = {}] = await api.find('user', { username: 'admin' }, 'unit');
        const user = await api.create('user', { username, display_name: displayName, roles, unit });
        const id = String(user['id']);
        const set = await api.send('POST', `users/${id}/password`, {
          password: PASSWORD,
          must_change: false,
        });
        if (set.status !== 204) throw new Error(`the password was refused: ${JSON.stringify(set.body)}`);
        return { id, username, password: PASSWORD };
      },
      openSeat: open,
      async seat(person, options, path = '/') {
        const seat = await open(options);
        await enter(seat, person, options.theme ? { theme: options.theme } : {});
        await seat.page.goto(path);
        await seat.page.getByRole('menubar').waitFor();
        return seat;
      },
      async restart() {
        await closeSeats();
        await product.stop();
        product = await startProduct(join(folder, 'data'));
        api = await signIn(product.address);
      },
    });
  });
}
