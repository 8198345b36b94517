import { Client } from 'pg';
import { makePairs } from './pairs.ts';

export interface DuplicateBase {
  readonly fillMs: number;
  readonly questions: readonly { readonly question: object; readonly expected: string }[];
}

/** Fills the customer table with `rows` names and gives `questions` about some of them, written otherwise. */
export async function prepareDuplicateBase(
  database: string,
  rows: number,
  questions: number,
): Promise<DuplicateBase> {
  const client = new Client(database);
  await client.connect();
  const from = performance.now();
  const pairs = makePairs(rows, 42);
  for (let at = 0; at < pairs.length; at += 5000) {
    const part = pairs.slice(at, at + 5000);
    await client.query(
      `with made as (
        insert into customer (id, version, name, customer_code, address, phone, customer_type, importance, country,
            created_at, updated_at, is_void, first_review_mark, second_review_mark, registered_on)
          select gen_random_uuid(), 1, name, 'n' || lpad((n + $1)::text, 7, '0'), '人民路' || (n + $1) || '号',
            coalesce(phone, '0' || (300 + n % 600) || '-8' || lpad((n + $1)::text, 6, '0')), array['potential'], 'n', 'CN',
            now(), now(), false, 'pending', 'pending', current_date
          from unnest($2::text[], $3::text[]) with ordinality as given (name, phone, n)
        returning id)
      insert into customer_ext (id) select id from made on conflict do nothing`,
      [at, part.map(({ stored }) => stored.name), part.map(({ stored }) => stored.phone ?? null)],
    );
  }
  await client.query('analyze');
  await client.end();
  const fillMs = performance.now() - from;
  const asked = pairs
    .filter(({ same }) => same)
    .filter((_, at) => at % Math.max(1, Math.floor(rows / 2 / questions)) === 0);
  return {
    fillMs,
    questions: asked
      .slice(0, questions)
      .map(({ stored, typed }) => ({ question: { name: typed.name }, expected: stored.name })),
  };
}
