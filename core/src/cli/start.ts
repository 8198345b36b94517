import { flushCompileCache } from 'node:module';
import { createServer } from 'node:net';
import { type Config, readConfig } from '../app/config.ts';
import type { Application } from '../app/application.ts';
import { createApplication } from '../app/create-application.ts';
import { createLog } from '../app/log.ts';
import { openControlSocket } from '../backup/control-socket.ts';
import { isDemoComplete } from '../demo/demo-state.ts';
import { loadSampleData } from '../app/sample-data.ts';
import { problem } from '../errors/catalogue.ts';
import { Problem } from '../errors/problem.ts';
import { armedFailpoint } from '../store/failpoint.ts';
import { openMetricsPort } from '../metrics/metrics-port.ts';
import { listen } from '../http/create-http.ts';
import { type Command, requireNoArguments } from './command.ts';

/** Some time after the start, so that whoever waits for it is served first. */
const KEEP_COMPILED_MS = 3000;

/** Serves the application until SIGINT or SIGTERM. */
export const start: Command = async ({ args, environment, root, cwd, print }) => {
  requireNoArguments(args);
  const config = readConfig(environment, root, cwd);
  const say = (zh: string, en: string): void => print(config.locale === 'zh-CN' ? zh : en);
  // Looked at first: opening the database takes seconds, and its first administrator is announced only once.
  await requireFreePort(config);
  const log = createLog(config.logLevel, config.logFormat);
  for (const warning of config.warnings) log.warn(warning[config.locale]);
  if (armedFailpoint() !== null)
    log.warn({ failpoint: armedFailpoint() }, 'a failpoint is armed: this process will fail on purpose');
  const app = await createApplication(config, log);
  try {
    announceAdministrator(app, print, say);
    await loadDemo(app, say);
    const http = await listen(app);
    const metrics = await openMetricsPort(app);
    // PostgreSQL can be read by a command beside the server; the embedded database only through it.
    const control = config.databaseUrl === null ? await openControlSocket(config.dataDir, app.backups) : null;
    say(
      `榫卯 Mortise ${app.version} 已启动:${http.address}`,
      `Mortise ${app.version} is running at ${http.address}`,
    );
    // Node keeps what it has compiled when it ends, which a server that is killed never does.
    setTimeout(flushCompileCache, KEEP_COMPILED_MS).unref();
    const stopped = await signal();
    say('正在停止…', 'Stopping…');
    log.info({ signal: stopped }, 'stopping');
    app.closing.emit();
    metrics?.close();
    await control?.close();
    await http.close();
  } finally {
    await app.close();
  }
  return 0;
};

/** @throws MRT_START_PORT */
async function requireFreePort({ host, port }: Config): Promise<void> {
  if (port === 0) return;
  const probe = createServer();
  await new Promise<void>((resolve, reject) => {
    probe.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE' || error.code === 'EACCES') reject(problem('MRT_START_PORT', { port }));
      else reject(problem('MRT_START_CONFIG', { name: 'HOST', value: host, reason: error.message }));
    });
    probe.listen(port, host, () => probe.close(() => resolve()));
  });
}

function announceAdministrator(
  app: Application,
  print: (line: string) => void,
  say: (zh: string, en: string) => void,
): void {
  const made = app.firstStart;
  if (!made) return;
  if (made.generatedPassword === null) {
    say(
      `已创建管理员 ${made.username}(密码取自 MORTISE_ADMIN_PASSWORD)。`,
      `The administrator ${made.username} was created with the password of MORTISE_ADMIN_PASSWORD.`,
    );
    return;
  }
  print('');
  say(
    '首次启动,已创建管理员。密码只显示这一次,请记下:',
    'First start: the administrator was created. The password is shown only this once:',
  );
  say(`  用户名 ${made.username}`, `  user      ${made.username}`);
  say(`  密码   ${made.generatedPassword}`, `  password  ${made.generatedPassword}`);
  print('');
}

const NOT_NOW: ReadonlySet<string> = new Set(['MRT_RECORD_STATE', 'MRT_RECORD_REFERENCED']);

async function loadDemo(app: Application, say: (zh: string, en: string) => void): Promise<void> {
  if (!app.config.demo || (await isDemoComplete(app.db))) return;
  say('正在载入示例数据…', 'Loading the sample data…');
  let count: number;
  try {
    count = await loadSampleData(app, app.administrator);
  } catch (error) {
    // Another node is loading it, or own records keep what a broken load has left: no reason not to serve them.
    if (!(error instanceof Problem) || !NOT_NOW.has(error.code)) throw error;
    say(`未载入示例数据:${error.text['zh-CN']}`, `The sample data was not loaded: ${error.text.en}`);
    return;
  }
  say(`已载入 ${count} 条示例记录。`, `${count} sample records were loaded.`);
}

/** Waits for the wish to stop. A second signal ends at once. */
function signal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    let first = 0;
    const heard = (name: NodeJS.Signals): void => {
      // One Ctrl-C may reach us twice: from the terminal and from the program that started us.
      if (first > 0 && Date.now() - first > 1000) process.exit(130);
      if (first === 0) {
        first = Date.now();
        resolve(name);
      }
    };
    process.on('SIGINT', heard);
    process.on('SIGTERM', heard);
    process.on('SIGHUP', heard);
  });
}
