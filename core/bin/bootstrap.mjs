/**
 * `npm start` and `npm test` of a fresh clone: installs what is missing, builds what is old, then runs the command
 * under the Node 24 that npm brings. Runs on Node 20 and later, without any package.
 */
import { join } from 'node:path';
import { ensureBrowser } from './browser.mjs';
import { ensureModules, ensureUi, fail, root, run, say } from './prepare.mjs';

const [command, ...rest] = process.argv.slice(2);
/** Off on servers that only serve the API, and while working on the server alone. */
const withUi = !['off', '0', 'false', 'no'].includes(process.env.MORTISE_UI ?? '');

function test() {
  ensureModules();
  if (withUi) ensureUi();
  else say('MORTISE_UI=off: the user interface is not built; tests that need it use the last build or fail.');
  const browser = ensureBrowser();
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
  run([vitest, 'run', '--config', join(root, 'tests', 'vitest.config.ts'), ...rest], {
    // Tests start the product some three hundred times: what was compiled for one process is there for the next.
    NODE_COMPILE_CACHE: join(root, 'node_modules', '.cache', 'compiled'),
    ...(browser && { MORTISE_CHROMIUM: browser }),
  });
}

function mortise() {
  ensureModules();
  if (command === 'start' && withUi) ensureUi();
  run([join(root, 'core', 'src', 'cli', 'main.ts'), command, ...rest]);
}

if (!command) fail('usage: node core/bin/bootstrap.mjs start | test | <subcommand of mortise> [arguments]');
if (command === 'test') test();
else mortise();
