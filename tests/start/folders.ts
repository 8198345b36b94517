import { createHash } from 'node:crypto';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { ROOT } from '../e2e/harness/product.ts';

/** A folder below the temporary one, and how to remove it. */
export async function temporaryFolder(): Promise<{ readonly path: string; remove(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'mortise-start-'));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

/** What PostgreSQL notes down of every opening, also of one that writes no row. */
const OPENING = /^pgdata\/(?:global\/pg_control$|pg_wal\/)/;

/** Path and content of every file of a folder, to see that nothing in it was touched; `opened`: but looked at. */
export async function fingerprint(folder: string, opened = false): Promise<ReadonlyMap<string, string>> {
  const files = new Map<string, string>();
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    const content = entry.isFile()
      ? createHash('sha256')
          .update(await readFile(path))
          .digest('hex')
      : 'folder';
    const name = relative(folder, path);
    if (!opened || !OPENING.test(name)) files.set(name, content);
  }
  return files;
}

/**
 * A copy of the project without its user interface, whose documents a test may break. Packages are those of the
 * project; the packages of the workspace itself are the copied ones.
 */
export async function copyProject(to: string): Promise<string> {
  for (const part of [
    'core/src',
    'core/schemas',
    'core/package.json',
    'metadata',
    'plugins',
    'templates',
    'package.json',
  ])
    await cp(join(ROOT, part), join(to, part), { recursive: true });
  const modules = join(to, 'node_modules');
  await mkdir(join(modules, '@mortise'), { recursive: true });
  for (const name of await readdir(join(ROOT, 'node_modules')))
    if (name !== '@mortise') await symlink(join(ROOT, 'node_modules', name), join(modules, name), 'junction');
  await symlink(join(to, 'core'), join(modules, '@mortise', 'core'), 'junction');
  for (const plugin of await readdir(join(to, 'plugins')))
    await symlink(join(to, 'plugins', plugin), join(modules, '@mortise', `plugin-${plugin}`), 'junction');
  return to;
}
