import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { DataSize } from '../options.ts';
import { ROOT } from '../root.ts';

/**
 * What the tables and rows of a loaded database depend on: the documents, the code that makes tables and keys of them,
 * and the loading itself.
 */
const SOURCES = [
  'metadata',
  'plugins',
  'core/src/model',
  'core/src/fields',
  'core/src/store',
  'core/src/change',
  'core/src/duplicates',
  'tests/bench/data',
];

/** A text that differs whenever a loaded database may not be used again. */
export function fingerprintOf(size: DataSize): string {
  const hash = createHash('sha256').update(JSON.stringify(size));
  for (const source of SOURCES) {
    for (const file of filesBelow(join(ROOT, source))) {
      hash.update(`\0${relative(ROOT, file)}\0`).update(readFileSync(file));
    }
  }
  return hash.digest('hex').slice(0, 16);
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.includes('.test.'))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter(
      (file) =>
        !/[\\/](node_modules|dist|ui|templates|tests)[\\/]/.test(relative(ROOT, file).replace(/^tests/, '')),
    )
    .sort();
}
