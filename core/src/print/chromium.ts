import { access, constants } from 'node:fs/promises';
import type { Browser } from 'playwright-core';
import { problem } from '../errors/catalogue.ts';

const PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const IDLE_MS = 60_000;
const LIMIT_MS = 120_000;

/** Path of an installed Chromium, or null. `MORTISE_CHROMIUM` names one elsewhere. */
export async function findChromium(): Promise<string | null> {
  for (const path of [process.env.MORTISE_CHROMIUM, ...PLACES]) {
    if (!path) continue;
    const found = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (found) return path;
  }
  return null;
}

/** Turns pages into PDF with one browser, started on demand and closed when idle. */
export class PdfPrinter {
  #browser: Promise<Browser> | null = null;
  #idle: NodeJS.Timeout | null = null;
  #busy = 0;

  /** PDF of a page that uses `@page` sizes. Scripts and network are off. @throws MRT_PRINT_PDF_UNAVAILABLE */
  async print(html: string): Promise<Buffer> {
    this.#busy += 1;
    if (this.#idle) clearTimeout(this.#idle);
    try {
      const browser = await this.#open();
      const context = await browser.newContext({ javaScriptEnabled: false, offline: true });
      try {
        const page = await context.newPage();
        page.setDefaultTimeout(LIMIT_MS);
        await page.setContent(html, { waitUntil: 'load' });
        return await page.pdf({ preferCSSPageSize: true, printBackground: true });
      } finally {
        await context.close();
      }
    } finally {
      this.#busy -= 1;
      this.#idle = setTimeout(() => void this.close(), IDLE_MS);
      this.#idle.unref();
    }
  }

  async close(): Promise<void> {
    if (this.#idle) clearTimeout(this.#idle);
    if (this.#busy > 0 || !this.#browser) return;
    const browser = this.#browser;
    this.#browser = null;
    await (await browser).close();
  }

  #open(): Promise<Browser> {
    this.#browser ??= launch().then((browser) => {
      browser.on('disconnected', () => {
        this.#browser = null;
      });
      return browser;
    });
    this.#browser.catch(() => {
      this.#browser = null;
    });
    return this.#browser;
  }
}

async function launch(): Promise<Browser> {
  const executablePath = await findChromium();
  if (!executablePath) throw problem('MRT_PRINT_PDF_UNAVAILABLE');
  // Loaded when the first PDF is asked for: it would be a third of the time that a start takes.
  const { chromium } = await import('playwright-core');
  return chromium.launch({ executablePath, args: ARGUMENTS });
}
