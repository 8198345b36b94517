import { basename, join, resolve } from 'node:path';
import { existsSync } from 'node:fs';
import { readFileLayers } from '../app/read-file-layers.ts';
import { compose } from '../change/compose.ts';
import { loadLayer } from '../model/load-layer.ts';
import { layerOfPlugin } from '../plugin/installed-plugin.ts';
import { type Command, UsageError } from './command.ts';

/**
 * `metadata check [folder]`: compiles the documents in files and says every fault. A folder is laid over base and
 * plugins as if it were a plugin's `metadata`.
 */
export const metadata: Command = async ({ args, root, cwd, print }) => {
  const [action, folder] = args;
  if (action !== 'check' || args.length > 2) throw new UsageError('usage: mortise metadata check [folder]');
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
