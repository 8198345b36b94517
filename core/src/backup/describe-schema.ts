import type { Queryable, Row } from '../store/database.ts';
import { quote } from '../store/quote.ts';
import type { SchemaShape, TableShape } from './archive.ts';

/** Rows that mean nothing in another place: sessions end, previews are rendered again. Their tables are kept. */
const EMPTY: ReadonlySet<string> = new Set(['mortise.session', 'mortise.print_preview', 'mortise.plan']);

const OURS = `n.nspname in ('mortise', 'public')`;
const NOT_OF_EXTENSION = (catalogue: string, oid: string): string =>
  `not exists (select from pg_depend d where d.classid = '${catalogue}'::regclass and d.objid = ${oid} and d.deptype = 'e')`;

interface TableRow extends Row {
  readonly oid: string;
  readonly schema: string;
  readonly name: string;
  readonly partition_key: string | null;
  readonly parent: string | null;
  readonly bound: string | null;
  readonly options: string | null;
}

interface ColumnRow extends Row {
  readonly table_oid: string;
  readonly name: string;
  readonly type: string;
  readonly collation: string | null;
  readonly required: boolean;
  readonly expression: string | null;
  readonly identity: string;
  readonly generated: string;
}

const TABLES = `select c.oid::text as oid, n.nspname as schema, c.relname as name,
    case when c.relkind = 'p' then pg_get_partkeydef(c.oid) end as partition_key,
    case when c.relispartition then (select i.inhparent::regclass::text from pg_inherits i where i.inhrelid = c.oid) end
      as parent,
    pg_get_expr(c.relpartbound, c.oid) as bound,
    array_to_string(c.reloptions, ', ') as options
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where ${OURS} and c.relkind in ('r', 'p') and ${NOT_OF_EXTENSION('pg_class', 'c.oid')}
  order by c.relispartition, n.nspname, c.relname`;

const COLUMNS = `select a.attrelid::text as table_oid, a.attname as name, format_type(a.atttypid, a.atttypmod) as type,
    case when a.attcollation <> t.typcollation then a.attcollation::regcollation::text end as collation,
    a.attnotnull as required, pg_get_expr(d.adbin, d.adrelid) as expression,
    a.attidentity::text as identity, a.attgenerated::text as generated
  from pg_attribute a
  join pg_class c on c.oid = a.attrelid
  join pg_namespace n on n.oid = c.relnamespace
  join pg_type t on t.oid = a.atttypid
  left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
  where ${OURS} and c.relkind in ('r', 'p') and a.attnum > 0 and not a.attisdropped
  order by a.attrelid, a.attnum`;

const FUNCTIONS = `select pg_get_functiondef(p.oid) as statement
  from pg_proc p join pg_namespace n on n.oid = p.pronamespace
  where ${OURS} and p.prokind in ('f', 'p') and ${NOT_OF_EXTENSION('pg_proc', 'p.oid')}
  order by n.nspname, p.proname, p.oid`;

/** Those of a partition come with its parent's. Foreign keys last: they need the keys of the other table. */
const CONSTRAINTS = `select format('alter table %s add constraint %I %s', k.conrelid::regclass, k.conname,
    pg_get_constraintdef(k.oid)) as statement
  from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace
  where ${OURS} and k.contype in ('p', 'u', 'x', 'c', 'f') and not c.relispartition
  order by k.contype = 'f', n.nspname, c.relname, k.contype desc, k.conname`;

const INDEXES = `select regexp_replace(pg_get_indexdef(i.indexrelid), ' ON ONLY ', ' ON ') as statement
  from pg_index i join pg_class c on c.oid = i.indrelid join pg_namespace n on n.oid = c.relnamespace
  where ${OURS} and not c.relispartition and (i.indisvalid or not i.indisunique)
    and not exists (select from pg_constraint k where k.conindid = i.indexrelid and k.contype in ('p', 'u', 'x'))
  order by n.nspname, c.relname, i.indexrelid`;

const TRIGGERS = `select pg_get_triggerdef(g.oid) as statement
  from pg_trigger g join pg_class c on c.oid = g.tgrelid join pg_namespace n on n.oid = c.relnamespace
  where ${OURS} and not g.tgisinternal and g.tgparentid = 0
  order by n.nspname, c.relname, g.tgname`;

