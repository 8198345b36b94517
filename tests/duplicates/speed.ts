/**
 * `node tests/duplicates/speed.ts [--rows 200000] [--questions 500]`: how long the search for duplicates takes over
 * HTTP on PostgreSQL (DATABASE_URL), asked one after the other as clerks do; the base is made of real names (ENT-09).
 */
import { parseArgs } from 'node:util';
import { Client } from 'pg';
import { prepareDuplicateBase } from './speed-data.ts';
import { ADMIN_PASSWORD } from '../bench/data/sign-in.ts';
import { startProduct } from '../bench/drive/programs.ts';
import { createClient } from '../../core/src/http/test-server.ts';
import type { DuplicateCandidate } from '../../core/src/duplicates/duplicates.ts';

const { values: options } = parseArgs({
  options: { rows: { type: 'string', default: '200000' }, questions: { type: 'string', default: '500' } },
});
const SERVER = process.env['DATABASE_URL'] ?? 'postgres://postgres@127.0.0.1:5432/postgres';
const PERCENTILES = [50, 95, 99] as const;

const name = `mortise_duplicates_${process.pid}`;
const admin = new Client(SERVER);
await admin.connect();
await admin.query(
  `create database ${name} template template0 encoding 'UTF8' lc_collate 'C.UTF-8' lc_ctype 'C.UTF-8'`,
);
const url = new URL(SERVER);
url.pathname = `/${name}`;
const server = await startProduct({ database: url.href, profile: null });
try {
  const client = createClient(server.url);
  await client.signIn('admin', ADMIN_PASSWORD);
  const base = await prepareDuplicateBase(url.href, Number(options.rows), Number(options.questions));
  console.log(`${options.rows} rows filled in ${(base.fillMs / 1000).toFixed(0)} s`);
  const ask = async (question: object): Promise<readonly DuplicateCandidate[]> => {
    const answer = await client.post<{ items: readonly DuplicateCandidate[] }>(
      '/api/v1/records/customer/duplicates',
      question,
    );
    if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
    return answer.body.items;
  };
  console.log(`keys made in ${((await settled(url.href, () => ask({ name: '无' }))) / 1000).toFixed(0)} s`);
  const times: number[] = [];
  let found = 0;
  for (const { question, expected } of base.questions) {
    const from = performance.now();
    const items = await ask(question);
    times.push(performance.now() - from);
    if (items.some(({ display }) => display === expected)) found += 1;
  }
  const sorted = times.slice(20).sort((a, b) => a - b);
  const at = (share: number): string => (sorted[Math.floor((sorted.length * share) / 100)] ?? 0).toFixed(1);
  console.log(PERCENTILES.map((share) => `p${share} ${at(share)} ms`).join(', '));
  console.log(`found among the first ten: ${((100 * found) / base.questions.length).toFixed(1)} %`);
} finally {
  await server.stop();
  await admin.query(`drop database ${name} with (force)`);
  await admin.end();
}

/** Milliseconds until no record waits for its keys; questions keep the work going. */
async function settled(database: string, wake: () => Promise<unknown>): Promise<number> {
  const from = performance.now();
  const client = new Client(database);
  await client.connect();
  for (;;) {
    await wake();
    const { rows } = await client.query<{ due: boolean }>(
      'select exists (select from mortise.duplicate_pending) as due',
    );
    if (!rows[0]?.due) break;
  }
  await client.query('analyze');
  await client.end();
  return performance.now() - from;
}
