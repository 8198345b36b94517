import { Client } from 'pg';

/** Who drives the bench, and what they may see. */
export interface BenchSession {
  readonly cookie: string;
  readonly csrf: string;
  readonly unit: string;
  readonly user: string;
  /** Records the employee owns, for reads and updates. */
  readonly own: readonly string[];
  readonly versions: Map<string, number>;
}

/**
 * Signs in, makes a unit and an employee through the API, fills the customer table with `rows` rows of which a fifth
 * belong to that unit, and signs the employee in.
 */
export async function prepareData(
  url: string,
  database: string,
  password: string,
  rows: number,
): Promise<BenchSession> {
  const admin = await signIn(url, 'admin', password);
  const post = async (path: string, data: unknown): Promise<{ id: string }> => {
    const answer = await fetch(`${url}/api/v1/${path}`, {
      method: 'POST',
      headers: { Cookie: admin.cookie, 'X-CSRF-Token': admin.csrf, 'Content-Type': 'application/json' },
      body: JSON.stringify(data),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${text}`);
    return (text ? JSON.parse(text) : {}) as { id: string };
  };
  const unit = await post('records/unit', { name: 'Bench unit' });
  const other = await post('records/unit', { name: 'Other unit' });
  const user = await post('records/user', {
    username: 'bench',
    display_name: 'Bench',
    roles: ['employee'],
    unit: unit.id,
  });
  await post(`users/${user.id}/password`, { password, must_change: false });
  await fill(database, rows, unit.id, other.id, user.id);
  const session = await signIn(url, 'bench', password);
  const client = new Client(database);
  await client.connect();
  const own = await client.query<{ id: string }>('select id from customer where owner = $1 limit 500', [
    user.id,
  ]);
  await client.end();
  return {
    ...session,
    unit: unit.id,
    user: user.id,
    own: own.rows.map((row) => row.id),
    versions: new Map(),
  };
}

async function signIn(
  url: string,
  username: string,
  password: string,
): Promise<{ cookie: string; csrf: string }> {
  const answer = await fetch(`${url}/api/v1/session`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ username, password }),
  });
  if (!answer.ok) throw new Error(`sign-in as ${username}: ${answer.status} ${await answer.text()}`);
  const { csrf } = (await answer.json()) as { csrf: string };
  return { cookie: (answer.headers.getSetCookie()[0] ?? '').split(';')[0] ?? '', csrf };
}

/** Rows go straight into the product's tables: the bench measures requests, not the loading. */
async function fill(
  database: string,
  rows: number,
  unit: string,
  other: string,
  user: string,
): Promise<void> {
  const client = new Client(database);
  await client.connect();
  await client.query(
    `insert into customer (id, version, name, customer_code, address, phone, province, customer_type, importance, country,
        created_at, created_by, updated_at, updated_by, owner, unit, is_void, first_review_mark, second_review_mark, registered_on)
      select gen_random_uuid(), 1, '四川基准' || n || '酒业有限公司', 'n' || lpad(n::text, 7, '0'), '成都市人民路' || n || '号', '028-8' || lpad(n::text, 7, '0'),
        (array['51','37','41','44','32'])[1 + n % 5], array['potential'], 'n', 'CN',
        now() - n * interval '1 second', $3, now() - n * interval '1 second', $3,
        case when n % 5 = 0 and n % 25 = 0 then $3::uuid end, case when n % 5 = 0 then $1::uuid else $2::uuid end, false, 'pending', 'pending', current_date
      from generate_series(1, $4::int) n`,
    [unit, other, user, rows],
  );
  await client.query('insert into customer_ext (id) select id from customer on conflict do nothing');
  await client.query('analyze');
  await client.end();
}
