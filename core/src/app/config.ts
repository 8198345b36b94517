import { resolve } from 'node:path';
import { problem } from '../errors/catalogue.ts';
import { LOCALES, type Locale } from '../text/locale.ts';

/** What the environment says, checked. Paths are absolute. */
export interface Config {
  /** Root of the project: `metadata/`, `plugins/`, `templates/` and `admin-ui/dist` lie below it. */
  readonly root: string;
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** Absent: the embedded database in `dataDir`. */
  readonly databaseUrl: string | null;
  readonly dataDir: string;
  /** Password of the first administrator; absent: generated and printed once. */
  readonly adminPassword: string | null;
  /** Load the removable sample data on the first start. */
  readonly demo: boolean;
  readonly logLevel: LogLevel;
  /** Believe `X-Forwarded-*` of a reverse proxy (TLS, client address). */
  readonly trustProxy: boolean;
  /** Serve the browser application from `admin-ui/dist`. */
  readonly ui: boolean;
  /** Language of what the process itself prints. */
  readonly locale: Locale;
}

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** The environment variables, as `process.env` has them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads the configuration from the environment (DESIGN §12). An empty variable counts as absent.
 * @throws MRT_START_CONFIG naming the variable, its value and what is wrong with it.
 */
export function readConfig(environment: Environment, root: string, cwd: string = process.cwd()): Config {
  const get = (name: string): string | null => environment[name]?.trim() || null;
  return {
    root,
    host: get('HOST') ?? '127.0.0.1',
    port: port(get('PORT')),
    databaseUrl: databaseUrl(get('DATABASE_URL')),
    dataDir: resolve(cwd, get('MORTISE_DATA_DIR') ?? 'data'),
    adminPassword: environment['MORTISE_ADMIN_PASSWORD'] || null,
    demo: flag('MORTISE_DEMO', get('MORTISE_DEMO'), false),
    logLevel: oneOf('MORTISE_LOG', get('MORTISE_LOG') ?? 'info', LOG_LEVELS),
    trustProxy: flag('MORTISE_TRUST_PROXY', get('MORTISE_TRUST_PROXY'), false),
    ui: flag('MORTISE_UI', get('MORTISE_UI'), true),
    locale: oneOf('MORTISE_LOCALE', get('MORTISE_LOCALE') ?? localeOf(environment), LOCALES),
  };
}

function port(value: string | null): number {
  if (value === null) return 3000;
  const number = Number(value);
  if (!/^\d+$/.test(value) || number > 65_535) {
    throw problem('MRT_START_CONFIG', {
      name: 'PORT',
      value,
      reason: 'a number from 0 to 65535 is needed / 须为 0 到 65535 的整数',
    });
  }
  return number;
}

function databaseUrl(value: string | null): string | null {
  if (value === null) return null;
  const refuse = (reason: string): never => {
    // The address may hold a password: never print it.
    throw problem('MRT_START_CONFIG', {
      name: 'DATABASE_URL',
      value: value.replace(/^([a-z]+:\/\/)?.*@/is, '$1…@').replace(/([?&]password=)[^&]*/i, '$1…'),
      reason,
    });
  };
  // `postgres:/user…` would be taken for a path, and its password shown later.
  if (!URL.canParse(value) || (/^postgres(ql)?:/i.test(value) && !/^[a-z]+:\/\//i.test(value)))
    return refuse('it is not an address like postgres://user@host:5432/database / 不是有效的地址');
  const url = new URL(value);
  if (url.protocol !== 'postgres:' && url.protocol !== 'postgresql:') {
    return refuse('only postgres:// and postgresql:// are supported / 仅支持 postgres://');
  }
  return value;
}

function flag(name: string, value: string | null, fallback: boolean): boolean {
  if (value === null) return fallback;
  if (['1', 'true', 'on', 'yes'].includes(value)) return true;
  if (['0', 'false', 'off', 'no'].includes(value)) return false;
  throw problem('MRT_START_CONFIG', { name, value, reason: 'on or off (1 or 0) is needed / 须为 1 或 0' });
}

function oneOf<T extends string>(name: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((each) => each === value);
  if (found === undefined)
    throw problem('MRT_START_CONFIG', { name, value, reason: `allowed / 可选: ${allowed.join(', ')}` });
  return found;
}

function localeOf(environment: Environment): Locale {
  const language = environment['LC_ALL'] || environment['LC_MESSAGES'] || environment['LANG'] || '';
  return language.startsWith('zh') ? 'zh-CN' : 'en';
}
