import { writeFileSync } from 'node:fs';
import { createBench } from './bench.ts';
import type { Fault } from './fault.ts';
import { failpoints } from './failpoints.ts';
import { FAULTS } from './faults/index.ts';
import { serverVersion, type Engine } from './installation.ts';
import { type Options, readOptions, USAGE } from './options.ts';
import { machine, type Result, table } from './report.ts';
import { killAll } from './server.ts';

/** Whatever happens, nothing is left running after this. */
const LIMIT = { short: 5 * 60_000, full: 60 * 60_000 };

function selected(options: Options, engine: Engine): readonly Fault[] {
  return FAULTS.filter(
    ({ name, engines, short }) =>
      engines.includes(engine) &&
      (options.only.length > 0 ? options.only.includes(name) : short || !options.short),
  );
}

/** Tries the faults on one engine, on one installation. */
export async function torture(
  engine: Engine,
  options: Options,
  say: (line: string) => void,
): Promise<Result[]> {
  const results: Result[] = [];
  const bench = await createBench(engine, options);
  try {
    for (const [index, fault] of selected(options, engine).entries()) {
      const seed = options.seed + index;
      const begun = performance.now();
      const shown = await fault.run(bench, seed).catch((error: unknown) => ({
        figures: 'broke off',
        faults: [error instanceof Error ? (error.stack ?? error.message) : String(error)],
        skipped: undefined,
      }));
      const seconds = Math.round((performance.now() - begun) / 1000);
      results.push({ engine, name: fault.name, title: fault.title, seconds, ...shown });
      say(
        `${shown.faults.length > 0 ? 'FAILED' : shown.skipped ? 'skipped' : 'ok'}  ${engine} ${fault.name} (${seconds} s): ${shown.skipped ?? shown.figures}`,
      );
      for (const each of shown.faults.slice(0, 20)) say(`  ${each}`);
      if (shown.faults.length > 0)
        say(
          `  repeat: npm run torture -- --engine ${engine} --only ${fault.name} --seed ${seed}${options.short ? ' --short' : ''}`,
        );
    }
  } finally {
    await bench.remove();
  }
  return results;
}

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2));
  const say = (line: string): void => void process.stdout.write(`${line}\n`);
  if (options.list) {
    for (const name of failpoints()) say(name);
    return 0;
  }
  const limit = setTimeout(
    () => {
      say('the run took too long and was ended');
      killAll();
      process.exit(3);
    },
    options.short ? LIMIT.short : LIMIT.full,
  );
  const results: Result[] = [];
  const postgres = await serverVersion();
  say(`seed ${options.seed}; ${machine(postgres)}`);
  for (const engine of options.engines) {
    if (engine === 'postgresql' && postgres === null)
      say('skipped postgresql: no server answers (DATABASE_URL)');
    else results.push(...(await torture(engine, options, say)));
  }
  clearTimeout(limit);
  say(`\n${table(results)}`);
  if (options.json)
    writeFileSync(
      options.json,
      `${JSON.stringify({ seed: options.seed, machine: machine(postgres), results }, null, 2)}\n`,
    );
  return results.some(({ faults }) => faults.length > 0) ? 1 : 0;
}

if (import.meta.main) {
  try {
    process.exitCode = await main();
  } catch (error) {
    killAll();
    process.stderr.write(
      `${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n${USAGE}\n`,
    );
    process.exitCode = 2;
  }
}
