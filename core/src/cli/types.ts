import { existsSync, type FSWatcher, watch } from 'node:fs';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { readFileLayers } from '../app/read-file-layers.ts';
import { compose } from '../change/compose.ts';
import { Problem } from '../errors/problem.ts';
import { generateTypes } from '../model/generate-types.ts';
import { type Command, UsageError } from './command.ts';
import { problemLines } from './problem-lines.ts';

/** Where documents lie, below the root of the project. */
const FOLDERS = ['metadata', 'plugins'];
/** Editors write a file in several steps. */
const SETTLE_MS = 150;

/** Writes the TypeScript types of all records of the documents in files (ENG-15); no database is needed. */
export const types: Command = async ({ args, root, cwd, print }) => {
  const { values } = parseArgs({
    args: [...args],
    options: { out: { type: 'string' }, watch: { type: 'boolean' } },
  });
  const { out } = values;
  if (out === undefined) {
    if (values.watch) throw new UsageError('types --watch needs --out: the file that is kept current');
    print((await typesOf(root)).text);
    return 0;
  }
  const make = async (): Promise<void> => {
    const { text, entities } = await typesOf(root);
    await replace(resolve(cwd, out), text);
    print(`${out}: ${entities} entities`);
  };
  if (values.watch) await keepCurrent(root, make, print);
  else await make();
  return 0;
};

async function typesOf(root: string): Promise<{ readonly text: string; readonly entities: number }> {
  const layers = await readFileLayers(root);
  const { model } = compose(layers, new Map(), new Map(), 1, {});
  return { text: await generateTypes(model), entities: model.entities.size };
}

/** In one step, so that no compiler reads half a file; not at all where nothing differs, so that none is woken. */
async function replace(file: string, text: string): Promise<void> {
  const before = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (before === text) return;
  await writeFile(`${file}.new`, text);
  await rename(`${file}.new`, file);
}

/**
 * Makes the types now and after each change of a document, one run after the other, until the process is told to stop
 * (SIGINT, SIGTERM). A faulty document is told with its place, and the file stays as it was.
 */
async function keepCurrent(
  root: string,
  make: () => Promise<void>,
  print: (line: string) => void,
): Promise<void> {
  const told = async (): Promise<void> => {
    try {
      await make();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      for (const line of problemLines(error)) print(line);
    }
  };
  let timer: NodeJS.Timeout | undefined;
  let work: Promise<void> | undefined;
  const watchers: FSWatcher[] = [];
  try {
    await new Promise<void>((stop, fail) => {
      process.once('SIGINT', () => stop()).once('SIGTERM', () => stop());
      const again = (): void => {
        work = (work ?? Promise.resolve()).then(told);
        work.catch(fail);
      };
      // Watched before the first run: what is saved meanwhile is not missed.
      for (const folder of FOLDERS.map((name) => join(root, name)).filter(existsSync)) {
        const watcher = watch(folder, { recursive: true }, (_event, file) => {
          if (!file?.endsWith('.json')) return;
          clearTimeout(timer);
          timer = setTimeout(again, SETTLE_MS);
        });
        watchers.push(watcher.on('error', fail));
      }
      again();
    });
  } finally {
    clearTimeout(timer);
    for (const watcher of watchers) watcher.close();
    await work?.catch(() => undefined);
  }
}
