import { fileURLToPath } from 'node:url';
import type { Application } from '../../core/src/app/application.ts';
import { readConfig } from '../../core/src/app/config.ts';
import { createApplication } from '../../core/src/app/create-application.ts';
import { systemContext } from '../../core/src/app/create-context.ts';
import { createLog } from '../../core/src/app/log.ts';
import type { Context } from '../../core/src/context/context.ts';
import type { OpenDatabase } from '../../core/src/testing/databases.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/**
 * The product as shipped, on a database of its own, with the unrestricted context of the platform. As sample data the
 * records of a test need not differ from each other (ENT-03).
 */
export async function startBase(
  open: OpenDatabase,
  clock?: () => Date,
): Promise<{ readonly app: Application; readonly system: Context }> {
  const config = readConfig({ MORTISE_ADMIN_PASSWORD: 'correct horse 1', MORTISE_UI: '0' }, ROOT);
  const app = await createApplication(config, createLog('silent'), open, clock);
  return { app, system: systemContext(app.changes.current(), app.administrator, 'demo') };
}
