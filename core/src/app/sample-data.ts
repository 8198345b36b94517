import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Actor } from '../context/context.ts';
import { loadDemo } from '../demo/load-demo.ts';
import type { DemoScript } from '../plugin/api.ts';
import type { Application } from './application.ts';
import { systemContext } from './create-context.ts';

/**
 * Loads the sample data of the base and of the enabled plugins, `demo/demo.ts` beside their documents, in the name of
 * `actor` and marked so that it can be removed.
 * @returns how many records were made
 * @throws MRT_RECORD_STATE when there is sample data already
 */
export async function loadSampleData(app: Application, actor: Actor): Promise<number> {
  const model = app.changes.current();
  const folders = [
    join(app.config.root, 'metadata'),
    ...model.plugins.map((name: string) => join(app.config.root, 'plugins', name)),
  ];
  const scripts: DemoScript[] = [];
  for (const folder of folders) {
    const file = join(folder, 'demo', 'demo.ts');
    if (!existsSync(file)) continue;
    const loaded = (await import(pathToFileURL(file).href)) as { readonly default: DemoScript };
    scripts.push(loaded.default);
  }
  const services = {
    db: app.db,
    records: app.records,
    dictionaries: app.dictionaries,
    setPassword: (user: string, password: string) =>
      app.sessions.setPassword(user, password, { mustChange: false }),
  };
  return await loadDemo(services, systemContext(model, actor, 'demo'), scripts);
}
