import { join } from 'node:path';
import { createAuditLog } from '../audit/read-audit.ts';
import { createSecurityLog } from '../audit/security-log.ts';
import { noteSensitiveReads } from '../audit/sensitive-reads.ts';
import { createAutomation } from '../automation/create-automation.ts';
import { createBackups } from '../backup/backups.ts';
import { startChanges } from '../change/start-changes.ts';
import { createDrafts } from '../drafts/drafts.ts';
import { confirmDuplicates } from '../duplicates/confirm-duplicates.ts';
import { createDuplicates, type DuplicatesEngine } from '../duplicates/create-duplicates.ts';
import type { ServerEvent } from '../http/contract.ts';
import { folderStore } from '../files/file-store.ts';
import { createMetrics, type Metrics } from '../metrics/metrics.ts';
import { createNotifications } from '../notifications/create-notifications.ts';
import { TOLD_CHANNEL } from '../notify/notify.ts';
import { createHookRunner, type LoadedPlugin } from '../plugin/hook-runner.ts';
import type { InstalledPlugin } from '../plugin/installed-plugin.ts';
import { loadServer } from '../plugin/load-server.ts';
import { pluginSettings } from '../plugin/settings-defaults.ts';
import { createRecords, type RecordsEngine } from '../records/create-records.ts';
import { reassign } from '../records/workflow/reassign.ts';
import { loadSubject } from '../explain/load-subjects.ts';
import { contextOfSubject } from '../explain/preview.ts';
import { handOver } from '../records/handover/hand-over.ts';
import type { Records } from '../records/records.ts';
import { createMail, type Mail } from '../mail/create-mail.ts';
import { createReminders, followDates } from '../reminders/create-reminders.ts';
import { tellReminders } from '../reminders/tell-reminders.ts';
import { createOutputs } from '../output/create-outputs.ts';
import { createQuotas } from '../output/quotas.ts';
import { createSharing } from '../records/sharing/create-sharing.ts';
import { createOperations } from '../records/operations/undo-operation.ts';
import { createStandings, watchStandings } from '../session/standings.ts';
import { guardRights } from '../session/guard-rights.ts';
import { countSessions, createSessions, signOutEverywhere } from '../session/create-sessions.ts';
import type { Database, Row } from '../store/database.ts';
import { openPglite } from '../store/open-pglite.ts';
import { openPostgres } from '../store/open-postgres.ts';
import type { StatementMeter } from '../store/statement-meter.ts';
import { createTokens } from '../token/create-tokens.ts';
import type { Application } from './application.ts';
import type { Config } from './config.ts';
import { createEventBus } from './event-bus.ts';
import { ensureGroups } from './ensure-groups.ts';
import { ensureAdministrator } from './first-start.ts';
import { createInstallation } from './installation.ts';
import { lookAtHealth } from './health.ts';
import type { Logger } from './log.ts';
import { createDailyFields } from './daily-fields.ts';
import { logSlowStatements } from './slow-statements.ts';
import { placeKind } from './place-step.ts';
import { recalculateKind } from './recalculate-step.ts';
import { createRecordEvents } from './record-events.ts';
import { platformVersion, readFileLayers } from './read-file-layers.ts';

/**
 * Puts the application together: database → model → plugins → records → sessions, and makes the first administrator.
 * @param open gives the database in place of the configured one (tests); it is closed with the application
 * @param clock the time by which rules and deadlines are due (tests); absent: the machine's
 * @throws MRT_STORE_LOCKED, MRT_STORE_BROKEN, MRT_STORE_NEWER, MRT_STORE_UNREACHABLE,
 * MRT_DOCUMENT_INVALID, MRT_PLUGIN_INVALID
 */
export async function createApplication(
  config: Config,
  log: Logger,
  open?: () => Promise<Database>,
  clock?: () => Date,
): Promise<Application> {
  // Faults of the files are told before a database is made for them.
  const layers = await readFileLayers(config.root);
  const metrics = createMetrics();
  const db = open ? await open() : await openConfigured(config, log, metrics);
  try {
    return await assemble(config, log, db, layers, metrics, clock);
  } catch (error) {
    await db.close();
    throw error;
  }
}

async function openConfigured(config: Config, log: Logger, metrics: Metrics): Promise<Database> {
  const slow = logSlowStatements(log, config.slowQueryMs);
  const meter: StatementMeter = (ms, failed, statement) => {
    metrics.statement(ms, failed, statement);
    slow(ms, failed, statement);
  };
  if (config.databaseUrl === null) return await openPglite({ dataDir: config.dataDir, meter });
  const db = await openPostgres(config.databaseUrl, { meter });
  for (const warning of db.warnings) log.warn(warning[config.locale]);
  return db;
}

