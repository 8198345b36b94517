import { parseArgs } from 'node:util';
import { readConfig } from '../app/config.ts';
import type { Application } from '../app/application.ts';
import { createApplication } from '../app/create-application.ts';
import { systemContext } from '../app/create-context.ts';
import { createLog } from '../app/log.ts';
import { checkPassword, generatePassword } from '../session/password-policy.ts';
import { type Command, UsageError } from './command.ts';

const USAGE =
  'usage: mortise user add <name> [--display-name text] [--role name]… [--password text] | reset-password <name> [--password text] | allow-anywhere <name>';

const ACTIONS = ['add', 'reset-password', 'allow-anywhere'] as const;
const EVERYWHERE = '0.0.0.0/0, ::/0';

/**
 * Adds a user, gives one a new password, for instance when the last administrator forgot his, or lets one come from
 * everywhere, when the networks shut everybody out.
 */
export const user: Command = async ({ args, environment, root, cwd, print }) => {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      'display-name': { type: 'string' },
      role: { type: 'string', multiple: true },
      password: { type: 'string' },
    },
  });
  const [action, name] = positionals;
  if (!ACTIONS.some((each) => each === action) || name === undefined || positionals.length > 2)
    throw new UsageError(USAGE);
  if (values.password !== undefined) checkPassword(values.password, name, {}, '--password');
  const config = readConfig({ MORTISE_LOG: 'warn', ...environment }, root, cwd);
  const app = await createApplication(config, createLog(config.logLevel));
  try {
    if (action === 'allow-anywhere') {
      await allowAnywhere(app, await find(app, name));
      print(`${name}: ${EVERYWHERE}`);
      return 0;
    }
    const id =
      action === 'add'
        ? await add(app, name, values['display-name'] ?? name, values.role ?? [])
        : await find(app, name);
    const password = values.password ?? generatePassword();
    await app.sessions.setPassword(id, password, { mustChange: values.password === undefined });
    print(values.password === undefined ? `${name}: ${password}` : `${name}: ok`);
  } finally {
    await app.close();
  }
  return 0;
};

/** Networks of his own go before those of his roles. */
async function allowAnywhere(app: Application, id: string): Promise<void> {
  const context = systemContext(app.changes.current(), app.administrator, 'api');
  const { version } = await app.records.read(context, 'user', id, { fields: ['version'] });
  await app.records.update(context, 'user', id, Number(version), { networks: EVERYWHERE });
}

async function add(
  app: Application,
  username: string,
  displayName: string,
  roles: readonly string[],
): Promise<string> {
  const model = app.changes.current();
  const unknown = roles.filter((role) => !model.roles.has(role));
  if (unknown.length > 0)
    throw new UsageError(
      `no such role: ${unknown.join(', ')}; there are ${[...model.roles.keys()].join(', ')}`,
    );
  const context = systemContext(model, app.administrator, 'api');
  const made = await app.records.create(context, 'user', {
    username,
    display_name: displayName,
    roles,
    unit: app.administrator.unit,
  });
  return String(made['id']);
}

async function find(app: Application, username: string): Promise<string> {
  const context = systemContext(app.changes.current(), app.administrator, 'api');
  const { items } = await app.records.list(context, 'user', {
    filter: { username },
    fields: ['username'],
    limit: 1,
  });
  const [found] = items;
  if (!found) throw new UsageError(`no such user: ${username}`);
  return String(found['id']);
}
