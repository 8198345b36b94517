import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { writeSchemas } from '../model/write-schemas.ts';
import type { Command } from './command.ts';

/** Writes the published schemas of all document kinds, for editors; into `core/schemas` or another folder. */
export const schemas: Command = async ({ args, root, cwd, print }) => {
  const { values } = parseArgs({ args: [...args], options: { out: { type: 'string' } } });
  const folder = values.out === undefined ? join(root, 'core', 'schemas') : resolve(cwd, values.out);
  const written = await writeSchemas(folder);
  print(written.length > 0 ? written.join('\n') : 'unchanged');
  return 0;
};
