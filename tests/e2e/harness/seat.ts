import type { Browser, BrowserContext, Page } from 'playwright-core';
import type { Locale, SessionAnswer } from '../../../core/src/http/contract.ts';

/** Who sits at a browser. */
export interface Person {
  readonly id: string;
  readonly username: string;
  readonly password: string;
}

export interface SeatOptions {
  readonly locale: Locale;
  readonly theme?: 'light' | 'dark';
  /** For tools that put a script of theirs into the page; such a test says nothing about the policy. */
  readonly bypassCSP?: boolean;
}

/** A browser of its own (cookies, storage), watched for everything that should not happen in it. */
export interface Seat {
  readonly page: Page;
  readonly locale: Locale;
  /** The text in the language of this seat. */
  say(zh: string, en: string): string;
  /** Answers with this status are part of the test; without it each is a fault. */
  expectStatus(...statuses: readonly number[]): void;
  /** Console errors, uncaught errors, violations of the content security policy. */
  faults(): readonly string[];
  close(): Promise<void>;
}

/** How long a step may take on a busy machine. */
const PATIENCE_MS = 20_000;

function watch(page: Page, allowed: ReadonlySet<number>, faults: string[]): void {
  page.on('pageerror', (error) => faults.push(`uncaught: ${error.stack ?? error.message}`));
  page.on('crash', () => faults.push('the page crashed'));
  page.on('console', (message) => {
    if (message.type() !== 'error') return;
    const { url } = message.location();
    const status = Number(/responded with a status of (\d{3})/.exec(message.text())?.[1]);
    // Who is not signed in yet learns it by the first question.
    if (status === 401 && new URL(url).pathname === '/api/v1/me') return;
    if (allowed.has(status)) return;
    faults.push(`console: ${message.text()} (${url})`);
  });
}

/** Opens a seat with nobody signed in. */
export async function openSeat(browser: Browser, address: string, options: SeatOptions): Promise<Seat> {
  const context = await browser.newContext({
    baseURL: address,
    locale: options.locale,
    timezoneId: 'Asia/Shanghai',
    viewport: { width: 1366, height: 820 },
    colorScheme: options.theme ?? 'light',
    bypassCSP: options.bypassCSP ?? false,
  });
  await context.addInitScript((locale) => {
    // The sandboxed frame of a print preview has no storage.
    if (origin !== 'null' && localStorage.getItem('mortise.locale') === null)
      localStorage.setItem('mortise.locale', locale);
  }, options.locale);
  context.setDefaultTimeout(PATIENCE_MS);
  const page = await context.newPage();
  const faults: string[] = [];
  const allowed = new Set<number>();
  watch(page, allowed, faults);
  context.on('page', (opened) => watch(opened, allowed, faults));
  return {
    page,
    locale: options.locale,
    say: (zh, en) => (options.locale === 'zh-CN' ? zh : en),
    expectStatus(...statuses) {
      for (const status of statuses) allowed.add(status);
    },
    faults: () => faults,
    close: () => context.close(),
  };
}

/** Signs a person in without the screen and sets his language; `basics.test.ts` tests the screen itself. */
export async function enter(
  seat: Seat,
  person: Person,
  settings: Record<string, unknown> = {},
): Promise<void> {
  const context: BrowserContext = seat.page.context();
  const opened = await context.request.post('/api/v1/session', {
    data: { username: person.username, password: person.password },
  });
  if (!opened.ok()) throw new Error(`signing in failed: ${await opened.text()}`);
  const { csrf } = (await opened.json()) as SessionAnswer;
  const saved = await context.request.patch('/api/v1/me', {
    headers: { 'X-CSRF-Token': csrf },
    data: { settings: { locale: seat.locale, ...settings } },
  });
  if (!saved.ok()) throw new Error(`the settings were refused: ${await saved.text()}`);
}
