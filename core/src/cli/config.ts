import { readConfig } from '../app/config.ts';
import { SETTINGS } from '../app/settings.ts';
import { maskUrl } from '../store/open-postgres.ts';
import { type Command, requireNoArguments } from './command.ts';

/** Prints the configuration as a start would use it: every variable with its value, its origin and its meaning. */
export const config: Command = async ({ args, environment, root, cwd, print }) => {
  requireNoArguments(args);
  const checked = readConfig(environment, root, cwd);
  const shown: Readonly<Record<string, string>> = {
    DATABASE_URL: checked.databaseUrl === null ? '' : maskUrl(checked.databaseUrl),
    MORTISE_DATA_DIR: checked.dataDir,
    MORTISE_LOCALE: checked.locale,
    MORTISE_LOG_LEVEL: checked.logLevel,
  };
  for (const { name, fallback, meaning, secret, internal } of SETTINGS) {
    if (internal) continue;
    const given = environment[name]?.trim() || null;
    const value = secret && given !== null ? '***' : (shown[name] ?? given ?? fallback);
    print(`${given === null ? ' ' : '*'} ${name}=${value}`.padEnd(44) + `  # ${meaning[checked.locale]}`);
  }
  for (const warning of checked.warnings) print(`! ${warning[checked.locale]}`);
  return 0;
};
