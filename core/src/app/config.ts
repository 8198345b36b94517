import { resolve } from 'node:path';
import { problem } from '../errors/catalogue.ts';
import { type Fault, Problem } from '../errors/problem.ts';
import { nearMiss } from '../model/near-miss.ts';
import { LOCALES, type Locale, type LocaleText } from '../text/locale.ts';
import { SETTINGS } from './settings.ts';

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
  readonly logFormat: LogFormat;
  /** Statements that take longer are logged; 0: none. */
  readonly slowQueryMs: number;
  /** Opens `GET /metrics` for who sends it; null: closed there. */
  readonly metricsToken: string | null;
  /** Opens `/metrics` on a port of its own; null: not opened. */
  readonly metricsPort: number | null;
  readonly metricsHost: string;
  /** How long running requests may take when the server stops. */
  readonly stopSeconds: number;
  /** Believe `X-Forwarded-*` of a reverse proxy (TLS, client address). */
  readonly trustedProxies: number;
  /** Internal hosts that webhooks may reach; all others of the own network are refused. */
  readonly webhookHosts: ReadonlySet<string>;
  /** Mail server, `smtp://user:password@host:587`; null: no mail is sent. */
  readonly smtpUrl: string | null;
  /** Sender of mails. */
  readonly mailFrom: string;
  /** Where people reach the product, for links in mails; without a slash at the end. */
  readonly publicUrl: string;
  /** Serve the browser application from `admin-ui/dist`. */
  readonly ui: boolean;
  /** Language of what the process itself prints. */
  readonly locale: Locale;
  /** What looks like a mistake and keeps nothing from starting: unknown variables. */
  readonly warnings: readonly LocaleText[];
}

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

const LOG_FORMATS = ['auto', 'json', 'text'] as const;
export type LogFormat = (typeof LOG_FORMATS)[number];

/** The environment variables, as `process.env` has them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads the configuration from the environment (DESIGN §12). An empty variable counts as absent.
 * @throws MRT_START_CONFIG naming the variable, its value and what is wrong with it, or MRT_START_CONFIG_MANY with
 * each of them
 */
export function readConfig(environment: Environment, root: string, cwd: string = process.cwd()): Config {
  const get = (name: string): string | null => environment[name]?.trim() || null;
  const faults: Fault[] = [];
  let first = null as Problem | null;
  /** All faults are told at once; what stands in for a faulty value is never used. */
  const read = <T>(name: string, parse: () => T, fallback: T): T => {
    try {
      return parse();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      faults.push({ path: name, code: error.code, message: error.text });
      first ??= error;
      return fallback;
    }
  };
  read('MORTISE_FAILPOINT', () => refuseFailpoint(get), undefined);
  const level = get('MORTISE_LOG_LEVEL') === null ? 'MORTISE_LOG' : 'MORTISE_LOG_LEVEL';
  const metricsPort = get('MORTISE_METRICS_PORT');
  const config: Config = {
    root,
    host: get('HOST') ?? '127.0.0.1',
    port: read('PORT', () => whole('PORT', get('PORT') ?? '3000', 65_535), 0),
    databaseUrl: read('DATABASE_URL', () => databaseUrl(get('DATABASE_URL')), null),
    dataDir: resolve(cwd, get('MORTISE_DATA_DIR') ?? 'data'),
    adminPassword: environment['MORTISE_ADMIN_PASSWORD'] || null,
    demo: read('MORTISE_DEMO', () => flag('MORTISE_DEMO', get('MORTISE_DEMO'), false), false),
    logLevel: read(level, () => oneOf(level, get(level) ?? 'info', LOG_LEVELS), 'info'),
    logFormat: read(
      'MORTISE_LOG_FORMAT',
      () => oneOf('MORTISE_LOG_FORMAT', get('MORTISE_LOG_FORMAT') ?? 'auto', LOG_FORMATS),
      'auto',
    ),
    slowQueryMs: read(
      'MORTISE_SLOW_QUERY_MS',
      () => whole('MORTISE_SLOW_QUERY_MS', get('MORTISE_SLOW_QUERY_MS') ?? '500', 86_400_000),
      0,
    ),
    metricsToken: read('MORTISE_METRICS_TOKEN', () => token(get('MORTISE_METRICS_TOKEN')), null),
    metricsPort: read(
      'MORTISE_METRICS_PORT',
      () => (metricsPort === null ? null : whole('MORTISE_METRICS_PORT', metricsPort, 65_535)),
      null,
    ),
    metricsHost: get('MORTISE_METRICS_HOST') ?? '127.0.0.1',
    stopSeconds: read(
      'MORTISE_STOP_SECONDS',
      () => whole('MORTISE_STOP_SECONDS', get('MORTISE_STOP_SECONDS') ?? '10', 3600),
      0,
    ),
    trustedProxies: read('MORTISE_TRUST_PROXY', () => proxies(get('MORTISE_TRUST_PROXY')), 0),
    webhookHosts: new Set(
      (get('MORTISE_WEBHOOK_HOSTS') ?? '')
        .split(',')
        .map((host) => host.trim())
        .filter(Boolean),
    ),
    smtpUrl: read(
      'MORTISE_SMTP_URL',
      () => url('MORTISE_SMTP_URL', get('MORTISE_SMTP_URL'), /^smtps?:$/),
      null,
    ),
    mailFrom: get('MORTISE_MAIL_FROM') ?? 'Mortise <mortise@localhost>',
    publicUrl: (
      read(
        'MORTISE_PUBLIC_URL',
        () => url('MORTISE_PUBLIC_URL', get('MORTISE_PUBLIC_URL'), /^https?:$/),
        null,
      ) ?? `http://${get('HOST') ?? '127.0.0.1'}:${get('PORT') ?? '3000'}`
    ).replace(/\/+$/, ''),
    ui: read('MORTISE_UI', () => flag('MORTISE_UI', get('MORTISE_UI'), true), true),
    locale: read(
      'MORTISE_LOCALE',
      () => oneOf('MORTISE_LOCALE', get('MORTISE_LOCALE') ?? localeOf(environment), LOCALES),
      'en',
    ),
    warnings: unknownVariables(environment),
  };
  if (first === null) return config;
  if (faults.length === 1) throw first;
  throw problem('MRT_START_CONFIG_MANY', { count: faults.length }, faults);
}

