/**
 * Child process of the kill test: moves a record on and does what is due an hour later, and dies where
 * `MORTISE_FAILPOINT` says. Arguments: database (a URL or a folder), address of the receiver, id of the record.
 */
import { openPglite } from '../store/open-pglite.ts';
import { openPostgres } from '../store/open-postgres.ts';
import { openDeadlines } from './test-deadline.ts';

const [, , target = '', url = '', id = ''] = process.argv;
const db = target.startsWith('postgres')
  ? await openPostgres(target, { max: 4 })
  : await openPglite({ dataDir: target });
const on = await openDeadlines(db, url);
await on.records.transition(on.as('boss'), 'thing', id, 'first_pass');
await on.turnTo(new Date(Date.now() + 3_700_000).toISOString());
await db.close();
