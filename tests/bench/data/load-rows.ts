import type { Client } from 'pg';
import type { DataSize } from '../options.ts';
import { CONTACTS, CUSTOMERS, PICK } from './rows-sql.ts';

/** Who owns the rows: five departments with ten people each; the first person of the first drives the bench. */
export interface Staff {
  readonly units: readonly string[];
  readonly users: readonly string[];
}

/**
 * Puts the rows straight into the product's tables. Triggers and foreign keys rest meanwhile and the indexes are
 * made afterwards, as one restores a dump.
 */
export async function loadRows(client: Client, size: DataSize, staff: Staff): Promise<void> {
  await client.query(`set session_replication_role = replica`);
  await client.query(`set maintenance_work_mem = '256MB'`);
  await client.query(`set synchronous_commit = off`);
  const indexes = await client.query<{ name: string; sql: string }>(
    `select i.indexrelid::regclass::text as name, pg_get_indexdef(i.indexrelid) as sql from pg_index i
      where i.indrelid in ('customer'::regclass, 'contact'::regclass) and not i.indisunique`,
  );
  for (const { name } of indexes.rows) await client.query(`drop index ${name}`);
  await client.query(PICK);
  for (const text of CUSTOMERS)
    await client.query(text, text.includes('$') ? [size.customers, staff.units, staff.users] : []);
  for (const text of CONTACTS)
    await client.query(text, text.includes('$') ? [size.contacts, size.customers] : []);
  for (const { sql } of indexes.rows) await client.query(sql);
  await client.query(`set session_replication_role = origin`);
  await client.query('vacuum (analyze)');
}
