import type { DestinationStream } from 'pino';

const LEVELS: Readonly<Record<number, string>> = {
  10: 'trace',
  20: 'debug',
  30: 'info',
  40: 'warn',
  50: 'error',
  60: 'fatal',
};

/** Puts JSON lines of the log into lines for people: `12:03:04 info  request GET /api/v1/me 200 1.2 ms user=admin`. */
export function readableLines(to: DestinationStream): DestinationStream {
  return { write: (line) => void to.write(`${readable(line)}\n`) };
}

function readable(line: string): string {
  const { time, level, msg, err, method, path, status, ms, ...rest } = JSON.parse(line) as Record<
    string,
    unknown
  >;
  const error = err as { readonly stack?: string; readonly message?: string } | undefined;
  const parts = [
    String(time).slice(11, 19),
    (LEVELS[Number(level)] ?? String(level)).padEnd(5),
    text(msg),
    text(method),
    text(path),
    text(status),
    ms === undefined ? '' : `${text(ms)} ms`,
    ...Object.entries(rest).map(([name, value]) => `${name}=${text(value)}`),
  ];
  const trace = error ? `\n${error.stack ?? error.message ?? ''}` : '';
  return `${parts.filter((part) => part !== '').join(' ')}${trace}`;
}

function text(value: unknown): string {
  if (value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
