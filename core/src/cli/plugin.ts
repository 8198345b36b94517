import { readConfig } from '../app/config.ts';
import { createApplication } from '../app/create-application.ts';
import { createLog } from '../app/log.ts';
import { type Command, UsageError } from './command.ts';

const USAGE = 'usage: mortise plugin list | enable <name> | disable <name>';

/** Lists and switches plugins of an installation that is not running, or of one on PostgreSQL while it runs. */
export const plugin: Command = async ({ args, environment, root, cwd, print }) => {
  const [action, name] = args;
  const lists = action === 'list' && args.length === 1;
  const switches = (action === 'enable' || action === 'disable') && name !== undefined && args.length === 2;
  if (!lists && !switches) throw new UsageError(USAGE);
  const config = readConfig({ MORTISE_LOG: 'warn', ...environment }, root, cwd);
  const app = await createApplication(config, createLog(config.logLevel));
  try {
    if (switches) {
      await app.changes.setPlugin(app.administrator, name, action === 'enable');
    }
    for (const { name: each, version, label, enabled } of app.changes.plugins()) {
      print(`${enabled ? '+' : '-'} ${each} ${version}  ${label[config.locale]}`);
    }
  } finally {
    await app.close();
  }
  return 0;
};
