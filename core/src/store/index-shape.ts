import { createHash } from 'node:crypto';
import type { EntityModel, FieldModel, Model, UniqueModel } from '../model/model.ts';
import { quote } from './quote.ts';

/** One index that a table should have. */
export interface IndexShape {
  readonly name: string;
  readonly table: string;
  readonly columns: readonly string[];
  readonly unique: boolean;
  /** The statement that makes it. */
  readonly sql: string;
}

const IDENTIFIER_LIMIT = 63;

/** PostgreSQL cuts long names silently, and two cut names may be equal: a hash keeps them apart. */
function shorten(name: string): string {
  if (Buffer.byteLength(name) <= IDENTIFIER_LIMIT) return name;
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 8);
  return `${name.slice(0, IDENTIFIER_LIMIT - 9)}_${hash}`;
}

/** Name of the index behind `unique: true` of a field, as a unique violation reports it (`constraint`). */
function uniqueFieldIndex(field: FieldModel): string {
  return shorten(`${field.column?.table ?? ''}_${field.column?.name ?? ''}_key`);
}

/** Name of the index behind a unique rule of an entity. */
function uniqueRuleIndex(entity: EntityModel, rule: UniqueModel): string {
  return shorten(`${entity.table}_${rule.name}_rule_key`);
}

type Kind = 'btree' | 'gin' | 'trigram';

function columnOf(entity: EntityModel, name: string): FieldModel | undefined {
  const field = entity.fields.get(name);
  return field?.column ? field : undefined;
}

class Indexes {
  readonly found = new Map<string, IndexShape>();
  readonly #entity: EntityModel;

  constructor(entity: EntityModel) {
    this.#entity = entity;
  }

  /** Deleted rows are neither listed nor counted for uniqueness; parts and lines have no such mark. */
  #live(table: string): string {
    const marked = this.#entity.ownership === 'user' && table === this.#entity.table;
    return marked ? ' where "deleted_at" is null' : '';
  }

  add(table: string, columns: readonly string[], kind: Kind = 'btree'): void {
    const suffix = kind === 'trigram' ? 'trgm' : 'idx';
    const name = shorten(`${table}_${columns.join('_')}_${suffix}`);
    const list = columns
      .map((column) => (kind === 'trigram' ? `${quote(column)} gin_trgm_ops` : quote(column)))
      .join(', ');
    const using = kind === 'btree' ? '' : ' using gin';
    const sql = `create index if not exists ${quote(name)} on ${quote(table)}${using} (${list})${this.#live(table)}`;
    this.found.set(name, { name, table, columns, unique: false, sql });
  }

  addUnique(name: string, table: string, columns: readonly string[]): void {
    const list = columns.map(quote).join(', ');
    const sql = `create unique index if not exists ${quote(name)} on ${quote(table)} (${list})${this.#live(table)}`;
    this.found.set(name, { name, table, columns, unique: true, sql });
  }

  field(field: FieldModel): void {
    if (!field.column) return;
    if (field.column.type.endsWith('[]')) this.add(field.column.table, [field.column.name], 'gin');
    else if (field.column.type !== 'jsonb') this.add(field.column.table, [field.column.name]);
  }
}

/**
 * The indexes that the documents of a model call for: what is unique, searched, referred to, listed and filtered.
 * Retired fields keep their column but no index. The default list of an entity gets composite ones for each row
 * scope (everything, own, own unit), because without them an employee's list reads the whole table.
 */
export function indexShapes(model: Model, entity: EntityModel): ReadonlyMap<string, IndexShape> {
  const indexes = new Indexes(entity);
  for (const field of entity.fields.values()) {
    const { column, def } = field;
    if (!column || field.name === 'id') continue;
    if (def.unique === true) indexes.addUnique(uniqueFieldIndex(field), column.table, [column.name]);
    if (def.search === true && isText(column.type)) indexes.add(column.table, [column.name], 'trigram');
    if (def.index === true || (!field.system && isReference(field)) || column.type.endsWith('[]'))
      indexes.field(field);
  }
  for (const rule of entity.unique) {
    const columns = rule.fields.flatMap((name) => columnOf(entity, name)?.column ?? []);
    const table = columns[0]?.table;
    if (
      table === undefined ||
      columns.length !== rule.fields.length ||
      columns.some((column) => column.table !== table)
    )
      continue;
    indexes.addUnique(
      uniqueRuleIndex(entity, rule),
      table,
      columns.map((column) => column.name),
    );
  }
  addListIndexes(model, entity, indexes);
  return withoutPrefixes(indexes.found);
}

/** An index on (a, b) answers what one on (a) answers; the second would only make writing dearer. */
function withoutPrefixes(found: ReadonlyMap<string, IndexShape>): ReadonlyMap<string, IndexShape> {
  const btrees = [...found.values()].filter((index) => !index.sql.includes(' using gin '));
  const isCovered = (index: IndexShape): boolean =>
    btrees.some(
      (other) =>
        other.table === index.table &&
        (other.columns.length > index.columns.length || (other.unique && other !== index)) &&
        index.columns.every((column, at) => other.columns[at] === column),
    );
  const superfluous = new Set(
    btrees.filter((index) => !index.unique && isCovered(index)).map(({ name }) => name),
  );
  return new Map([...found].filter(([name]) => !superfluous.has(name)));
}

function isText(type: string): boolean {
  return type === 'text' || type.startsWith('varchar');
}

function isReference(field: FieldModel): boolean {
  return field.type === 'reference';
}

function addListIndexes(model: Model, entity: EntityModel, indexes: Indexes): void {
  if (entity.parent) {
    const parent = columnOf(entity, entity.parent.field)?.column;
    const position = columnOf(entity, 'position')?.column;
    if (parent && position) indexes.add(entity.table, [parent.name, position.name]);
    return;
  }
  const sorted = sortColumn(entity, entity.sort);
  if (sorted) {
    indexes.add(entity.table, [sorted, 'id']);
    for (const scope of ['owner', 'unit']) {
      const column = columnOf(entity, scope)?.column;
      if (column) indexes.add(entity.table, [column.name, sorted, 'id']);
    }
  }
  for (const view of model.views.values()) {
    if (view.entity !== entity.name) continue;
    const viewSorted = view.sort === undefined ? undefined : sortColumn(entity, view.sort);
    if (viewSorted) indexes.add(entity.table, [viewSorted, 'id']);
    for (const name of [...Object.keys(view.filters ?? {}), ...Object.keys(view.filter ?? {})]) {
      const field = columnOf(entity, name);
      if (!field || isLongText(field)) continue;
      // In the order of the list: without it, a page of a popular value is found by sorting all its rows.
      const order = viewSorted ?? sorted;
      if (order && isScalar(field) && field.column?.table === entity.table && field.column.name !== order)
        indexes.add(entity.table, [field.column.name, order, 'id']);
      else indexes.field(field);
    }
  }
}

function isScalar({ column }: FieldModel): boolean {
  return column !== null && !column.type.endsWith('[]') && column.type !== 'jsonb';
}

/** A btree entry must fit a third of a page. */
function isLongText(field: FieldModel): boolean {
  return field.column?.type === 'text' && field.type !== 'choice';
}

/** Column of the first sort key, when it lies in the main table and can carry a btree. */
function sortColumn(entity: EntityModel, sort: string): string | undefined {
  const field = columnOf(entity, (sort.split(',')[0] ?? '').trim().replace(/^-/, ''));
  if (!field?.column || field.column.table !== entity.table || isLongText(field)) return undefined;
  return field.column.type.endsWith('[]') || field.column.type === 'jsonb' ? undefined : field.column.name;
}
