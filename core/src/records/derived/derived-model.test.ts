import { Big } from 'big.js';
import { array, assert, asyncProperty, boolean, constantFrom, nat, record, type Arbitrary } from 'fast-check';
import { expect, it } from 'vitest';
import { evaluateExpression } from '../../expression/index.ts';
import type { FieldDocument } from '../../model/documents.ts';
import { derivedGraph } from '../../model/derived/derived-graph.ts';
import type { ComputeNode, DerivedNode, RollupNode } from '../../model/derived/derived-node.ts';
import { readKeys } from '../../model/derived/derived-node.ts';
import { describeEngines } from '../../testing/databases.ts';
import { Problem } from '../../errors/problem.ts';
import type { RecordData } from '../records.ts';
import { openRecords, type RecordsFixture } from '../test-records.ts';
import { computed, rollup, shopLayer, type Further } from '../../testing/shop-layer.ts';
import { fitDerived } from './fit-derived.ts';

type Table = 'client' | 'product' | 'sale' | 'sale_line';
const TABLES: readonly Table[] = ['client', 'product', 'sale', 'sale_line'];

/** References over which records are rolled up (to the entity) or read (from the entity). */
const LINKS: readonly { readonly from: Table; readonly by: string; readonly to: Table }[] = [
  { from: 'sale', by: 'client', to: 'client' },
  { from: 'sale', by: 'payer', to: 'client' },
  { from: 'sale_line', by: 'sale', to: 'sale' },
  { from: 'sale_line', by: 'product', to: 'product' },
  { from: 'client', by: 'parent', to: 'client' },
];

const PLAIN: Readonly<Record<Table, readonly string[]>> = {
  client: ['factor'],
  product: ['price'],
  sale: ['amount', 'count'],
  sale_line: ['quantity', 'price'],
};

interface Wish {
  readonly link: number;
  readonly kind: 'rollup' | 'over' | 'own';
  readonly function: 'count' | 'sum' | 'min' | 'max' | 'avg';
  readonly first: number;
  readonly second: number;
  readonly operator: string;
  readonly isFiltered: boolean;
}

const wish: Arbitrary<Wish> = record({
  link: nat(LINKS.length - 1),
  kind: constantFrom('rollup', 'rollup', 'over', 'own'),
  function: constantFrom('count', 'sum', 'sum', 'min', 'max', 'avg'),
  first: nat(30),
  second: nat(30),
  operator: constantFrom('+', '-', '*', '/'),
  isFiltered: boolean(),
});

/** Fields that read only what is there before them: chains without circles, over whatever entities. */
function furtherOf(wishes: readonly Wish[]): Further {
  const fields: Record<string, Record<string, FieldDocument>> = {};
  const known: Record<Table, string[]> = structuredClone(PLAIN) as unknown as Record<Table, string[]>;
  for (const [index, each] of wishes.entries()) {
    const { from, by, to } = LINKS[each.link]!;
    const pick = (table: Table, at: number): string => known[table][at % known[table].length]!;
    const name = `d${index}`;
    const table = each.kind === 'rollup' ? to : from;
    const measured = each.function === 'count' ? {} : { field: pick(from, each.first) };
    const where = each.isFiltered ? { where: `${pick(from, each.second)} > 2` } : {};
    const definition =
      each.kind === 'rollup'
        ? rollup(
            'decimal',
            { entity: from, by, function: each.function, ...measured, ...where },
            { precision: 18, scale: 3 },
          )
        : computed(
            'decimal',
            each.kind === 'over'
              ? `${pick(from, each.first)} ${each.operator} ${by}.${pick(to, each.second)}`
              : `${pick(from, each.first)} ${each.operator} ${pick(from, each.second)}`,
            { precision: 18, scale: 3 },
          );
    (fields[table] ??= {})[name] = definition;
    known[table].push(name);
  }
  return fields;
}

interface Step {
  readonly action:
    | 'create'
    | 'update'
    | 'move'
    | 'remove'
    | 'restore'
    | 'void'
    | 'bulk'
    | 'lines'
    | 'many'
    | 'drop';
  readonly table: number;
  readonly at: number;
  readonly to: number;
  readonly value: number;
}

