/**
 * A hand-written server with Koa and pg (`node server.ts duties|keys|bare`): what an expert writes for exactly the requests
 * of the cases, on the product's own tables. `duties` looks the session up, keeps the row scope of an employee and
 * writes the history row with the write; `keys` also looks for a duplicate and keeps what the record is found by; `bare`
 * does none of these.
 */
import Router from '@koa/router';
import Koa from 'koa';
import { CASES } from '../cases/index.ts';
import { openSql, type FloorCall } from './floor-call.ts';
import { findPerson } from './person.ts';

const which = process.argv[2];
if (which !== 'duties' && which !== 'keys' && which !== 'bare')
  throw new Error('node server.ts duties|keys|bare');
const sql = openSql(process.env['DATABASE_URL'] ?? '', `bench-${which}`);

async function bodyOf(ctx: Koa.Context): Promise<Record<string, unknown>> {
  if (ctx.method === 'GET') return {};
  const parts: Buffer[] = [];
  for await (const part of ctx.req) parts.push(part as Buffer);
  return JSON.parse(Buffer.concat(parts).toString('utf8')) as Record<string, unknown>;
}

const router = new Router();
for (const { name, floor } of CASES) {
  router.all(`/${name}`, async (ctx) => {
    const call: FloorCall = {
      query: ctx.URL.searchParams,
      headers: ctx.headers,
      body: await bodyOf(ctx),
      refuse: (status) => ctx.throw(status),
    };
    if (which === 'bare') ctx.body = await floor.bare(sql, call);
    else if (floor[which]) {
      const person = await findPerson(sql, ctx.headers.cookie);
      ctx.body = await floor[which](sql, call, person ?? call.refuse(401));
    } else ctx.throw(404);
  });
}

const app = new Koa();
app.use(router.routes());
const server = app.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.stdout.write(`ready ${typeof address === 'object' && address ? address.port : ''}\n`);
});
process.on('SIGTERM', () => {
  server.closeAllConnections();
  server.close(() => void sql.close());
});
