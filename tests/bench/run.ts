/**
 * `npm run bench [-- --rows 20000 --rounds 5 --json FILE]`: the product as shipped beside a hand-written floor on the
 * same PostgreSQL database, driven through HTTP as one employee whose scope sees a fifth of the rows. Rounds are
 * interleaved, so that a machine whose speed drifts is fair to both; the ratio is the figure to read.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { Client } from 'pg';
import { type Figures, fire, median } from './measure.ts';
import { type Measured, startServer } from './process.ts';
import { prepareData } from './data.ts';
import { cases } from './cases.ts';

const { values: options } = parseArgs({
  options: {
    rows: { type: 'string', default: '20000' },
    rounds: { type: 'string', default: '5' },
    requests: { type: 'string', default: '300' },
    json: { type: 'string' },
  },
});
const SERVER = process.env.DATABASE_URL ?? 'postgres://postgres@127.0.0.1:5432/postgres';
const PASSWORD = 'bench-password-1';

interface Result {
  readonly case: string;
  readonly connections: number;
  readonly product: Figures;
  readonly floor: Figures;
  readonly cpuRatio: number;
  readonly rpsRatio: number;
}

async function main(): Promise<void> {
  const name = `mortise_bench_${process.pid}`;
  const admin = new Client(SERVER);
  await admin.connect().catch((error: Error) => {
    throw new Error(`the bench needs PostgreSQL: set DATABASE_URL (${error.message})`);
  });
  await admin.query(`create database ${name}`);
  const url = new URL(SERVER);
  url.pathname = `/${name}`;
  const environment = {
    DATABASE_URL: url.href,
    PORT: '0',
    MORTISE_ADMIN_PASSWORD: PASSWORD,
    MORTISE_LOG: 'silent',
  };
  try {
    const cold = await coldStart(environment);
    const product = await startServer('core/src/cli/main.ts', ['start'], environment);
    const floor = await startServer('tests/bench/floor.ts', [], environment);
    try {
      const session = await prepareData(product.url, url.href, PASSWORD, Number(options.rows));
      const results = await measureAll(product, floor, session);
      report(results, cold);
      if (options.json)
        writeFileSync(
          options.json,
          JSON.stringify({ rows: Number(options.rows), startSeconds: cold, results }, null, 2),
        );
    } finally {
      await Promise.all([product.stop(), floor.stop()]);
    }
  } finally {
    await admin.query(`drop database ${name} with (force)`);
    await admin.end();
  }
}

/** Seconds from the start of the process to its first answer, once the database exists. */
async function coldStart(environment: Record<string, string>): Promise<number> {
  const first = await startServer('core/src/cli/main.ts', ['start'], environment);
  await first.stop();
  const from = performance.now();
  const second = await startServer('core/src/cli/main.ts', ['start'], environment);
  const answer = await fetch(`${second.url}/health/ready`);
  const seconds = (performance.now() - from) / 1000;
  if (!answer.ok) throw new Error(`not ready: ${answer.status}`);
  await second.stop();
  return seconds;
}

type Session = Awaited<ReturnType<typeof prepareData>>;

async function measureAll(product: Measured, floor: Measured, session: Session): Promise<Result[]> {
  const requests = Number(options.requests);
  const results: Result[] = [];
  for (const each of cases) {
    for (const connections of [1, 16]) {
      const rounds: { product: Figures; floor: Figures }[] = [];
      await fire(each.product(product.url, session), 30, connections, product.cpu);
      await fire(each.floor(floor.url, session), 30, connections, floor.cpu);
      for (let round = 0; round < Number(options.rounds); round += 1) {
        const second = await fire(each.floor(floor.url, session), requests, connections, floor.cpu);
        const first = await fire(each.product(product.url, session), requests, connections, product.cpu);
        rounds.push({ product: first, floor: second });
      }
      results.push({
        case: each.name,
        connections,
        product: middle(rounds.map((round) => round.product)),
        floor: middle(rounds.map((round) => round.floor)),
        cpuRatio: median(
          rounds.map((round) => (round.product.cpu ?? Number.NaN) / (round.floor.cpu ?? Number.NaN)),
        ),
        rpsRatio: median(rounds.map((round) => round.floor.perSecond / round.product.perSecond)),
      });
    }
  }
  return results;
}

function middle(rounds: readonly Figures[]): Figures {
  const of = (pick: (figures: Figures) => number): number => median(rounds.map(pick));
  return {
    requests: rounds[0]?.requests ?? 0,
    perSecond: of((f) => f.perSecond),
    p50: of((f) => f.p50),
    p99: of((f) => f.p99),
    cpu: rounds.some((f) => f.cpu === null) ? null : of((f) => f.cpu ?? 0),
  };
}

function report(results: readonly Result[], cold: number): void {
  const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  console.log(`\nStart to first answer, database exists: ${cold.toFixed(2)} s\n`);
  console.log(
    row([
      'case',
      'conn.',
      'product req/s',
      'p50 ms',
      'p99 ms',
      'CPU ms',
      'floor req/s',
      'floor p50',
      'floor CPU',
      'CPU ratio',
      'time ratio',
    ]),
  );
  console.log(row(Array.from({ length: 11 }, () => '---')));
  for (const { case: name, connections, product, floor, cpuRatio, rpsRatio } of results) {
    console.log(
      row([
        name,
        String(connections),
        product.perSecond.toFixed(0),
        product.p50.toFixed(2),
        product.p99.toFixed(2),
        product.cpu?.toFixed(2) ?? '–',
        floor.perSecond.toFixed(0),
        floor.p50.toFixed(2),
        floor.cpu?.toFixed(2) ?? '–',
        `${cpuRatio.toFixed(2)}×`,
        `${rpsRatio.toFixed(2)}×`,
      ]),
    );
  }
}

await main();
