import { basename, join, resolve } from 'node:path';
import { existsSync } from 'node:fs';
import { readFileLayers } from '../app/read-file-layers.ts';
import { compose } from '../change/compose.ts';
import { loadLayer } from '../model/load-layer.ts';
import { layerOfPlugin } from '../plugin/installed-plugin.ts';
import { type Command, UsageError } from './command.ts';

const USAGE = [
  'usage: mortise metadata check [folder]',
  '       mortise metadata export <folder> [--server url]',
  '       mortise metadata diff <folder> [--server url]',
  '       mortise metadata plan <folder> [--ours | --theirs] [--exact] [--server url]',
  '       mortise metadata apply <folder> [--ours | --theirs] [--exact] [--accept risk,…] [--note text] [--server url]',
].join('\n');

/** Checks documents in files, and moves the configuration between installations (ENG-14). */
export const metadata: Command = async (invocation) => {
  const [action, ...args] = invocation.args;
  switch (action) {
    case 'check':
      return await check({ ...invocation, args });
    case 'export':
    case 'diff':
    case 'plan':
    case 'apply':
      return await (await import('./metadata-package.ts')).transport(action, { ...invocation, args }, USAGE);
    default:
      throw new UsageError(USAGE);
  }
};

/**
 * `metadata check [folder]`: compiles the documents in files and says every fault. A folder is laid over base and
 * plugins as if it were a plugin's `metadata`.
 */
const check: Command = async ({ args, root, cwd, print }) => {
  const [folder] = args;
  if (args.length > 1) throw new UsageError(USAGE);
  const layers = await readFileLayers(root);
  if (folder === undefined) {
    print(summary(compose(layers, new Map(), new Map(), 1, {}).model));
    return 0;
  }
  const path = resolve(cwd, folder);
  if (!existsSync(path)) throw new UsageError(`there is no folder ${path}`);
  const own = new Set([
    join(root, 'metadata'),
    ...layers.installed.map((each) => join(each.folder, 'metadata')),
  ]);
  const name = basename(resolve(path, '..'));
  const plugins = own.has(path)
    ? layers.plugins
    : [
        ...layers.plugins,
        {
          manifest: { name, version: '0.0.0', platform: '*', label: { 'zh-CN': name, en: name } },
          layer: await loadLayer(path, layerOfPlugin(name)),
        },
      ];
  print(summary(compose({ base: layers.base, plugins }, new Map(), new Map(), 1, {}).model));
  return 0;
};

function summary(model: {
  readonly entities: ReadonlyMap<string, unknown>;
  readonly documents: ReadonlyMap<string, unknown>;
}): string {
  return `ok: ${model.documents.size} documents, ${model.entities.size} entities`;
}
