import { enableCompileCache } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Problem } from '../errors/problem.ts';
import { type Command, UsageError } from './command.ts';
import { problemLines } from './problem-lines.ts';

interface Listed {
  readonly load: () => Promise<Command>;
  readonly usage: string;
}

/** Each command in its own file, loaded only when it is called. */
const COMMANDS: Readonly<Record<string, Listed>> = {
  start: {
    load: async () => (await import('./start.ts')).start,
    usage: 'start                                      serve the application',
  },
  migrate: {
    load: async () => (await import('./migrate.ts')).migrate,
    usage: 'migrate                                    bring the database to these files and stop',
  },
  config: {
    load: async () => (await import('./config.ts')).config,
    usage: 'config                                     the configuration as a start would use it',
  },
  backup: {
    load: async () => (await import('./backup.ts')).backup,
    usage:
      'backup <file or folder>                    save database and attachments, also while the server runs',
  },
  restore: {
    load: async () => (await import('./restore.ts')).restore,
    usage: 'restore <file> [--replace | --check]       into an empty database or folder of either engine',
  },
  user: {
    load: async () => (await import('./user.ts')).user,
    usage: 'user add <name> [--role r]… | reset-password <name> | allow-anywhere <name>',
  },
  plugin: {
    load: async () => (await import('./plugin.ts')).plugin,
    usage: 'plugin list | enable <name> | disable <name>',
  },
  metadata: {
    load: async () => (await import('./metadata.ts')).metadata,
    usage: 'metadata check [folder] | export | diff | plan | apply <folder>',
  },
  types: {
    load: async () => (await import('./types.ts')).types,
    usage: 'types [--out file] [--watch]               TypeScript types of all records',
  },
  schemas: {
    load: async () => (await import('./schemas.ts')).schemas,
    usage: 'schemas [--out folder]                     write the schemas of the documents',
  },
};

const HELP = ['mortise <command>', ...Object.values(COMMANDS).map(({ usage }) => `  ${usage}`)].join('\n');

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function run(argv: readonly string[]): Promise<number> {
  const [name = 'help', ...args] = argv;
  const listed = COMMANDS[name];
  if (!listed) {
    const asked = ['help', '--help', '-h'].includes(name);
    (asked ? process.stdout : process.stderr).write(
      asked ? `${HELP}\n` : `unknown command: ${name}\n${HELP}\n`,
    );
    return asked ? 0 : 2;
  }
  if (args.includes('--help') || args.includes('-h')) {
    print(`mortise ${listed.usage}`);
    return 0;
  }
  const root = fileURLToPath(new URL('../../..', import.meta.url)).replace(/[\\/]$/, '');
  // Two thirds of a start are the modules: kept compiled and without types beside the packages. Where that folder cannot
  // be written, or NODE_DISABLE_COMPILE_CACHE is set, it goes as before.
  enableCompileCache(join(root, 'node_modules', '.cache', 'compiled'));
  const command = await listed.load();
  return await command({ args, environment: process.env, root, cwd: process.cwd(), print });
}

function report(error: unknown): number {
  if (error instanceof Problem) {
    process.stderr.write(`${problemLines(error).join('\n')}\n`);
    return 1;
  }
  if (error instanceof UsageError) {
    process.stderr.write(`${error.message}\n`);
    return 2;
  }
  // Ours: the trace is what a report of the fault needs.
  process.stderr.write(
    `mortise: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  );
  return 70;
}

try {
  process.exitCode = await run(process.argv.slice(2));
} catch (error) {
  process.exitCode = report(error);
}