const LEFT_OUT = `select case c.relkind when 'v' then 'view ' when 'm' then 'view ' when 'f' then 'foreign table '
      else 'sequence ' end || c.oid::regclass::text as what
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where ${OURS} and c.relkind in ('v', 'm', 'f', 'S') and ${NOT_OF_EXTENSION('pg_class', 'c.oid')}
      and not exists (select from pg_depend d where d.objid = c.oid and d.deptype = 'i')
  union all select 'type ' || t.oid::regtype::text
    from pg_type t join pg_namespace n on n.oid = t.typnamespace
    where ${OURS} and t.typtype in ('e', 'd', 'r') and ${NOT_OF_EXTENSION('pg_type', 't.oid')}
  union all select 'extension ' || extname from pg_extension where extname not in ('plpgsql', 'pg_trgm')
  order by 1`;

/**
 * Describes the tables of the platform and of the business from the database's own catalogue, so that a restore
 * makes exactly what stood there, whichever version made it. Call it inside of the snapshot that reads the rows.
 */
export async function describeSchema(tx: Queryable): Promise<SchemaShape> {
  // With no path the catalogue names everything in full.
  await tx.query({ text: 'set local search_path = pg_catalog' });
  const tables = await tx.query<TableRow>({ text: TABLES });
  const columns = Map.groupBy(await tx.query<ColumnRow>({ text: COLUMNS }), (column) => column.table_oid);
  const statements = async (text: string): Promise<string[]> =>
    (await tx.query<{ statement: string }>({ text })).map(({ statement }) => statement);
  const functions = await statements(FUNCTIONS);
  const keys = await statements(CONSTRAINTS);
  const indexes = await statements(INDEXES);
  const triggers = await statements(TRIGGERS);
  const positions: string[] = [];
  for (const table of tables)
    for (const column of columns.get(table.oid) ?? [])
      if (column.identity !== '' && table.parent === null)
        positions.push(await positionOf(tx, table, column.name));
  const leftOut = await tx.query<{ what: string }>({ text: LEFT_OUT });
  return {
    before: [
      'create schema if not exists mortise',
      'create extension if not exists pg_trgm with schema public',
      ...functions,
      ...tables.map((table) => createTable(table, columns.get(table.oid) ?? [])),
    ],
    // Rows of a partition are those of its parent.
    tables: tables
      .filter((table) => table.parent === null && !EMPTY.has(`${table.schema}.${table.name}`))
      .map((table) => shapeOf(table, columns.get(table.oid) ?? [])),
    after: [...positions, ...keys, ...indexes, ...triggers],
    leftOut: leftOut.map(({ what }) => what),
  };
}

/** `mortise."user"` */
export function tableName({ schema, name }: Pick<TableShape, 'schema' | 'name'>): string {
  return `${quote(schema)}.${quote(name)}`;
}

function createTable(table: TableRow, columns: readonly ColumnRow[]): string {
  if (table.parent !== null)
    return `create table ${tableName(table)} partition of ${table.parent} ${table.bound ?? 'default'}`;
  const lines = columns.map((column) =>
    [
      quote(column.name),
      column.type,
      column.collation === null ? '' : `collate ${column.collation}`,
      valueOf(column),
      column.required ? 'not null' : '',
    ]
      .filter((part) => part !== '')
      .join(' '),
  );
  const partition = table.partition_key === null ? '' : ` partition by ${table.partition_key}`;
  const options = table.options === null ? '' : ` with (${table.options})`;
  return `create table ${tableName(table)} (\n  ${lines.join(',\n  ')}\n)${partition}${options}`;
}

function valueOf({ identity, generated, expression }: ColumnRow): string {
  if (identity !== '') return `generated ${identity === 'a' ? 'always' : 'by default'} as identity`;
  if (expression === null) return '';
  if (generated === '') return `default ${expression}`;
  return `generated always as (${expression}) ${generated === 's' ? 'stored' : 'virtual'}`;
}

function shapeOf({ schema, name }: TableRow, columns: readonly ColumnRow[]): TableShape {
  return {
    schema,
    name,
    columns: columns
      .filter(({ generated }) => generated === '')
      .map(({ name: column, type }) => ({ name: column, type })),
  };
}

/** Sequences are outside of snapshots: the position is at least that of the rows, never below. */
async function positionOf(tx: Queryable, table: TableRow, column: string): Promise<string> {
  const of = `pg_catalog.pg_get_serial_sequence('${tableName(table).replaceAll("'", "''")}', '${column.replaceAll("'", "''")}')`;
  const [found] = await tx.query<{ sequence: string }>({ text: `select ${of} as sequence` });
  const [at] = await tx.query<{ last_value: string; is_called: boolean }>({
    text: `select last_value, is_called from ${found?.sequence ?? ''}`,
  });
  return `select pg_catalog.setval(${of}, ${at?.last_value ?? '1'}, ${String(at?.is_called ?? false)})`;
}