const step: Arbitrary<Step> = record({
  action: constantFrom(
    'create',
    'create',
    'update',
    'update',
    'move',
    'move',
    'remove',
    'restore',
    'void',
    'bulk',
    'lines',
    'many',
    'drop',
  ),
  table: nat(2),
  at: nat(20),
  to: nat(20),
  value: nat(9),
});

const ids: Record<Table, string[]> = { client: [], product: [], sale: [], sale_line: [] };

/** Applies one write; what the platform refuses (a circle of parents, a record that is referred to) is no fault. */
async function apply(on: RecordsFixture, { action, table, at, to, value }: Step): Promise<void> {
  const name = (['client', 'product', 'sale'] as const)[table]!;
  const own = ids[name];
  const id = own[at % Math.max(own.length, 1)];
  const one = (of: Table): string | null => ids[of][to % (ids[of].length + 1)] ?? null;
  const decimal = `${value}.${to % 10}`;
  const values: RecordData =
    name === 'client'
      ? { factor: decimal, parent: null }
      : name === 'product'
        ? { price: decimal }
        : { amount: decimal, count: value, client: one('client'), payer: one('client') };
  const patch = async (changes: RecordData): Promise<void> => {
    if (!id) return;
    const { version } = await on.records.read(on.system, name, id);
    await on.records.update(on.system, name, id, Number(version), changes);
  };
  const items = Array.from({ length: to % 3 }, (_, n) => ({
    quantity: value + n,
    price: decimal,
    product: one('product'),
  }));
  switch (action) {
    case 'create': {
      const more = name === 'sale' ? { items } : {};
      own.push(String((await on.records.create(on.system, name, { ...values, ...more }))['id']));
      return;
    }
    case 'many': {
      const made = await on.records.createMany(on.system, name, [values, { ...values, name: 'n' }]);
      own.push(...made.map((record) => String(record['id'])));
      return;
    }
    case 'update':
      return await patch(
        name === 'client' ? { factor: decimal } : name === 'sale' ? { amount: null } : values,
      );
    case 'move':
      return await patch(name === 'client' ? { parent: one('client') } : values);
    case 'lines':
      return name === 'sale' ? await patch({ items }) : undefined;
    case 'drop': {
      const line = ids.sale_line[at % Math.max(ids.sale_line.length, 1)];
      if (line) await on.records.remove(on.system, 'sale_line', line);
      return;
    }
    case 'remove':
      return id ? await on.records.remove(on.system, name, id) : undefined;
    case 'restore':
      if (id) await on.records.restore(on.system, name, id);
      return;
    case 'void':
      if (id) await on.records.setVoid(on.system, name, id, value % 2 === 0);
      return;
    case 'bulk': {
      const chosen = [...new Set([id, own[to % Math.max(own.length, 1)]])].flatMap((each) => each ?? []);
      if (chosen.length === 0) return;
      const items_ = await Promise.all(
        chosen.map(async (each) => {
          const { version } = await on.records.read(on.system, name, each);
          return { id: each, version, ...values };
        }),
      );
      await on.records.bulk(on.system, name, { operation: 'update', items: items_ });
    }
  }
}

type Rows = ReadonlyMap<Table, readonly RecordData[]>;

async function everything(on: RecordsFixture): Promise<Rows> {
  const rows = new Map<Table, readonly RecordData[]>();
  for (const table of TABLES) {
    const entity = on.model.entities.get(table)!;
    const parts = [...entity.parts.values()]
      .map((part) => ` left join "${part}" on "${part}".id = t.id`)
      .join('');
    const columns = [...entity.fields.values()].flatMap(({ name, column }) =>
      column && name !== 'id'
        ? [
            `${column.table === entity.table ? 't' : `"${column.table}"`}."${column.name}"${column.type.startsWith('numeric') ? '::text' : ''} as "${name}"`,
          ]
        : [],
    );
    rows.set(
      table,
      await on.db.query({ text: `select t.id, ${columns.join(', ')} from "${entity.table}" t${parts}` }),
    );
  }
  ids.sale_line = (rows.get('sale_line') ?? []).map((row) => String(row['id']));
  return rows;
}

const isLive = (row: RecordData | undefined): boolean =>
  row !== undefined && (row['deleted_at'] ?? null) === null && row['is_void'] !== true;

