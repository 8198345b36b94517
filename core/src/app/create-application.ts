import { startChanges } from '../change/start-changes.ts';
import type { ServerEvent } from '../http/contract.ts';
import { createHookRunner, type LoadedPlugin } from '../plugin/hook-runner.ts';
import type { InstalledPlugin } from '../plugin/installed-plugin.ts';
import { loadServer } from '../plugin/load-server.ts';
import { pluginSettings } from '../plugin/settings-defaults.ts';
import { createRecords, type RecordsEngine } from '../records/create-records.ts';
import type { Records } from '../records/records.ts';
import { createSessions } from '../session/create-sessions.ts';
import type { Database, Row } from '../store/database.ts';
import { openPglite } from '../store/open-pglite.ts';
import { openPostgres } from '../store/open-postgres.ts';
import { createTokens } from '../token/create-tokens.ts';
import type { Application } from './application.ts';
import type { Config } from './config.ts';
import { createEventBus } from './event-bus.ts';
import { ensureAdministrator } from './first-start.ts';
import { createInstallation } from './installation.ts';
import type { Logger } from './log.ts';
import { createRecordEvents } from './record-events.ts';
import { platformVersion, readFileLayers } from './read-file-layers.ts';

/**
 * Puts the application together: database → model → plugins → records → sessions, and makes the first administrator.
 * @param open gives the database in place of the configured one (tests); it is closed with the application
 * @throws MRT_STORE_LOCKED, MRT_STORE_BROKEN, MRT_STORE_NEWER, MRT_STORE_UNREACHABLE,
 * MRT_DOCUMENT_INVALID, MRT_PLUGIN_INVALID
 */
export async function createApplication(
  config: Config,
  log: Logger,
  open: () => Promise<Database> = () => openConfigured(config, log),
): Promise<Application> {
  // Faults of the files are told before a database is made for them.
  const layers = await readFileLayers(config.root);
  const db = await open();
  try {
    return await assemble(config, log, db, layers);
  } catch (error) {
    await db.close();
    throw error;
  }
}

async function openConfigured(config: Config, log: Logger): Promise<Database> {
  if (config.databaseUrl === null) return await openPglite({ dataDir: config.dataDir });
  const db = await openPostgres(config.databaseUrl);
  for (const warning of db.warnings) log.warn(warning[config.locale]);
  return db;
}

async function assemble(
  config: Config,
  log: Logger,
  db: Database,
  layers: Awaited<ReturnType<typeof readFileLayers>>,
): Promise<Application> {
  const changes = await startChanges({
    db,
    layers,
    program: platformVersion(config.root),
    report: (error) => log.error({ err: error }, 'the change of another node could not be followed'),
  });
  const events = createEventBus<ServerEvent>();
  const recordEvents = createRecordEvents(events);
  const loaded = await loadPlugins(db, layers.installed);
  const hooks = createHookRunner(loaded, (): Records => records, log);
  const records: RecordsEngine = createRecords({
    db,
    dictionaries: changes.dictionaries,
    hooks,
    written: recordEvents.written,
  });
  const sessions = createSessions(db, changes);
  const { actor, firstStart } = await ensureAdministrator({
    db,
    records,
    model: changes.current(),
    password: config.adminPassword,
  });

  changes.onSwap((next) => events.emit({ event: 'metadata', data: { version: next.version } }));
  changes.onDictionaryChange((name) => events.emit({ event: 'dictionary', data: { name } }));
  let closed: Promise<void> | null = null;

  return {
    config,
    log,
    version: platformVersion(config.root),
    db,
    changes,
    dictionaries: changes.dictionaries,
    records,
    sessions,
    tokens: createTokens(db, changes),
    events,
    closing: createEventBus<void>(),
    installation: createInstallation(db),
    administrator: actor,
    firstStart,
    close() {
      recordEvents.stop();
      closed ??= changes.stop().then(() => db.close());
      return closed;
    },
  };
}

/** Server parts are loaded of all plugins, so that one can be enabled while running. */
async function loadPlugins(
  db: Database,
  installed: readonly InstalledPlugin[],
): Promise<readonly LoadedPlugin[]> {
  const rows = await db.query<
    Row & { readonly name: string; readonly settings: Readonly<Record<string, unknown>> }
  >({
    text: 'select name, settings from mortise.plugin_state',
  });
  const stored = new Map(rows.map(({ name, settings }) => [name, settings]));
  const loaded: LoadedPlugin[] = [];
  for (const plugin of installed) {
    const { name } = plugin.manifest;
    loaded.push({
      name,
      server: await loadServer(plugin),
      settings: pluginSettings(plugin.manifest, stored.get(name)),
    });
  }
  return loaded;
}
