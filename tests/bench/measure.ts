import { floorsOf, TARGETS, type Aim, type BenchCase, type Shot, type Target } from './case.ts';
import type { Checked } from './count/check-cases.ts';
import type { World } from './data/world.ts';
import { cpuBetween, type Backends } from './drive/backends.ts';
import { cpuOf, memoryOf } from './drive/cpu.ts';
import { figuresOf, median, medianOf, middle, type Figures } from './drive/figures.ts';
import { fire, type Window } from './drive/fire.ts';
import { openClient } from './drive/http-client.ts';
import type { Program } from './drive/programs.ts';
import type { BenchOptions } from './options.ts';
import type { CaseResult } from './result.ts';

/** What measuring needs. */
export interface Measuring {
  readonly programs: Readonly<Record<Target, Program>>;
  readonly world: World;
  readonly backends: Backends;
  readonly options: BenchOptions;
  /** Numbers of requests that were not used before; gives the first of `n`. */
  take(n: number): number;
  /** Called between windows of different targets, outside of what is measured. */
  settle(): Promise<void>;
}

interface Armed {
  readonly target: Target;
  readonly aim: Aim;
  readonly windows: Figures[];
}

const WARM_UP = 40;

/** Drives one case over one number of connections: round by round, each target in turn. */
export async function measureCase(
  each: BenchCase,
  connections: number,
  statements: Checked['statements'],
  measuring: Measuring,
): Promise<CaseResult[]> {
  const { options, programs, world } = measuring;
  const window: Window = {
    requests: Math.min(options.requests, each.most ?? options.requests),
    seconds: options.seconds,
    connections,
  };
  const armed = await arm(each, measuring);
  if (each.kind !== 'change')
    for (const one of armed)
      await shoot(one, { ...window, requests: Math.min(WARM_UP, window.requests), seconds: 1 }, measuring);
  for (let round = 0; round < options.rounds; round += 1) {
    // The first of a round may find a warmer or colder machine: it is another one each time.
    const order = armed.map((_, index) => armed[(index + round) % armed.length]!);
    for (const one of order) one.windows.push(await shoot(one, window, measuring));
  }
  const product = armed[0]!;
  const memory = memoryOf(programs.product.pid);
  return armed.slice(1).map(({ target, windows }) => ({
    case: each.name,
    title: each.title,
    kind: each.kind,
    floor: target as CaseResult['floor'],
    connections,
    cpuRatio: ratio(product.windows, windows, (figures) => figures.cpu),
    serverCpuRatio: ratio(product.windows, windows, (figures) => figures.serverCpu),
    databaseCpuRatio: ratio(product.windows, windows, (figures) => figures.databaseCpu),
    rpsRatio: median(product.windows.map((figures, round) => figures.perSecond / windows[round]!.perSecond)),
    statements: statements.product?.request ?? null,
    statementsWithBackground: statements.product?.all ?? null,
    floorStatements: statements[target]?.request ?? null,
    product: { ...middle(product.windows), memory },
    floorFigures: { ...middle(windows), memory: memoryOf(programs[target].pid) },
  }));

  async function arm(of: BenchCase, { world: known }: Measuring): Promise<Armed[]> {
    const client = openClient(programs.product.url, world, 1);
    const ask = async (shot: Shot): Promise<unknown> => JSON.parse(await client.send(shot)) as unknown;
    const list: Armed[] = [];
    for (const target of TARGETS) {
      if (target !== 'product' && !floorsOf(of).includes(target)) continue;
      const aim =
        target === 'product' ? await of.product(known, ask) : await of.floor.request(known, target, ask);
      list.push({ target, aim, windows: [] });
    }
    return list;
  }
}

async function shoot({ target, aim }: Armed, window: Window, measuring: Measuring): Promise<Figures> {
  const { programs, backends, world } = measuring;
  const program = programs[target];
  const client = openClient(program.url, world, window.connections);
  try {
    const database = await backends.read(program.application);
    const server = cpuOf(program.pid);
    const fired = await fire(client, aim, measuring.take(window.requests), window);
    const serverAfter = cpuOf(program.pid);
    const databaseAfter = await backends.read(program.application);
    return figuresOf(
      fired,
      server === null || serverAfter === null ? null : serverAfter - server,
      backends.unknown === null ? cpuBetween(database, databaseAfter) : null,
    );
  } finally {
    client.close();
    await measuring.settle();
  }
}

/** Median of the rounds' ratios: both sides of a ratio were measured within seconds. */
function ratio(
  product: readonly Figures[],
  floor: readonly Figures[],
  pick: (figures: Figures) => number | null,
): number | null {
  return medianOf(
    product.map((figures, round) => {
      const [over, under] = [pick(figures), pick(floor[round]!)];
      return over === null || under === null || under === 0 ? null : over / under;
    }),
  );
}