/** All derived values made anew, record by record, without any of the engine's shortcuts. */
function recompute(on: RecordsFixture, stored: Rows): Rows {
  const rows = new Map([...stored].map(([table, all]) => [table, all.map((row) => ({ ...row }))]));
  const of = (table: string) => rows.get(table as Table)!;
  const { nodes } = derivedGraph(on.model);
  const done = new Set<string>();
  const visit = (node: DerivedNode): void => {
    if (done.has(node.key)) return;
    for (const key of readKeys(node)) visit(nodes.get(key)!);
    done.add(node.key);
    for (const row of of(node.entity.name)) {
      const value = node.kind === 'rollup' ? rolled(node, row) : formula(node, row);
      row[node.field.name] = fitDerived(node.field.column!.type, value);
    }
  };
  const scopeOf = (row: RecordData, over: (path: readonly string[]) => unknown) => ({
    field: (path: readonly string[]) => (path.length > 1 ? over(path) : row[path[0]!]),
    now: new Date(),
    timeZone: 'UTC',
    user: { id: '', unit: null, roles: [] },
  });
  const formula = (node: ComputeNode, row: RecordData): unknown =>
    evaluateExpression(
      node.expression,
      scopeOf(row, ([by = '', name = '']) => {
        const target = node.over.find((each) => each.by.name === by)!.target.name;
        return of(target).find((each) => each['id'] === row[by])?.[name];
      }),
    );
  const rolled = ({ child, by, rollup: wished, where }: RollupNode, row: RecordData): unknown => {
    const children = of(child.name).filter((each) => {
      if (each[by.name] !== row['id'] || !isLive(each)) return false;
      if (child.parent && child.parent.field !== by.name) {
        const upper = of(child.parent.entity).find((one) => one['id'] === each[child.parent!.field]);
        if (!isLive(upper)) return false;
      }
      return (
        where === null ||
        evaluateExpression(
          where,
          scopeOf(each, () => null),
        ) === true
      );
    });
    if (wished.function === 'count') return children.length;
    const values = children.flatMap((each) => {
      const value = each[wished.field!] ?? null;
      return value === null ? [] : [new Big(String(value))];
    });
    const sum = values.reduce((total, value) => total.plus(value), new Big(0));
    if (wished.function === 'sum') return sum.toFixed();
    if (values.length === 0) return null;
    if (wished.function === 'avg') return sum.div(values.length).toFixed();
    const sorted = values.sort((a, b) => a.cmp(b));
    return (wished.function === 'min' ? sorted[0]! : sorted.at(-1)!).toFixed();
  };
  for (const node of nodes.values()) visit(node);
  return rows;
}

function derivedValues(on: RecordsFixture, rows: Rows): unknown {
  const { nodes } = derivedGraph(on.model);
  return [...nodes.values()].flatMap(({ key, entity, field }) =>
    rows.get(entity.name as Table)!.map((row) => {
      const value = row[field.name] ?? null;
      return `${key} ${String(row['id'])} ${value === null ? 'null' : new Big(String(value)).toFixed()}`;
    }),
  );
}

const RUNS = Number(process.env['DERIVED_RUNS'] ?? 4);

describeEngines('ENG-05 random models of derived fields under random writes', (open) => {
  it('hold what a recomputation of everything gives, after each write', { timeout: 600_000 }, async () => {
    const wishes = array(wish, { minLength: 4, maxLength: 10 });
    const steps = array(step, { minLength: 20, maxLength: 35 });
    await assert(
      asyncProperty(wishes, steps, async (wished, planned) => {
        for (const table of TABLES) ids[table] = [];
        const on = await openRecords(await open(), [shopLayer(furtherOf(wished))]);
        for (const table of [0, 1, 2, 0])
          await apply(on, { action: 'create', table, at: 0, to: 0, value: 3 });
        for (const each of planned) {
          await apply(on, each).catch((error: unknown) => {
            if (!(error instanceof Problem)) throw error;
          });
          const stored = await everything(on);
          expect(derivedValues(on, stored), JSON.stringify(each)).toEqual(
            derivedValues(on, recompute(on, stored)),
          );
        }
      }),
      { numRuns: RUNS, endOnFailure: true },
    );
  });
});
