import { readConfig } from '../app/config.ts';
import { createApplication } from '../app/create-application.ts';
import { createLog } from '../app/log.ts';
import { type Command, requireNoArguments } from './command.ts';

/** Brings the database to the documents in the files, as a start would, and stops. */
export const migrate: Command = async ({ args, environment, root, cwd, print }) => {
  requireNoArguments(args);
  const config = readConfig(environment, root, cwd);
  const app = await createApplication(config, createLog(config.logLevel));
  try {
    const made = app.firstStart;
    if (made)
      print(
        `administrator: ${made.username}${made.generatedPassword === null ? '' : `, password ${made.generatedPassword}`}`,
      );
    print(`model version ${app.changes.current().version} (${app.db.address})`);
  } finally {
    await app.close();
  }
  return 0;
};
