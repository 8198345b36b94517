import type { Environment } from '../app/config.ts';

/** What a command is given. */
interface Invocation {
  /** Arguments after the name of the command. */
  readonly args: readonly string[];
  readonly environment: Environment;
  /** Root of the project. */
  readonly root: string;
  /** Folder in which the command was typed. */
  readonly cwd: string;
  print(line: string): void;
}

/** A subcommand of `mortise`. Gives the exit code. A Problem that it throws is printed without a trace. */
export type Command = (invocation: Invocation) => Promise<number>;

/** Wrong arguments; the text says what is right. */
export class UsageError extends Error {}

/** For a command that is configured by the environment alone. @throws UsageError */
export function requireNoArguments(args: readonly string[]): void {
  if (args.length > 0)
    throw new UsageError(`unexpected argument: ${args[0]} (settings are environment variables)`);
}
