/**
 * Prepares a clone so that the commands of Mortise run: packages, the user interface, a browser for the tests.
 * Plain JavaScript without dependencies, because it runs before anything is installed, on Node 20 and later.
 */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of the project. */
export const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/[\\/]$/, '');

const windows = process.platform === 'win32';
const modules = join(root, 'node_modules');
const marker = join(modules, '.mortise-lock');

/** A program that npm installed, e.g. `node` (Node 24) or `vite`. */
function bin(name) {
  return join(modules, '.bin', windows ? `${name}.cmd` : name);
}

/** Says what is being done, on standard error, so that the output of commands stays clean. */
export function say(text) {
  process.stderr.write(`mortise: ${text}\n`);
}

/** Ends the process with a message that says what is wrong and what to do. */
export function fail(text) {
  say(text);
  process.exit(1);
}

function sha256(...parts) {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
}

/** True when the installed packages (npm's own hidden lock file) are those of package-lock.json. */
function installedAsLocked(lock) {
  const hidden = join(modules, '.package-lock.json');
  if (!existsSync(hidden)) return false;
  const installed = JSON.parse(readFileSync(hidden, 'utf8')).packages ?? {};
  return Object.entries(JSON.parse(lock).packages ?? {}).every(([path, wanted]) => {
    if (!path.startsWith('node_modules/')) return true;
    const found = installed[path];
    // An optional package of another platform is rightly absent.
    if (!found) return Boolean(wanted.optional);
    return wanted.link ? Boolean(found.link) : found.version === wanted.version;
  });
}

/** Installs the packages of package-lock.json when they are missing or others. */
export function ensureModules() {
  const lock = readFileSync(join(root, 'package-lock.json'), 'utf8');
  const wanted = sha256(lock);
  if (existsSync(bin('node')) && existsSync(marker) && readFileSync(marker, 'utf8') === wanted) return;
  if (!existsSync(bin('node')) || !installedAsLocked(lock)) {
    say('installing the packages of package-lock.json (npm ci), this happens once …');
    const done = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
      cwd: root,
      // npm's progress belongs on standard error as well.
      stdio: ['inherit', 2, 'inherit'],
      shell: windows,
      env: { ...process.env, NODE_ENV: '' },
    });
    if (done.error || done.status !== 0)
      fail(
        `"npm ci" failed${done.error ? ` (${done.error.message})` : ''}. See its message above, mend it and start again.`,
      );
  }
  const version = spawnSync(bin('node'), ['--version'], { encoding: 'utf8', shell: windows });
  if (version.status !== 0 || !/^v(2[4-9]|[3-9]\d)\./.test(version.stdout))
    fail(
      'the package "node" (Node 24) is not usable; its install script may have been blocked. ' +
        'Run "npm rebuild node" with scripts allowed and start again.',
    );
  writeFileSync(marker, wanted);
}

/** What the built interface depends on; tests and what was built do not count. */
const uiSources = [
  'admin-ui',
  'core/src/expression',
  'core/src/fields',
  'core/src/text',
  'core/src/http/contract.ts',
  'core/src/model/documents.ts',
  'package-lock.json',
];

function* filesBelow(path) {
  if (!existsSync(path)) return;
  if (!statSync(path).isDirectory()) {
    yield path;
    return;
  }
  for (const entry of readdirSync(path).sort()) {
    if (entry === 'dist' || entry === 'node_modules' || entry.startsWith('.') || entry.endsWith('.test.ts'))
      continue;
    yield* filesBelow(join(path, entry));
  }
}

/** Builds admin-ui/dist when it is missing or was built from other sources. */
export function ensureUi() {
  const dist = join(root, 'admin-ui', 'dist');
  const built = join(dist, '.sources');
  const hash = createHash('sha256');
  for (const source of uiSources)
    for (const file of filesBelow(join(root, source))) {
      hash.update(relative(root, file)).update('\0').update(readFileSync(file)).update('\0');
    }
  const wanted = hash.digest('hex');
  if (existsSync(join(dist, 'index.html')) && existsSync(built) && readFileSync(built, 'utf8') === wanted)
    return;
  say('building the user interface …');
  const done = spawnSync(
    bin('node'),
    [join(modules, 'vite', 'bin', 'vite.js'), 'build', '--logLevel', 'warn'],
    {
      cwd: join(root, 'admin-ui'),
      stdio: ['ignore', 2, 'inherit'],
      env: { ...process.env, NODE_ENV: 'production' },
    },
  );
  if (done.error || done.status !== 0) fail('the user interface could not be built; see the message above.');
  mkdirSync(dirname(built), { recursive: true });
  writeFileSync(built, wanted);
}

/**
 * Starts `args` under Node 24, hands signals on and ends as it ended.
 * The current process stays only to wait.
 */
export function run(args, env = {}) {
  const child = spawn(bin('node'), args, {
    cwd: process.cwd(),
    stdio: 'inherit',
    shell: false,
    env: { ...process.env, ...env },
  });
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const signal of signals) process.on(signal, () => child.kill(signal));
  // npm hands a SIGTERM to its shell only, which dies of it and leaves us alone: then the child must end as well.
  const parent = process.ppid;
  if (process.env.npm_lifecycle_event) {
    setInterval(() => {
      if (process.ppid !== parent) child.kill('SIGTERM');
    }, 300).unref();
  }
  child.on('error', (error) => fail(`cannot start Node 24: ${error.message}`));
  child.on('exit', (code, signal) => {
    if (!signal) process.exit(code ?? 1);
    // End by the same signal, so that a shell or supervisor sees what happened.
    for (const each of signals) process.removeAllListeners(each);
    process.kill(process.pid, signal);
  });
}
