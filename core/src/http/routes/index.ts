import type { Application } from '../../app/application.ts';
import type { HttpRouter } from '../state.ts';
import { register as absent } from './absent.ts';
import { register as agenda } from './agenda.ts';
import { register as accessReports } from './access-reports.ts';
import { register as auditLog } from './audit-log.ts';
import { register as backups } from './backups.ts';
import { register as bulk } from './bulk.ts';
import { register as demo } from './demo.ts';
import { register as drafts } from './drafts.ts';
import { register as duplicates } from './duplicates.ts';
import { register as events } from './events.ts';
import { register as explain } from './explain.ts';
import { register as files } from './files.ts';
import { register as handOver } from './hand-over.ts';
import { register as health } from './health.ts';
import { register as layerConflicts } from './layer-conflicts.ts';
import { register as mail } from './mail.ts';
import { register as me } from './me.ts';
import { register as merge } from './merge.ts';
import { register as metadata } from './metadata.ts';
import { register as metadataPackage } from './metadata-package.ts';
import { register as metrics } from './metrics.ts';
import { register as versions } from './metadata-versions.ts';
import { register as model } from './model.ts';
import { register as notifications } from './notifications.ts';
import { register as openapi } from './openapi.ts';
import { register as operations } from './operations.ts';
import { register as outputLog } from './output-log.ts';
import { register as outputQuotas } from './output-quotas.ts';
import { register as plugins } from './plugins.ts';
import { register as print } from './print.ts';
import { register as reassign } from './reassign.ts';
import { register as records } from './records.ts';
import { register as reminders } from './reminders.ts';
import { register as rules } from './rules.ts';
import { register as search } from './search.ts';
import { register as session } from './session.ts';
import { register as sessions } from './sessions.ts';
import { register as setup } from './setup.ts';
import { register as shares } from './shares.ts';
import { register as todo } from './todo.ts';
import { register as tokens } from './tokens.ts';
import { register as workflowFigures } from './workflow-figures.ts';
import { register as workflows } from './workflows.ts';

/** Adds the routes of one part of the API. */
export type RegisterRoutes = (router: HttpRouter, app: Application) => void;

/** Every part of the API. A new one is a file here and a line in this list. */
export const ROUTES: readonly RegisterRoutes[] = [
  health,
  metrics,
  session,
  me,
  notifications,
  todo,
  absent,
  agenda,
  mail,
  reminders,
  sessions,
  handOver,
  tokens,
  workflowFigures,
  explain,
  accessReports,
  setup,
  model,
  openapi,
  events,
  // Before the records' `/:entity/:id`.
  bulk,
  drafts,
  duplicates,
  merge,
  search,
  // Longer than `/:entity/:id`, so before it.
  files,
  reassign,
  shares,
  records,
  operations,
  outputLog,
  outputQuotas,
  auditLog,
  metadata,
  metadataPackage,
  layerConflicts,
  versions,
  plugins,
  rules,
  workflows,
  print,
  demo,
  backups,
];