/** A failpoint left over from a test shell must not stop an installation that people work with. */
function refuseFailpoint(get: (name: string) => string | null): void {
  const value = get('MORTISE_FAILPOINT');
  if (value === null || get('NODE_ENV') !== 'production') return;
  throw problem('MRT_START_CONFIG', {
    name: 'MORTISE_FAILPOINT',
    value,
    reason: 'it is for the fault harness only, never with NODE_ENV=production / 仅供故障测试,生产环境不可用',
  });
}

/** A misspelt variable would silently do nothing. */
function unknownVariables(environment: Environment): LocaleText[] {
  const known = SETTINGS.map(({ name }) => name);
  return Object.keys(environment)
    .filter((name) => name.startsWith('MORTISE_') && !known.includes(name))
    .sort()
    .map((name) => {
      const meant = nearMiss(
        name,
        SETTINGS.filter(({ internal }) => !internal).map((setting) => setting.name),
      );
      return {
        'zh-CN': `未知的环境变量 ${name},已忽略。${meant === undefined ? '' : `是否想写 ${meant}?`}`,
        en: `The environment variable ${name} is unknown and ignored.${meant === undefined ? '' : ` Did you mean ${meant}?`}`,
      };
    });
}

/** A token short enough to be guessed is none. Its value is never shown. */
function token(value: string | null): string | null {
  if (value === null || value.length >= 16) return value;
  throw problem('MRT_START_CONFIG', {
    name: 'MORTISE_METRICS_TOKEN',
    value: '***',
    reason: 'at least 16 characters are needed / 至少须 16 个字符',
  });
}

function whole(name: string, value: string, most: number): number {
  const number = Number(value);
  if (/^\d+$/.test(value) && number <= most) return number;
  throw problem('MRT_START_CONFIG', {
    name,
    value,
    reason: `a number from 0 to ${most} is needed / 须为 0 到 ${most} 的整数`,
  });
}

/** An address of one of the protocols. Its value may hold a password: it is never printed. */
function url(name: string, value: string | null, protocols: RegExp): string | null {
  if (value === null) return null;
  if (!URL.canParse(value) || !protocols.test(new URL(value).protocol))
    throw problem('MRT_START_CONFIG', { name, value: '…', reason: 'it is no such address / 不是有效的地址' });
  return value;
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

/** How many proxies stand before the server: a number, or on for one. */
function proxies(value: string | null): number {
  if (value !== null && /^[2-9]$/.test(value)) return Number(value);
  return flag('MORTISE_TRUST_PROXY', value, false) ? 1 : 0;
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
