import type { StatementMeter } from '../store/statement-meter.ts';
import type { Logger } from './log.ts';

const LONGEST_TEXT = 300;

/** Logs statements that take longer than `thresholdMs` (0: none), by name and text, never with values. */
export function logSlowStatements(log: Logger, thresholdMs: number): StatementMeter {
  return (ms, _failed, { name, text }) => {
    if (thresholdMs === 0 || ms < thresholdMs) return;
    log.warn({ ms: Math.round(ms), statement: name, sql: withoutLiterals(text) }, 'slow statement');
  };
}

/** Values travel as parameters, but a default or a label may stand in the text itself. */
function withoutLiterals(text: string): string {
  const plain = text.replace(/'(?:[^']|'')*'/g, "'…'").replace(/\s+/g, ' ');
  return plain.length > LONGEST_TEXT ? `${plain.slice(0, LONGEST_TEXT)}…` : plain;
}