async function assemble(
  config: Config,
  log: Logger,
  db: Database,
  layers: Awaited<ReturnType<typeof readFileLayers>>,
  metrics: Metrics,
  clock: (() => Date) | undefined,
): Promise<Application> {
  const changes = await startChanges({
    db,
    layers,
    program: platformVersion(config.root),
    steps: [recalculateKind(() => changes.dictionaries), placeKind(() => changes.dictionaries)],
    report: (error) => log.error({ err: error }, 'the change of another node could not be followed'),
  });
  const events = createEventBus<ServerEvent>();
  const recordEvents = createRecordEvents(events);
  const loaded = await loadPlugins(db, layers.installed);
  const hooks = guardRights(createHookRunner(loaded, (): Records => records, log));
  const automation = createAutomation({
    db,
    dictionaries: changes.dictionaries,
    plugins: loaded,
    records: () => stored,
    model: () => changes.current(),
    policy: { allowedHosts: config.webhookHosts },
    report: (error) => log.error({ err: error }, 'what happens by itself could not be done'),
    also: async (now, context) => {
      await followDates(db, context.model);
      await tellReminders(db, context, now);
      await mail.plan(context, now);
    },
    mail: (id, payload) => mail.send(id, payload),
    ...(clock ? { clock } : {}),
  });
  const scope = {
    db,
    dictionaries: changes.dictionaries,
    hooks,
    follower: automation.follower,
    beside: (...of: Parameters<DuplicatesEngine['beside']>) => duplicates.beside(...of),
    written: recordEvents.written,
    report: (error: unknown) => log.error({ err: error }, 'what follows a committed write could not be done'),
  };
  const stored: RecordsEngine = createRecords(scope);
  const duplicates = createDuplicates({
    db,
    dictionaries: changes.dictionaries,
    records: stored,
    models: changes,
    report: (error) => log.warn({ err: error }, 'the keys of duplicates could not be made'),
  });
  const security = createSecurityLog(db, (error) =>
    log.error({ err: error }, 'an event of security could not be noted'),
  );
  const records: RecordsEngine = noteSensitiveReads(confirmDuplicates(stored, duplicates, db), security);
  await watchStandings(db, changes.current());
  const standings = createStandings(db, changes);
  const sessions = createSessions(db, changes, standings, security);
  const notifications = createNotifications(db, records);
  const mail: Mail = createMail({
    db,
    models: changes,
    records,
    notifications,
    standings,
    dictionaries: changes.dictionaries,
    smtpUrl: config.smtpUrl,
    from: config.mailFrom,
    publicUrl: config.publicUrl,
    clock: clock ?? (() => new Date()),
  });
  const program = platformVersion(config.root);
  const files = folderStore(join(config.dataDir, 'files'));
  const backups = createBackups({ db, files, program }, join(config.dataDir, 'backups'));
  const { actor, firstStart } = await ensureAdministrator({
    db,
    records,
    model: changes.current(),
    password: config.adminPassword,
  });
  if (!changes.readOnly()) await ensureGroups({ db, records, model: changes.current(), actor });

  changes.onSwap((next) => events.emit({ event: 'metadata', data: { version: next.version } }));
  changes.onDictionaryChange((name) => events.emit({ event: 'dictionary', data: { name } }));
  events.subscribe(({ event }) => {
    if (event === 'record') duplicates.wake();
  });
  await db.listen(TOLD_CHANNEL, (user) => events.emit({ event: 'notification', data: { user } }));
  changes.resumeSteps();
  const daily = createDailyFields({
    db,
    changes,
    report: (error) => log.warn({ err: error }, 'formulas over the date could not be calculated anew'),
  });
  daily.start();
  automation.start();
  const closing = createEventBus<void>();
  let stopping = false;
  closing.subscribe(() => {
    stopping = true;
    daily.stop();
    void duplicates.stop();
    void automation.stop();
  });
  let closed: Promise<void> | null = null;

  return {
    config,
    log,
    version: platformVersion(config.root),
    db,
    changes,
    dictionaries: changes.dictionaries,
    records,
    trials: { records: scope, changes },
    duplicates,
    automation,
    plugins: loaded,
    operations: createOperations(scope),
    sharing: createSharing(scope),
    outputs: createOutputs(db, records),
    drafts: createDrafts(db, stored),
    quotas: createQuotas(db, stored, security),
    security,
    audit: createAuditLog(db, stored),
    notifications,
    mail,
    reminders: createReminders(db, records),
    handOver: (context, user, request) =>
      handOver({ ...scope, signOut: signOutEverywhere, countSessions }, context, user, request),
    reassign: (context, entity, request) =>
      reassign(
        {
          ...scope,
          contextOf: async (asking, id) => {
            const subject = await loadSubject(
              { db, standings, dictionaries: changes.dictionaries },
              asking,
              id,
            );
            return subject && { context: contextOfSubject(asking, subject), isActive: subject.active };
          },
        },
        context,
        entity,
        request,
      ),
    sessions,
    standings,
    tokens: createTokens(db, changes, standings),
    events,
    closing,
    installation: createInstallation(db),
    backups,
    metrics,
    health: () =>
      lookAtHealth({
        db,
        stopping: () => stopping,
        readOnly: () => changes.readOnly(),
        report: (error) => log.error({ err: error }, 'the database does not answer'),
      }),
    administrator: actor,
    firstStart,
    close() {
      recordEvents.stop();
      daily.stop();
      closed ??= Promise.all([
        changes.stop(),
        backups.idle(),
        duplicates.stop(),
        automation.stop(),
        security.flush(),
      ]).then(() => db.close());
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
