/**
 * The hand-written floor: what a good engineer would write with Koa and pg for just these four requests. It does the
 * duties the product does: looks the session up, keeps the row scope of an employee, writes a history row in the
 * same transaction. It runs on the product's own tables and session, so both sides do the same work.
 */
import { createHash, randomUUID } from 'node:crypto';
import Router from '@koa/router';
import Koa from 'koa';
import { Pool } from 'pg';

const pool = new Pool({ connectionString: process.env.DATABASE_URL, max: 10 });
const COLUMNS = [
  'name',
  'customer_code',
  'customer_type',
  'province',
  'city',
  'industry',
  'importance',
  'phone',
  'updated_at',
];
const SELECTED = ['id', 'version', ...COLUMNS].map((name) => `"${name}"`).join(', ');

interface User {
  readonly id: string;
  readonly units: readonly string[];
}

async function userOf(ctx: Koa.Context): Promise<User> {
  const cookie = ctx
    .get('Cookie')
    .split(/;\s*/)
    .find((part) => part.startsWith('mortise_session='));
  const token = cookie?.split('=')[1] ?? '';
  const found = await pool.query({
    name: 'session',
    text: `select u.id, u.unit from mortise.session s join "user" u on u.id = s.user_id
      where s.token_hash = $1 and s.expires_at > now() and u.deleted_at is null`,
    values: [createHash('sha256').update(token).digest('base64url')],
  });
  const row = found.rows[0] as { id: string; unit: string } | undefined;
  if (!row) ctx.throw(401, 'sign in first');
  return { id: row.id, units: [row.unit] };
}

async function body(ctx: Koa.Context): Promise<Record<string, unknown>> {
  const parts: Buffer[] = [];
  for await (const part of ctx.req) parts.push(part as Buffer);
  return JSON.parse(Buffer.concat(parts).toString('utf8')) as Record<string, unknown>;
}

const router = new Router();

router.get('/list', async (ctx) => {
  const user = await userOf(ctx);
  const page = await pool.query({
    name: 'list',
    text: `select ${SELECTED} from customer
      where deleted_at is null and not is_void and province = $1 and (owner = $2 or unit = any($3::uuid[]))
      order by updated_at desc, id limit 50`,
    values: [String(ctx.query.province), user.id, user.units],
  });
  ctx.body = { items: page.rows };
});

router.get('/read/:id', async (ctx) => {
  const user = await userOf(ctx);
  const found = await pool.query({
    name: 'read',
    text: `select c.*, e.* from customer c left join customer_ext e on e.id = c.id
      where c.id = $1 and c.deleted_at is null and (c.owner = $2 or c.unit = any($3::uuid[]))`,
    values: [ctx.params.id, user.id, user.units],
  });
  if (!found.rows[0]) ctx.throw(404);
  ctx.body = found.rows[0];
});

router.post('/create', async (ctx) => {
  const user = await userOf(ctx);
  const input = await body(ctx);
  const id = randomUUID();
  const client = await pool.connect();
  try {
    await client.query('begin');
    await client.query({
      name: 'create',
      text: `with made as (
          insert into customer (id, version, name, address, phone, province, customer_type, importance, country,
            created_at, created_by, updated_at, updated_by, owner, unit, is_void)
          values ($1, 1, $2, $3, $4, $5, $6, 'n', 'CN', now(), $7, now(), $7, $7, $8, false) returning id),
        ext as (insert into customer_ext (id) select id from made)
        insert into mortise.history (id, entity, record_id, action, changes, "by", source, version)
        select $9, 'customer', id, 'create', $10, $7, 'api', 1 from made`,
      values: [
        id,
        input.name,
        input.address,
        input.phone,
        input.province,
        input.customer_type,
        user.id,
        user.units[0],
        randomUUID(),
        JSON.stringify(input),
      ],
    });
    await client.query('commit');
  } catch (error) {
    await client.query('rollback');
    throw error;
  } finally {
    client.release();
  }
  ctx.status = 201;
  ctx.body = { id, version: 1 };
});

router.patch('/update/:id', async (ctx) => {
  const user = await userOf(ctx);
  const input = await body(ctx);
  const client = await pool.connect();
  try {
    await client.query('begin');
    const before = await client.query({
      name: 'lock',
      text: 'select * from customer where id = $1 and deleted_at is null and owner = $2 for update',
      values: [ctx.params.id, user.id],
    });
    const row = before.rows[0] as { version: number; remarks: string | null } | undefined;
    if (!row) return ctx.throw(404);
    if (row.version !== Number(ctx.get('If-Match').replaceAll('"', ''))) ctx.throw(409);
    const changed = await client.query({
      name: 'update',
      text: `with changed as (
          update customer set remarks = $2, version = version + 1, updated_at = now(), updated_by = $3
          where id = $1 returning id, version)
        insert into mortise.history (id, entity, record_id, action, changes, "by", source, version)
        select $4, 'customer', id, 'update', $5, $3, 'api', version from changed returning version`,
      values: [
        ctx.params.id,
        input.remarks,
        user.id,
        randomUUID(),
        JSON.stringify({ remarks: { old: row.remarks, new: input.remarks } }),
      ],
    });
    await client.query('commit');
    ctx.body = { id: ctx.params.id, version: (changed.rows[0] as { version: number }).version };
  } catch (error) {
    await client.query('rollback');
    throw error;
  } finally {
    client.release();
  }
});

const app = new Koa();
app.use(router.routes());
const server = app.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.stdout.write(`ready ${typeof address === 'object' && address ? address.port : ''}\n`);
});
process.on('SIGTERM', () => {
  server.close();
  void pool.end();
});
