/**
 * `node tests/duplicates/evaluate.ts [--pairs 500] [--seed 1] [--seeds 1] [--faults]`: recall and precision of the
 * search for duplicates over seeded pairs made of real names, true and false ones in equal parts (issue: duplicates).
 */
import { parseArgs } from 'node:util';
import { isFound, judge } from './judge.ts';
import { makePairs } from './pairs.ts';

const { values: options } = parseArgs({
  options: {
    pairs: { type: 'string', default: '500' },
    seed: { type: 'string', default: '1' },
    seeds: { type: 'string', default: '1' },
    faults: { type: 'boolean', default: false },
  },
});

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
for (let at = 0; at < Number(options.seeds); at += 1) {
  const seed = Number(options.seed) + at;
  const verdict = judge(makePairs(Number(options.pairs), seed));
  console.log(
    `seed ${seed}, ${options.pairs} pairs: recall ${percent(verdict.recall)}, precision ${percent(verdict.precision)}`,
  );
  if (!options.faults) continue;
  for (const pair of [...verdict.missed, ...verdict.wrong]) {
    const { score, met } = isFound(pair);
    const line = [
      pair.how,
      pair.stored.name,
      pair.typed.name,
      pair.stored.phone ?? '',
      pair.typed.phone ?? '',
    ];
    console.log(`  ${pair.same ? 'missed' : 'wrong '} ${score} ${met ? '' : 'no key '}| ${line.join(' | ')}`);
  }
}
