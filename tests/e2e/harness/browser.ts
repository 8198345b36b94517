import { type Browser, chromium } from 'playwright-core';
import { findChromium } from '../../../core/src/print/chromium.ts';

const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const found = await findChromium();

/**
 * Why the browser tests cannot run here; null when they can. On CI a missing browser is a failure, because a run
 * without these tests proves nothing about the screens.
 */
export const browserMissing: string | null =
  found === null ? 'no Chromium was found; install it or set MORTISE_CHROMIUM to its path' : null;

/** A headless Chromium with a profile of its own. */
export function launchBrowser(): Promise<Browser> {
  if (found === null) throw new Error(browserMissing ?? '');
  return chromium.launch({ executablePath: found, args: ARGUMENTS });
}
