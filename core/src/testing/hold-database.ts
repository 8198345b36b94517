/** Child process of the folder tests: opens the data folder given, says so, and holds it until it is killed. */
import { openPglite } from '../store/open-pglite.ts';

const db = await openPglite({ dataDir: process.argv[2] ?? '' });
await db.query({ text: 'create table if not exists kept (n int)' });
await db.query({ text: 'insert into kept values (1)' });
process.stdout.write('open\n');
setInterval(() => {}, 60_000);
