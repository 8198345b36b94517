/**
 * `node tests/search/speed.ts [--customers 200000] [--contacts 400000] [--questions 400] [--names <file>]`: how long the
 * search box takes over HTTP on PostgreSQL (DATABASE_URL), for an administrator and for a clerk who sees only his own.
 * `--names`: a file of real short names, one a line (may be .gz); without it names are made as in tests/duplicates.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { Client } from 'pg';
import { ADMIN_PASSWORD } from '../bench/data/sign-in.ts';
import { startProduct } from '../bench/drive/programs.ts';
import { seededRandom } from '../duplicates/dice.ts';
import { createClient, type TestClient } from '../../core/src/http/test-server.ts';
import type { SearchAnswer } from '../../core/src/http/contract.ts';
import { fillSearchBase, questionsFrom } from './speed-data.ts';

const { values: options } = parseArgs({
  options: {
    customers: { type: 'string', default: '200000' },
    contacts: { type: 'string', default: '400000' },
    questions: { type: 'string', default: '400' },
    names: { type: 'string' },
  },
});
const SERVER = process.env['DATABASE_URL'] ?? 'postgres://postgres@127.0.0.1:5432/postgres';
const CLERK_PASSWORD = 'correct horse 12';

const name = `mortise_search_${process.pid}`;
const admin = new Client(SERVER);
await admin.connect();
await admin.query(
  `create database ${name} template template0 encoding 'UTF8' lc_collate 'C.UTF-8' lc_ctype 'C.UTF-8'`,
);
const url = new URL(SERVER);
url.pathname = `/${name}`;
const server = await startProduct({ database: url.href, profile: null });
try {
  const boss = createClient(server.url);
  await boss.signIn('admin', ADMIN_PASSWORD);
  const clerkId = await makeClerk(boss);
  const from = performance.now();
  const base = await fillSearchBase(url.href, {
    customers: Number(options.customers),
    contacts: Number(options.contacts),
    clerk: clerkId,
    shortNames: shortNames(options.names),
  });
  console.log(`filled in ${seconds(from)} s`);
  const keysFrom = performance.now();
  await settled(url.href, () => boss.get('/api/v1/search?q=无'));
  console.log(`keys made in ${seconds(keysFrom)} s`);
  const clerk = createClient(server.url);
  await clerk.signIn('clerk', CLERK_PASSWORD);
  const questions = questionsFrom(base, Number(options.questions), seededRandom(7));
  await measure('administrator', boss, questions);
  await measure('clerk (own only)', clerk, questions);
} finally {
  await server.stop();
  await admin.query(`drop database ${name} with (force)`);
  await admin.end();
}

async function measure(
  who: string,
  client: TestClient,
  questions: ReturnType<typeof questionsFrom>,
): Promise<void> {
  const times: { readonly ms: number; readonly q: string }[] = [];
  let found = 0;
  for (const { q, expected } of questions) {
    const from = performance.now();
    const { status, body } = await client.get<SearchAnswer>(`/api/v1/search?q=${encodeURIComponent(q)}`);
    times.push({ ms: performance.now() - from, q });
    if (status !== 200) throw new Error(JSON.stringify(body));
    if (body.groups.some(({ items }) => items.some(({ display }) => display === expected))) found += 1;
  }
  const sorted = times.slice(20).sort((a, b) => a.ms - b.ms);
  const at = (share: number): string =>
    (sorted[Math.floor((sorted.length * share) / 100)]?.ms ?? 0).toFixed(1);
  console.log(`${who}: ${[50, 95, 99].map((share) => `p${share} ${at(share)} ms`).join(', ')}`);
  console.log(`  found among the first: ${((100 * found) / questions.length).toFixed(1)} %`);
  const slow = sorted.slice(-5).map(({ ms, q }) => `${q} ${ms.toFixed(0)} ms`);
  console.log(`  slowest: ${slow.join(', ')}`);
}

async function makeClerk(boss: TestClient): Promise<string> {
  const grant = (entity: string): object => ({
    entity,
    actions: { query: 'own', read: 'own' },
    fields: { '*': 'read' },
  });
  const role = await boss.post('/api/v1/metadata/apply', {
    note: 'clerk',
    accept: ['none'],
    changes: [
      {
        kind: 'role',
        name: 'speed_clerk',
        document: {
          name: 'speed_clerk',
          label: { 'zh-CN': '录入员', en: 'Clerk' },
          grants: { customer: grant('customer'), contact: grant('contact') },
        },
      },
    ],
  });
  if (role.status !== 200) throw new Error(JSON.stringify(role.body));
  const me = await boss.get<{ user: { unit: string } }>('/api/v1/me');
  const made = await boss.post('/api/v1/records/user', {
    username: 'clerk',
    display_name: 'Clerk',
    roles: ['speed_clerk'],
    unit: me.body.user.unit,
  });
  if (made.status !== 201) throw new Error(JSON.stringify(made.body));
  const id = String(made.body['id']);
  await boss.post(`/api/v1/users/${id}/password`, { password: CLERK_PASSWORD, must_change: false });
  return id;
}

/** Asks until no record waits for its keys; questions keep the work going. */
async function settled(database: string, wake: () => Promise<unknown>): Promise<void> {
  const client = new Client(database);
  await client.connect();
  // Filling an index row by row takes longest of all; here it is the questions that count.
  const { rows: index } = await client.query<{ indexdef: string }>(
    `select indexdef from pg_indexes where indexname = 'search_key_keys'`,
  );
  await client.query('drop index mortise.search_key_keys');
  for (;;) {
    await wake();
    const { rows } = await client.query<{ due: boolean }>(
      'select exists (select from mortise.search_pending) as due',
    );
    if (!rows[0]?.due) break;
  }
  await client.query(index[0]?.indexdef ?? '');
  await client.query('vacuum analyze mortise.search_key');
  const { rows } = await client.query<{ rows: string; heap: string; gin: string }>(
    `select count(*)::text as rows, pg_size_pretty(pg_table_size('mortise.search_key')) as heap,
      pg_size_pretty(pg_relation_size('mortise.search_key_keys')) as gin from mortise.search_key`,
  );
  console.log(rows[0]);
  await client.end();
}

function shortNames(path: string | undefined): readonly string[] | null {
  if (path === undefined) return null;
  const file = readFileSync(path);
  const text = (path.endsWith('.gz') ? gunzipSync(file) : file).toString('utf8');
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line.length >= 2 && line.length <= 30);
}

function seconds(from: number): string {
  return ((performance.now() - from) / 1000).toFixed(0);
}
