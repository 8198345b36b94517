/**
 * `npm run bench:scale [-- --small]`: how the product bears a large model and large tables, against DESIGN §11 (300 entities of
 * 30 fields: a change within 2 s, memory and requests as with 30; an entity of 500 fields; a field added to 1,000,000 rows
 * within a second while people read and write). PostgreSQL by DATABASE_URL; the database is its own and is dropped.
 */
import { parseArgs } from 'node:util';
import { withClient } from '../bench/data/server.ts';
import { manyRows } from './many-rows.ts';
import { addField, medianOf, requestTimes, timed } from './measure.ts';
import { entityName, fieldName, newEntity } from './model.ts';
import { startProduct, type Product } from './product.ts';

const { values: options } = parseArgs({
  options: {
    small: { type: 'boolean', default: false },
    entities: { type: 'string' },
    rows: { type: 'string' },
    fields: { type: 'string' },
    runs: { type: 'string' },
  },
});
const few = 30;
const many = Number(options.entities ?? (options.small ? 60 : 300));
const rows = Number(options.rows ?? (options.small ? 50_000 : 1_000_000));
const wide = Number(options.fields ?? (options.small ? 120 : 500));
const runs = Number(options.runs ?? (options.small ? 30 : 200));
const FIELDS = 30;
const AT_ONCE = 30;

interface Figure {
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  /** What it must not pass; null where it is only told. */
  readonly limit: number | null;
}
const figures: Figure[] = [];
function note(what: string, value: number, unit: string, limit: number | null = null): void {
  figures.push({ what, value, unit, limit });
  console.error(`${what}: ${value.toFixed(1)} ${unit}`);
}

async function grow(product: Product, from: number, to: number): Promise<void> {
  for (let at = from; at < to; at += AT_ONCE) {
    const changes = [];
    for (let n = at; n < Math.min(to, at + AT_ONCE); n += 1) changes.push(newEntity(entityName(n), FIELDS));
    await product.call('POST', '/api/v1/metadata/apply', { changes, note: 'bench' });
  }
}

async function ofModel(product: Product): Promise<void> {
  await grow(product, 0, few);
  const small = await requestTimes(product, entityName(0), runs);
  const memory = await product.memory();
  await grow(product, few, many);
  const large = await requestTimes(product, entityName(0), runs);
  const times: number[] = [];
  for (let n = 0; n < 5; n += 1) times.push(await addField(product, entityName(1), `x${n}`));
  note(`add a field, ${many} entities x ${FIELDS} fields (slowest of 5)`, Math.max(...times), 'ms', 2000);
  for (const name of ['list', 'read', 'create', 'model'] as const) {
    note(`${name}, ${few} entities`, small[name], 'ms');
    // Noise of a busy machine aside, the number of entities must not show.
    note(`${name}, ${many} entities`, large[name], 'ms', name === 'model' ? null : small[name] * 1.25 + 1);
  }
  note(`memory, ${few} entities`, memory, 'MB');
  note(`memory, ${many} entities`, await product.memory(), 'MB');
}

async function ofWidth(product: Product): Promise<void> {
  const entity = 'wide';
  const made = await timed(() =>
    product.call('POST', '/api/v1/metadata/apply', {
      changes: [newEntity(entity, wide, true)],
      note: 'bench',
    }),
  );
  note(`new entity of ${wide} fields`, made, 'ms');
  const values: Record<string, string> = { name: 'w' };
  for (let n = 1; n < wide; n += 1) values[fieldName(n)] = `值${String(n).padStart(18, '0')}`;
  const at = `/api/v1/records/${entity}`;
  const { id } = await product.call<{ id: string }>('POST', at, values);
  const names = Object.keys(values);
  const stored = await product.call<Record<string, unknown>>('GET', `${at}/${id}`);
  const wrong = names.filter((name) => stored[name] !== values[name]);
  if (wrong.length > 0) throw new Error(`${wrong.length} of ${wide} values differ, first ${wrong[0]}`);
  note(
    `create, ${wide} fields`,
    await medianOf(Math.min(runs, 20), () => product.call('POST', at, values)),
    'ms',
  );
  note(
    `read, ${wide} fields`,
    await medianOf(Math.min(runs, 20), () => product.call('GET', `${at}/${id}`)),
    'ms',
  );
  note(`add a field to ${wide}`, await addField(product, entity, 'one_more'), 'ms', 2000);
}

async function ofRows(product: Product): Promise<void> {
  const entity = entityName(0);
  await withClient(product.databaseUrl, async (client) => {
    await client.query(
      `insert into "${entity}" (id, name, f1) select gen_random_uuid(), 'n' || n, n % 1000 from generate_series(1, ${rows}) n`,
    );
    await client.query(`analyze "${entity}"`);
  });
  const found = await manyRows(product, entity);
  note(`add a field to ${rows.toLocaleString('en')} rows, in use`, found.plain, 'ms', 1000);
  note(`add a field with a default, in use`, found.filled, 'ms', 1000);
  note('longest read meanwhile', found.longestRead, 'ms', 1500);
  note('longest write meanwhile', found.longestWrite, 'ms', 1500);
  note('requests meanwhile', found.requests, '');
  note('requests failed', found.failed, '', 0);
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
const product = await startProduct();
try {
  await ofModel(product);
  await ofWidth(product);
  await ofRows(product);
} finally {
  await product.end();
}
console.log('\n| | | limit | |\n|---|---:|---:|---|');
for (const { what, value, unit, limit } of figures) {
  const held = limit === null ? '' : value <= limit ? 'held' : '**passed**';
  console.log(
    `| ${what} | ${value.toFixed(1)} ${unit} | ${limit === null ? '' : limit.toFixed(0)} | ${held} |`,
  );
}
if (figures.some(({ value, limit }) => limit !== null && value > limit)) process.exitCode = 1;
