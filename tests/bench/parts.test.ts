import { describe, expect, it } from 'vitest';
import { CommandFrames } from './count/command-frames.ts';
import { median } from './drive/figures.ts';
import { readOptions } from './options.ts';
import { compareRuns } from './report/compare.ts';
import type { CaseResult } from './result.ts';

const figures = { perSecond: 1, p50: 1, p99: 1, serverCpu: 1, databaseCpu: 1, cpu: 1, memory: 1 };
const result = (changed: Partial<CaseResult>): CaseResult => ({
  case: 'list-page',
  title: 'list',
  kind: 'read',
  floor: 'duties',
  connections: 1,
  cpuRatio: 1.2,
  serverCpuRatio: 1.2,
  databaseCpuRatio: 1,
  rpsRatio: 0.8,
  statements: 2,
  floorStatements: 2,
  statementsWithBackground: 2,
  product: figures,
  floorFigures: figures,
  ...changed,
});

describe('the bench counts commands in the protocol', () => {
  const message = (kind: string, content: string): Buffer => {
    const body = Buffer.from(content);
    const head = Buffer.alloc(5);
    head.write(kind);
    head.writeInt32BE(body.length + 4, 1);
    return Buffer.concat([head, body]);
  };
  const stream = Buffer.concat([
    message('R', 'auth'),
    message('D', 'a row that is long'.repeat(9)),
    message('C', 'SELECT 50\0'),
    message('Z', 'I'),
    message('C', 'BEGIN\0'),
    message('D', 'C'),
    message('C', 'INSERT 0 1\0'),
  ]);

  it.each([1, 2, 3, 7, 50, 1000])('however it is cut (%i bytes at a time)', (size) => {
    const tags: string[] = [];
    const frames = new CommandFrames((tag) => tags.push(tag));
    for (let at = 0; at < stream.length; at += size) frames.take(stream.subarray(at, at + size));
    expect(tags).toEqual(['SELECT 50', 'BEGIN', 'INSERT 0 1']);
  });
});

describe('a run held against an earlier one', () => {
  it('names what got worse beyond the tolerance, and nothing else', () => {
    const before = [result({}), result({ case: 'read' })];
    const now = [
      result({ cpuRatio: 1.5, rpsRatio: 0.79, statements: 3 }),
      result({ case: 'read', cpuRatio: 1.3, rpsRatio: 0.9 }),
      result({ case: 'new', cpuRatio: 9 }),
    ];
    expect(compareRuns(before, now, 0.2).map((each) => [each.case, each.figure])).toEqual([
      ['list-page', 'cpuRatio'],
      ['list-page', 'statements'],
    ]);
  });

  it('says when throughput fell', () => {
    expect(compareRuns([result({})], [result({ rpsRatio: 0.5 })], 0.2)).toMatchObject([
      { figure: 'rpsRatio', before: 0.8, now: 0.5 },
    ]);
  });
});

describe('the bench command', () => {
  it('refuses what it cannot read', () => {
    expect(() => readOptions(['--rounds', 'many'])).toThrow('--rounds');
    expect(() => readOptions(['--row', '7'])).toThrow('--row');
  });

  it('reads its options', () => {
    expect(readOptions(['--small', '--case', 'list', '--case', 'read', '--connections', '4'])).toMatchObject({
      size: { customers: 5000 },
      cases: ['list', 'read'],
      connections: [4],
    });
  });

  it('takes the middle of an odd and an even number of figures', () => {
    expect([median([3, 1, 2]), median([4, 1, 2, 3])]).toEqual([2, 2.5]);
  });
});
