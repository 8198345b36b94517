/**
 * `npm start` and `npm test` of a fresh clone: installs what is missing, builds what is old, then runs the command
 * under the Node 24 that npm brings. Runs on Node 20 and later, without any package.
 */
import { join } from 'node:path';
import { ensureBrowser } from './browser.mjs';
import { ensureModules, ensureUi, fail, root, run } from './prepare.mjs';

const [command, ...rest] = process.argv.slice(2);

function test() {
  ensureModules();
  ensureUi();
  const browser = ensureBrowser();
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
  run([vitest, 'run', '--config', join(root, 'tests', 'vitest.config.ts'), ...rest], browser ? { MORTISE_CHROMIUM: browser } : {});
}

function mortise() {
  ensureModules();
  if (command === 'start' && process.env.MORTISE_UI !== 'off') ensureUi();
  run([join(root, 'core', 'src', 'cli', 'main.ts'), command, ...rest]);
}

if (!command) fail('usage: node core/bin/bootstrap.mjs start | test | <subcommand of mortise> [arguments]');
if (command === 'test') test();
else mortise();
