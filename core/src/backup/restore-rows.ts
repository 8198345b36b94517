import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { problem } from '../errors/catalogue.ts';
import type { FileStore } from '../files/file-store.ts';
import { quote } from '../store/quote.ts';
import type { Database, Transaction } from '../store/database.ts';
import { FILES_FOLDER, type TableShape, TABLES_FOLDER } from './archive.ts';
import { type CheckedArchive, readArchive } from './archive-reader.ts';
import { tableName } from './describe-schema.ts';

/** How many characters of rows go to the database in one statement. */
const BATCH = 512 * 1024;

/** What stands in the database that must give way; all of it in the transaction that restores. */
const DROP = `do $$
declare found record;
begin
  drop schema if exists mortise cascade;
  for found in select c.oid::regclass as name from pg_class c
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
      and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
  loop execute format('drop table %s cascade', found.name); end loop;
end $$`;

/**
 * Makes the tables of a checked archive and fills them, in one transaction: on any fault the database is as before.
 * Attachments go into the file store first, where they hurt nobody.
 * @param replace removes what stands in the database, within the same transaction
 * @throws MRT_BACKUP_BROKEN when the rows that arrived are not those that were counted
 */
export async function restoreRows(
  db: Database,
  files: FileStore,
  path: string,
  { head, manifest }: CheckedArchive,
  replace: boolean,
): Promise<void> {
  const shapes = new Map(head.schema.tables.map((table) => [`${table.schema}.${table.name}`, table]));
  await readArchive(path, async (name, content) => {
    if (name.startsWith(FILES_FOLDER)) await restoreFile(files, path, basename(name), content);
  });
  await db.transaction(
    async (tx) => {
      if (replace) await tx.query({ text: DROP });
      // Bodies may name tables that come later.
      await tx.query({ text: 'set local check_function_bodies = off' });
      for (const text of head.schema.before) await tx.query({ text });
      await readArchive(path, async (name, content) => {
        if (!name.startsWith(TABLES_FOLDER)) return;
        const shape = shapes.get(name.slice(TABLES_FOLDER.length, name.lastIndexOf('/')));
        if (!shape) throw problem('MRT_BACKUP_BROKEN', { path, reason: `${name} belongs to no table` });
        await insertRows(tx, shape, content.toString('utf8'));
      });
      for (const { schema, name, rows } of manifest.tables) {
        const [counted] = await tx.query<{ rows: string }>({
          text: `select count(*) as rows from ${tableName({ schema, name })}`,
        });
        if (Number(counted?.rows) !== rows) {
          const reason = `${schema}.${name} has ${counted?.rows} rows instead of ${rows}`;
          throw problem('MRT_BACKUP_BROKEN', { path, reason });
        }
      }
      for (const text of head.schema.after) await tx.query({ text });
    },
    { patient: true },
  );
  await db.session((session) => session.query({ text: 'analyze' }));
}

async function insertRows(tx: Transaction, table: TableShape, lines: string): Promise<void> {
  const names = table.columns.map(({ name }) => quote(name)).join(', ');
  const values = table.columns.map(({ type }, index) => `(line ->> ${index})::${type}`).join(', ');
  const text = `insert into ${tableName(table)} (${names}) overriding system value
    select ${values} from jsonb_array_elements($1::jsonb) line`;
  let start = 0;
  while (start < lines.length) {
    let end = lines.indexOf('\n', Math.min(start + BATCH, lines.length - 1));
    if (end === -1) end = lines.length;
    await tx.query({ text, values: [`[${lines.slice(start, end).trimEnd().replaceAll('\n', ',')}]`] });
    start = end + 1;
  }
}

async function restoreFile(files: FileStore, path: string, name: string, content: Buffer): Promise<void> {
  const sha256 = createHash('sha256').update(content).digest('hex');
  if (sha256 !== name)
    throw problem('MRT_BACKUP_BROKEN', { path, reason: `the file ${name} has other content` });
  await files.put(content);
}
