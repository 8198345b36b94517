import { type Logger, pino } from 'pino';
import type { LogLevel } from './config.ts';

export type { Logger } from 'pino';

/** Structured log on standard error, so that the output of commands stays clean. Secrets never reach it. */
export function createLog(level: LogLevel): Logger {
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
    pino.destination({ dest: 2, sync: true }),
  );
}
