/**
 * Child process of the crash test: opens the database given (a URL or a folder) and applies one change that has
 * something of every kind (tables, overlays, a dictionary, stored values, a purge, an online step), does the steps, and
 * dies where `MORTISE_FAILPOINT` says.
 */
import type { OnlineStepKind } from '../change/online-steps/online-step.ts';
import { startChanges } from '../change/start-changes.ts';
import { openPglite } from '../store/open-pglite.ts';
import { openPostgres } from '../store/open-postgres.ts';
import { crashActor, crashChange } from './crash-change.ts';
import { sampleLayer } from './sample-documents.ts';

const target = process.argv[2] ?? '';
const db = target.startsWith('postgres')
  ? await openPostgres(target, { max: 4 })
  : await openPglite({ dataDir: target });
/** Two pieces, so that there is a moment between them. */
const kind: OnlineStepKind = {
  kind: 'crash',
  plan: (previous) =>
    previous ? [{ kind: 'crash', subject: 'all', label: { 'zh-CN': 'C', en: 'C' }, payload: null }] : [],
  advance: async ({ step }) => ({ finished: step.done === 1, cursor: null, done: step.done + 1, total: 2 }),
};
const changes = await startChanges({ db, layers: { base: sampleLayer(), plugins: [] }, steps: [kind] });
await changes.apply(crashActor, crashChange(changes));
await changes.settled();
await changes.stop();
await db.close();
