import type { CaseResult, ResultRow } from '../result.ts';

/** A figure that got worse. */
export interface Worse {
  readonly case: string;
  readonly floor: CaseResult['floor'];
  readonly connections: number;
  readonly figure: 'cpuRatio' | 'rpsRatio' | 'statements';
  readonly before: number;
  readonly now: number;
}

/**
 * What got worse than in an earlier run by more than `tolerance` (0.2 is a fifth). Only ratios and numbers of
 * statements are held against each other: times are those of a machine. Statements have no tolerance but rounding.
 */
export function compareRuns(
  before: readonly ResultRow[],
  now: readonly CaseResult[],
  tolerance: number,
): Worse[] {
  const worse: Worse[] = [];
  for (const each of now) {
    const old = before.find(
      (one): one is CaseResult =>
        one.floor !== null &&
        one.case === each.case &&
        one.floor === each.floor &&
        one.connections === each.connections,
    );
    if (!old) continue;
    const note = (figure: Worse['figure'], limit: (value: number) => boolean): void => {
      const [was, is] = [old[figure], each[figure]];
      if (was === null || is === null || !limit(was)) return;
      worse.push({
        case: each.case,
        floor: each.floor,
        connections: each.connections,
        figure,
        before: was,
        now: is,
      });
    };
    note('cpuRatio', (was) => (each.cpuRatio ?? 0) > was * (1 + tolerance));
    note('rpsRatio', (was) => each.rpsRatio < was / (1 + tolerance));
    note('statements', (was) => (each.statements ?? 0) > was + 0.5);
  }
  return worse;
}

/** The lines that a person reads. */
export function worseText(worse: readonly Worse[]): string {
  return worse.length === 0
    ? 'Nothing got worse than in the earlier run.'
    : [
        'Worse than in the earlier run:',
        ...worse.map(
          (each) =>
            `- ${each.case}, ${each.connections} conn., against ${each.floor}: ${each.figure} ${each.before.toFixed(2)} → ${each.now.toFixed(2)}`,
        ),
      ].join('\n');
}
