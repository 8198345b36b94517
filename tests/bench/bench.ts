import { cpus } from 'node:os';
import { TARGETS, type BenchCase, type Target } from './case.ts';
import { CASES } from './cases/index.ts';
import { measureColdStart } from './cold-start.ts';
import { checkCase, type Checked, type CheckedTarget } from './count/check-cases.ts';
import { openProxy } from './count/count-proxy.ts';
import { statisticsCounter } from './count/statement-counter.ts';
import { connectServer, withClient, type Server } from './data/server.ts';
import { copyOf, findTemplate } from './data/template.ts';
import { enterWorld } from './data/world.ts';
import { watchBackends } from './drive/backends.ts';
import { startFloor, startProduct, type Program, type ProgramOptions } from './drive/programs.ts';
import { measureCase } from './measure.ts';
import type { BenchOptions } from './options.ts';
import type { BenchRun, CaseResult } from './result.ts';

/** Name under which `--case` finds the cold start. */
const COLD_START = 'cold-start';

/**
 * One run: finds or loads the data, checks that the floors answer what the product answers and counts statements, then
 * measures round by round. @throws Error without PostgreSQL, or when a floor's answer is another
 */
export async function runBench(options: BenchOptions, say: (text: string) => void): Promise<BenchRun> {
  const wanted = (name: string): boolean =>
    options.cases.length === 0 || options.cases.some((part) => name.includes(part));
  const cases = CASES.filter(({ name }) => wanted(name));
  if (cases.length === 0 && !wanted(COLD_START))
    throw new Error(`no such case; there are: ${[...CASES.map(({ name }) => name), COLD_START].join(', ')}`);
  const server = await connectServer();
  try {
    const template = await findTemplate(server, options.size, say);
    if (template.loaded !== null) say(`Loaded in ${template.loaded.toFixed(0)} s.`);
    const copy = await copyOf(server, template);
    try {
      const coldStart = wanted(COLD_START) ? await measureColdStart(copy.url) : null;
      const { checked, counting } = await checkAll(cases, copy.url, say);
      const { results, unknown } = await measureAll(cases, checked, server, copy, options, say);
      return {
        size: options.size.name,
        customers: options.size.customers,
        contacts: options.size.contacts,
        node: process.versions.node,
        server: server.version,
        processor: `${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'}`,
        notes: [counting, ...(unknown === null ? [] : [unknown])],
        coldStart,
        results,
      };
    } finally {
      await server.client.query(`drop database if exists ${copy.name} with (force)`);
    }
  } finally {
    await server.client.end();
  }
}

/** Starts all three, runs `work`, and stops them. */
async function withPrograms<T>(
  options: (target: Target) => ProgramOptions,
  work: (programs: Record<Target, Program>) => Promise<T>,
): Promise<T> {
  const programs: Partial<Record<Target, Program>> = {};
  try {
    for (const target of TARGETS)
      programs[target] = await (target === 'product'
        ? startProduct(options(target))
        : startFloor(target, options(target)));
    return await work(programs as Record<Target, Program>);
  } finally {
    await Promise.all(Object.values(programs).map((program) => program.stop()));
  }
}

async function checkAll(
  cases: readonly BenchCase[],
  database: string,
  say: (text: string) => void,
): Promise<{ checked: ReadonlyMap<string, Checked>; counting: string }> {
  return await withClient(database, async (client) => {
    const statistics = await statisticsCounter(client);
    const proxies = statistics
      ? null
      : {
          product: await openProxy(database),
          duties: await openProxy(database),
          keys: await openProxy(database),
          bare: await openProxy(database),
        };
    const counting = statistics
      ? 'Statements counted by pg_stat_statements.'
      : 'pg_stat_statements is not in shared_preload_libraries: statements counted by a proxy that reads the completed commands of the protocol.';
    say(counting);
    try {
      const checked = await withPrograms(
        (target) => ({ database: proxies?.[target].url ?? database, profile: null }),
        async (programs) => {
          const world = await enterWorld(programs.product.url, database);
          const take = numbers();
          const target = (name: Target): CheckedTarget => ({
            url: programs[name].url,
            counter: statistics ?? proxies![name].counter,
          });
          const found = new Map<string, Checked>();
          for (const each of cases) {
            const targets = {
              product: target('product'),
              duties: target('duties'),
              keys: target('keys'),
              bare: target('bare'),
            };
            found.set(each.name, await checkCase(each, world, targets, take));
          }
          return found;
        },
      );
      return { checked, counting };
    } finally {
      await Promise.all(Object.values(proxies ?? {}).map((proxy) => proxy.close()));
    }
  });
}

async function measureAll(
  cases: readonly BenchCase[],
  checked: ReadonlyMap<string, Checked>,
  server: Server,
  copy: { readonly url: string; readonly name: string },
  options: BenchOptions,
  say: (text: string) => void,
): Promise<{ results: CaseResult[]; unknown: string | null }> {
  const backends = await watchBackends(server.client, copy.name);
  const results = await withClient(copy.url, (client) =>
    withPrograms(
      () => ({ database: copy.url, profile: options.profile }),
      async (programs) => {
        const world = await enterWorld(programs.product.url, copy.url);
        const take = numbers(1_000_000);
        const found: CaseResult[] = [];
        for (const each of cases) {
          say(`Measuring: ${each.title}`);
          for (const connections of each.connections ?? options.connections)
            found.push(
              ...(await measureCase(each, connections, checked.get(each.name)?.statements ?? {}, {
                programs,
                world,
                backends,
                options,
                take,
                // The product makes keys for rows that others wrote, too: those of the floors are not its work.
                settle: async () =>
                  void (await client.query(
                    'delete from mortise.duplicate_pending; delete from mortise.search_pending',
                  )),
              })),
            );
        }
        return found;
      },
    ),
  );
  return { results, unknown: backends.unknown };
}

/** Numbers that never come twice. */
function numbers(first = 0): (n: number) => number {
  let next = first;
  return (n) => (next += n) - n;
}
