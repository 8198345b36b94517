import { type DestinationStream, type Logger, pino } from 'pino';
import type { LogFormat, LogLevel } from './config.ts';
import { readableLines } from './readable-log.ts';

export type { Logger } from 'pino';

/**
 * Structured log on standard error, so that the output of commands stays clean: JSON lines, or lines for people where
 * standard error is a terminal. Secrets never reach it.
 */
export function createLog(level: LogLevel, format: LogFormat = 'auto'): Logger {
  const readable = format === 'text' || (format === 'auto' && process.stderr.isTTY);
  const destination: DestinationStream = pino.destination({ dest: 2, sync: true });
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: {
        paths: ['password', '*.password', 'old', 'new', 'headers.cookie', 'headers.authorization'],
        censor: '…',
      },
    },
    readable ? readableLines(destination) : destination,
  );
}
