import { parseArgs } from 'node:util';

/** What a run was asked for. */
export interface Options {
  readonly list: boolean;
  readonly short: boolean;
  readonly engines: readonly ('pglite' | 'postgresql')[];
  /** Names of the faults to try; empty: all. */
  readonly only: readonly string[];
  readonly seed: number;
  /** Rounds of random death. */
  readonly rounds: number;
  /** One failpoint, as `name[:nth][:action]`, instead of all. */
  readonly failpoint: string | null;
  /** Malformed requests. */
  readonly requests: number;
  /** How long the memory is watched. */
  readonly minutes: number;
  readonly json: string | null;
}

export const USAGE = `npm run torture -- [options]
  --list              print every named failpoint
  --short             fewer and shorter
  --engine NAME       pglite or postgresql; both by default
  --only a,b          only these faults
  --seed N            repeat a run; every fault draws from it
  --rounds N          rounds of random death (10)
  --failpoint SPEC    only this failpoint: name[:nth][:kill|error]
  --requests N        malformed requests for each engine (20000)
  --minutes N         how long the memory is watched under malformed requests (0: as long as they take)
  --json FILE         write the results there`;

/** @throws Error naming the option that is wrong */
export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      list: { type: 'boolean', default: false },
      short: { type: 'boolean', default: false },
      engine: { type: 'string', default: 'pglite,postgresql' },
      only: { type: 'string', default: '' },
      seed: { type: 'string', default: String(Date.now() % 1_000_000_000) },
      rounds: { type: 'string' },
      failpoint: { type: 'string' },
      requests: { type: 'string' },
      minutes: { type: 'string', default: '0' },
      json: { type: 'string' },
    },
  });
  const number = (name: string, text: string): number => {
    if (!/^\d+(?:\.\d+)?$/.test(text)) throw new Error(`--${name} ${text}: a number is needed`);
    return Number(text);
  };
  const engines = values.engine.split(',').map((name) => {
    if (name !== 'pglite' && name !== 'postgresql') throw new Error(`--engine ${name}: pglite or postgresql`);
    return name;
  });
  return {
    list: values.list,
    short: values.short,
    engines,
    only: values.only.split(',').filter((name) => name !== ''),
    seed: number('seed', values.seed),
    rounds: number('rounds', values.rounds ?? (values.short ? '1' : '10')),
    failpoint: values.failpoint ?? null,
    requests: number('requests', values.requests ?? (values.short ? '400' : '20000')),
    minutes: number('minutes', values.minutes),
    json: values.json ?? null,
  };
}
