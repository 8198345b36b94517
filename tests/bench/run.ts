/**
 * `npm run bench [-- options]`: the product as shipped beside two hand-written floors on the same PostgreSQL database,
 * driven through HTTP as one employee whose scope sees a fifth of the rows. docs/performance.md explains the options.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { runBench } from './bench.ts';
import { readOptions } from './options.ts';
import { compareRuns, worseText } from './report/compare.ts';
import { markdownOf } from './report/table.ts';
import { rowsOf, type ResultRow } from './result.ts';

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  // Read first: a missing file should not be found out after ten minutes.
  const before =
    options.compare === null ? null : (JSON.parse(readFileSync(options.compare, 'utf8')) as ResultRow[]);
  const run = await runBench(options, (text) => console.error(text));
  console.log(`\n${markdownOf(run)}`);
  if (options.json !== null) writeFileSync(options.json, `${JSON.stringify(rowsOf(run), null, 2)}\n`);
  if (before === null) return;
  const worse = compareRuns(before, run.results, options.tolerance);
  console.log(`\n${worseText(worse)}`);
  if (worse.length > 0) process.exitCode = 1;
}

// So that the servers that it started end with it.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
