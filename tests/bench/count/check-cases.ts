import { isDeepStrictEqual } from 'node:util';
import { floorsOf, TARGETS, type Aim, type BenchCase, type FloorName, type Target } from '../case.ts';
import type { World } from '../data/world.ts';
import { openClient, type HttpClient } from '../drive/http-client.ts';
import type { StatementCounter } from './statement-counter.ts';

/** What a look at one case showed before it is measured. */
export interface Checked {
  /** Statements a request, by target. */
  readonly statements: Readonly<Partial<Record<Target, StatementCount>>>;
}

/** Statements without those that only begin and end transactions, of requests one after the other. */
interface StatementCount {
  /** Of the request itself: the least, since what runs in the background falls into some requests and not into others. */
  readonly request: number;
  /** With what the program does in the background meanwhile: the mean. */
  readonly all: number;
}

/** A target while it is checked. */
export interface CheckedTarget {
  readonly url: string;
  readonly counter: StatementCounter;
}

/** Requests over which statements are counted. */
const COUNTED = 20;
/** Answers that are held against each other. */
const COMPARED = 4;

/**
 * Asks all targets the same and holds their answers against each other, then counts their statements.
 * @throws Error when a floor does not answer what the product answers: its ratio would mean nothing
 */
export async function checkCase(
  each: BenchCase,
  world: World,
  targets: Readonly<Record<Target, CheckedTarget>>,
  take: (n: number) => number,
): Promise<Checked> {
  const statements: Partial<Record<Target, StatementCount>> = {};
  const aims = new Map<Target, { aim: Aim; client: HttpClient }>();
  const product = openClient(targets.product.url, world, 1);
  const ask = async (shot: Parameters<HttpClient['send']>[0]): Promise<unknown> =>
    JSON.parse(await product.send(shot)) as unknown;
  for (const target of TARGETS) {
    if (target !== 'product' && !floorsOf(each).includes(target)) continue;
    const aim =
      target === 'product' ? await each.product(world, ask) : await each.floor.request(world, target, ask);
    aims.set(target, { aim, client: openClient(targets[target].url, world, 1) });
  }
  try {
    const compared = Math.min(COMPARED, each.most ?? COMPARED);
    for (let round = 0; round < compared; round += 1) {
      const n = take(1);
      const answers = new Map<Target, unknown>();
      for (const [target, { aim, client }] of aims) answers.set(target, await answerOf(aim, client, n));
      for (const target of ['duties', 'bare'] as const)
        if (answers.has(target)) compare(each, target, answers.get('product'), answers.get(target));
    }
    if (each.kind !== 'change') {
      const requests = Math.min(COUNTED, each.most ?? COUNTED);
      for (const [target, { aim, client }] of aims)
        statements[target] = await countStatements(targets[target].counter, take(requests), requests, (n) =>
          answerOf(aim, client, n),
        );
    }
  } finally {
    product.close();
    for (const { client } of aims.values()) client.close();
  }
  return { statements };
}

async function countStatements(
  counter: StatementCounter,
  first: number,
  requests: number,
  ask: (n: number) => Promise<unknown>,
): Promise<StatementCount> {
  const counts: number[] = [];
  for (let n = first; n < first + requests; n += 1) {
    const before = await counter.read();
    await ask(n);
    counts.push((await counter.read()) - before);
  }
  return { request: Math.min(...counts), all: counts.reduce((a, b) => a + b, 0) / requests };
}

async function answerOf(aim: Aim, client: HttpClient, n: number): Promise<unknown> {
  const shot = await aim(n);
  const answer: unknown = JSON.parse(await client.send(shot));
  shot.learn?.(answer);
  return answer;
}

function compare(each: BenchCase, floor: FloorName, product: unknown, other: unknown): void {
  const fail = (wanted: unknown, found: unknown): never => {
    const text = (value: unknown): string => JSON.stringify(value)?.slice(0, 600) ?? 'undefined';
    throw new Error(
      `${each.name}: the floor “${floor}” does not answer what the product answers.\nproduct: ${text(wanted)}\n${floor}: ${text(found)}`,
    );
  };
  if (floor === 'bare' && each.rows) {
    const [wanted, found] = [each.rows(product), each.rows(other)];
    if (found < wanted) fail(wanted, found);
    return;
  }
  const [wanted, found] = [each.facts(product), each.facts(other)];
  if (!isDeepStrictEqual(wanted, found)) fail(wanted, found);
}
