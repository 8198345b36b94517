import { Client } from 'pg';

export interface Prepared {
  /** The customer with many contacts. */
  readonly parent: string;
}

/**
 * Fills a scratch database with `rows` customers and, below the first, `children` contacts. Straight into the tables:
 * the bench measures screens, not the loading.
 */
export async function fill(database: string, rows: number, children: number): Promise<Prepared> {
  const client = new Client(database);
  await client.connect();
  try {
    // Without triggers: else the server makes the keys for duplicates of all rows while screens are measured.
    await client.query('set session_replication_role = replica');
    await client.query(
      `insert into customer (id, version, name, customer_code, address, phone, province, customer_type, importance,
          country, created_at, updated_at, owner, unit, is_void, first_review_mark, second_review_mark, registered_on)
        select gen_random_uuid(), 1, '四川基准' || n || '酒业有限公司', 'n' || lpad(n::text, 7, '0'),
          '成都市人民路' || n || '号', '028-8' || lpad(n::text, 7, '0'), (array['51','37','41','44','32'])[1 + n % 5],
          array['potential'], 'n', 'CN', now() - n * interval '1 second', now() - n * interval '1 second', u.id, u.unit,
          false, 'pending', 'pending', current_date
        from generate_series(1, $1::int) n, "user" u where u.username = 'admin'`,
      [rows],
    );
    await client.query('insert into customer_ext (id) select id from customer on conflict do nothing');
    const first = await client.query<{ id: string }>(
      'select id from customer order by customer_code limit 1',
    );
    const parent = first.rows[0]?.id ?? '';
    await client.query(
      `insert into contact (id, version, customer, name, department, is_primary, mobile, email, created_at, updated_at,
          owner, unit, is_void, first_review_mark, second_review_mark, registered_on)
        select gen_random_uuid(), 1, c.id, '联系人' || lpad(n::text, 4, '0'), '采购部', n = 1,
          '138' || lpad(n::text, 8, '0'), 'contact' || n || '@example.com', now(), now(), c.owner, c.unit, false,
          'pending', 'pending', current_date
        from generate_series(1, $2::int) n, customer c where c.id = $1`,
      [parent, children],
    );
    await client.query('insert into contact_ext (id) select id from contact on conflict do nothing');
    await client.query('analyze');
    return { parent };
  } finally {
    await client.end();
  }
}
