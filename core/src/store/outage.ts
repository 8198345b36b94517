import type { LocaleText } from '../text/locale.ts';
import { isSqlError } from './sql-error.ts';

const TEXTS = {
  unreachable: { 'zh-CN': '数据库连接中断,请稍后重试', en: 'the database cannot be reached; try again soon' },
  busy: { 'zh-CN': '数据库繁忙,请稍后重试', en: 'the database is busy; try again soon' },
  slow: {
    'zh-CN': '数据库未能及时答复,请稍后重试',
    en: 'the database did not answer in time; try again soon',
  },
  contended: {
    'zh-CN': '他人正在写同一记录,请重试',
    en: 'others are writing the same records; try again',
  },
  full: {
    'zh-CN': '存储空间已满,未保存任何内容;请管理员腾出空间',
    en: 'the storage is full and nothing was saved; an administrator must make room',
  },
} as const satisfies Record<string, LocaleText>;

/** SQLSTATEs, or their first two characters, by what they mean for who asked. */
const STATES: Readonly<Record<string, keyof typeof TEXTS>> = {
  '08': 'unreachable',
  // The server stops, starts, recovers, or an operator ended the connection.
  '57P': 'unreachable',
  '25P03': 'unreachable',
  '25P04': 'unreachable',
  '57014': 'slow',
  '40001': 'contended',
  '40P01': 'contended',
  '55P03': 'contended',
  '53100': 'full',
  '53': 'busy',
  // The server could not read or write a file.
  '58': 'unreachable',
};

/** Codes of a network or a disk that fails. */
const CODES: Readonly<Record<string, keyof typeof TEXTS>> = {
  ECONNREFUSED: 'unreachable',
  ECONNRESET: 'unreachable',
  ECONNABORTED: 'unreachable',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  ENOTFOUND: 'unreachable',
  EAI_AGAIN: 'unreachable',
  EPIPE: 'unreachable',
  ETIMEDOUT: 'slow',
  ENOSPC: 'full',
  EDQUOT: 'full',
};

/** What the driver and its pool say without a code. */
const MESSAGES: readonly (readonly [RegExp, keyof typeof TEXTS])[] = [
  [/^Connection terminated/, 'unreachable'],
  [/^Client (?:has encountered a connection error|was closed)/, 'unreachable'],
  [/^timeout (?:expired|exceeded when trying to connect)/, 'busy'],
];

/**
 * Why the database cannot do for the moment what was asked: a reason to try again later, not a fault of the request
 * nor of the program. Null for every other error.
 */
export function outageReason(error: unknown): LocaleText | null {
  if (error instanceof AggregateError) return outageReason(error.errors[0]);
  if (!(error instanceof Error)) return null;
  const kind = kindOf(error);
  return kind === undefined ? null : TEXTS[kind];
}

function kindOf(error: Error): keyof typeof TEXTS | undefined {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  if (CODES[code]) return CODES[code];
  if (isSqlError(error)) return STATES[code] ?? STATES[code.slice(0, 3)] ?? STATES[code.slice(0, 2)];
  return MESSAGES.find(([pattern]) => pattern.test(error.message))?.[1];
}
