import { cpus } from 'node:os';
import type { Shown } from './fault.ts';
import type { Engine } from './installation.ts';

/** What one fault has shown on one engine. */
export interface Result extends Shown {
  readonly engine: Engine;
  readonly name: string;
  readonly title: string;
  readonly seconds: number;
}

/** The machine in one line. */
export function machine(postgres: string | null): string {
  return `Node ${process.version.slice(1)}, PostgreSQL ${postgres ?? 'none'}, ${cpus().length} × ${cpus()[0]?.model.trim() ?? '?'}`;
}

/** The results as a Markdown table. */
export function table(results: readonly Result[]): string {
  const rows = results.map(
    ({ engine, title, seconds, figures, faults, skipped }) =>
      `| ${title} | ${engine} | ${skipped ? 'skipped' : faults.length > 0 ? `**${faults.length} faults**` : 'held'} | ${skipped ?? figures} | ${seconds} |`,
  );
  return ['| Fault | Engine | Result | Figures | s |', '| --- | --- | --- | --- | --- |', ...rows].join('\n');
}
