import { watch } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { readFileLayers } from '../app/read-file-layers.ts';
import { compose } from '../change/compose.ts';
import { Problem } from '../errors/problem.ts';
import { generateTypes } from '../model/generate-types.ts';
import type { Command } from './command.ts';

/** Writes the TypeScript types of all records of the documents in files (ENG-15); no database is needed. */
export const types: Command = async ({ args, root, cwd, print }) => {
  const { values } = parseArgs({
    args: [...args],
    options: { out: { type: 'string' }, watch: { type: 'boolean' } },
  });
  const make = async (): Promise<void> => {
    const layers = await readFileLayers(root);
    const { model } = compose(layers, new Map(), new Map(), 1, {});
    const text = await generateTypes(model);
    if (values.out === undefined) {
      print(text);
      return;
    }
    await writeFile(resolve(cwd, values.out), text);
    print(`${values.out}: ${model.entities.size} entities`);
  };
  await make();
  if (values.watch) await makeAgain(root, make, print);
  return 0;
};

/** Never ends: the command is stopped by Ctrl-C. */
function makeAgain(root: string, make: () => Promise<void>, print: (line: string) => void): Promise<never> {
  let timer: NodeJS.Timeout | undefined;
  const again = (): void => {
    make().catch((error: unknown) => print(error instanceof Problem ? error.message : String(error)));
  };
  for (const folder of ['metadata', 'plugins']) {
    watch(join(root, folder), { recursive: true }, (_event, file) => {
      if (!file?.endsWith('.json')) return;
      // Editors write a file in several steps.
      clearTimeout(timer);
      timer = setTimeout(again, 150);
    });
  }
  return new Promise<never>(() => {});
}
