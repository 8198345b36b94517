/**
 * `npm run bench:ui [-- --rows 100000 --children 500 --runs 5 --only longList --json FILE]`: what the screens cost in a headless
 * Chromium, against the budgets of DESIGN §11. CPU is read from the page's main thread; medians of several runs.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { median } from '../bench/drive/figures.ts';
import type { Figure, Screen } from './figures.ts';
import { signedIn, signInThenHome } from './first-load.ts';
import { longList } from './long-list.ts';
import { manyChildren } from './many-children.ts';
import { onStage, type Stage } from './stage.ts';
import { wideForm } from './wide-form.ts';

const { values: options } = parseArgs({
  options: {
    rows: { type: 'string', default: '100000' },
    children: { type: 'string', default: '500' },
    runs: { type: 'string', default: '5' },
    only: { type: 'string' },
    json: { type: 'string' },
  },
});
const SERVER = process.env['DATABASE_URL'] ?? 'postgres://postgres@127.0.0.1:5432/postgres';
const SCREENS: Readonly<Record<string, Screen>> = {
  signInThenHome,
  signedIn,
  longList,
  wideForm,
  manyChildren,
};

const chosen = options.only ? options.only.split(',').map(screenOf) : Object.values(SCREENS);

function screenOf(name: string): Screen {
  const found = SCREENS[name];
  if (!found) throw new Error(`no screen ${name}; there are ${Object.keys(SCREENS).join(', ')}`);
  return found;
}

/** Every screen `runs` times, in turn, so that a machine whose speed drifts is fair to all. */
async function measure(stage: Stage): Promise<Figure[]> {
  const runs: Figure[][] = [];
  // The first run warms the server and the database; it is not counted.
  for (let run = 0; run <= Number(options.runs); run += 1) {
    const figures: Figure[] = [];
    for (const screen of chosen) figures.push(...(await screen(stage)));
    if (run > 0) runs.push(figures);
  }
  return (runs[0] ?? []).map((figure, index) => ({
    ...figure,
    value: median(runs.map((each) => each[index]?.value ?? Number.NaN)),
  }));
}

function report(figures: readonly Figure[]): void {
  const shown = (value: number): string =>
    value.toLocaleString('en', { maximumFractionDigits: value < 100 ? 1 : 0 });
  console.log('\n| screen | figure | value | budget |\n| --- | --- | --- | --- |');
  for (const { screen, figure, unit, value, budget } of figures) {
    const verdict = budget === undefined ? '' : `${value <= budget ? '≤' : '**over**'} ${budget} ${unit}`;
    console.log(`| ${screen} | ${figure} | ${shown(value)} ${unit} | ${verdict} |`);
  }
}

const figures = await onStage(SERVER, Number(options.rows), Number(options.children), measure);
report(figures);
if (options.json)
  writeFileSync(
    options.json,
    JSON.stringify({ rows: Number(options.rows), children: Number(options.children), figures }, null, 2),
  );
