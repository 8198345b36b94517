/** Finds or installs the browser of the browser tests and of PDF printing. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { say } from './prepare.mjs';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge'];
const places = [
  '/opt/google/chrome/chrome',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
];

/** Path of a Chromium, or undefined. `MORTISE_CHROMIUM` names one explicitly. */
function findBrowser() {
  if (process.env.MORTISE_CHROMIUM) return process.env.MORTISE_CHROMIUM;
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean);
  const candidates = [...names.flatMap((name) => folders.map((folder) => join(folder, name))), ...places];
  return candidates.find((candidate) => existsSync(candidate));
}

/** Finds a browser, installs one where that is possible (root on Debian), else says that its tests are skipped. */
export function ensureBrowser() {
  const found = findBrowser();
  if (found) return found;
  if (process.platform === 'linux' && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    say('no browser found; installing Chromium and a Chinese font (apt-get) …');
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    const packages = ['chromium', 'fonts-wqy-microhei'];
    const install = () =>
      spawnSync('apt-get', ['install', '-y', '-q', ...packages], { stdio: ['ignore', 2, 'inherit'], env });
    if (install().status !== 0) {
      spawnSync('apt-get', ['update', '-q'], { stdio: ['ignore', 2, 'inherit'], env });
      install();
    }
    const installed = findBrowser();
    if (installed) return installed;
  }
  say(
    '!!! NO BROWSER FOUND: the browser tests are SKIPPED. Install Chromium or set MORTISE_CHROMIUM to its path. !!!',
  );
  return undefined;
}
