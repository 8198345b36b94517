import type { BenchRun, CaseResult } from '../result.ts';

const fixed = (value: number | null, digits: number): string =>
  value === null || Number.isNaN(value) ? '–' : value.toFixed(digits);
const times = (value: number | null): string => (value === null ? '–' : `${value.toFixed(2)}×`);
const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

const RATIOS = ['case', 'conn.', 'floor', 'CPU ratio', 'server', 'database', 'req/s ratio', 'statements'];
const FIGURES = [
  'case',
  'conn.',
  'of',
  'req/s',
  'p50 ms',
  'p99 ms',
  'CPU ms server',
  'CPU ms database',
  'MB',
];

/** The run as Markdown, which a terminal shows well enough. */
export function markdownOf(run: BenchRun): string {
  const { coldStart } = run;
  return [
    `${run.customers} customers, ${run.contacts} contacts; Node ${run.node}, ${run.server}, ${run.processor}.`,
    ...run.notes.map((note) => `- ${note}`),
    ...(coldStart
      ? [
          '',
          `Start to first answer, database exists: ${coldStart.seconds.toFixed(2)} s (CPU ${fixed(coldStart.cpuSeconds, 2)} s).`,
        ]
      : []),
    '',
    'Ratios, product : floor (CPU of server and database together; less is better, of req/s more):',
    '',
    table(RATIOS, run.results.map(ratiosOf)),
    '',
    'Figures:',
    '',
    table(FIGURES, figuresOf(run.results)),
  ].join('\n');
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n');
}

function ratiosOf(each: CaseResult): string[] {
  return [
    each.title,
    String(each.connections),
    each.floor,
    times(each.cpuRatio),
    times(each.serverCpuRatio),
    times(each.databaseCpuRatio),
    times(each.rpsRatio),
    each.statements === null ? '–' : `${each.statements} : ${each.floorStatements ?? '–'}`,
  ];
}

/** One line a target: the product once, then its floors. */
function figuresOf(results: readonly CaseResult[]): string[][] {
  const lines: string[][] = [];
  const line = (each: CaseResult, of: string, figures: CaseResult['product']): string[] => [
    each.title,
    String(each.connections),
    of,
    fixed(figures.perSecond, 0),
    fixed(figures.p50, 2),
    fixed(figures.p99, 2),
    fixed(figures.serverCpu, 2),
    fixed(figures.databaseCpu, 2),
    fixed(figures.memory, 0),
  ];
  let last = '';
  for (const each of results) {
    const key = `${each.case} ${each.connections}`;
    if (key !== last) lines.push(line(each, 'product', each.product));
    last = key;
    lines.push(line(each, each.floor, each.floorFigures));
  }
  return lines;
}
