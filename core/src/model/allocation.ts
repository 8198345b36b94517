import type { LayerName } from './model.ts';

/**
 * The physical place of an entity, a part or a field. Keys are `customer`, `customer/ext` and `customer.name`.
 * A place is allocated once and never given to anything else, so that a field added later under an old name can
 * never show another field's data.
 */
export interface Place {
  readonly table: string;
  readonly column?: string;
  readonly type?: string;
  /** Layer that introduced it. A plugin's place waits for the plugin to return; a site field's place dies with it. */
  readonly layer: LayerName;
}

/** All places ever given, live and dead (`customer.name~name`), as stored with the model version. */
export type Allocation = Readonly<Record<string, Place>>;

/** PostgreSQL's limit for identifiers. */
const IDENTIFIER_LIMIT = 63;

/** Gives out places while a model is compiled; starts from the stored ones. */
export class Allocator {
  readonly #places: Map<string, Place>;
  readonly #usedColumns = new Set<string>();
  readonly #usedTables = new Set<string>();
  readonly #seen = new Set<string>();

  constructor(stored: Allocation) {
    this.#places = new Map(Object.entries(stored));
    for (const place of this.#places.values()) {
      this.#usedTables.add(place.table);
      if (place.column) this.#usedColumns.add(`${place.table}.${place.column}`);
    }
  }

  /** The table of an entity or of its part. */
  table(key: string, wanted: string, layer: LayerName): string {
    this.#seen.add(key);
    const known = this.#places.get(key);
    if (known) return known.table;
    const table = firstFree(wanted, (name) => this.#usedTables.has(name));
    this.#usedTables.add(table);
    this.#places.set(key, { table, layer });
    return table;
  }

  /**
   * The column of a field. `formerKey` is the key it had before a rename; its place moves along with the data.
   * A stored type is updated: whether the table can follow is the planner's decision.
   */
  column(
    key: string,
    table: string,
    wanted: string,
    type: string,
    layer: LayerName,
    formerKey?: string,
  ): string {
    this.#seen.add(key);
    const known = this.#places.get(key) ?? (formerKey ? this.#places.get(formerKey) : undefined);
    if (known?.column && known.table === table) {
      if (formerKey && !this.#places.has(key)) this.#places.delete(formerKey);
      this.#places.set(key, { ...known, type });
      return known.column;
    }
    const column = firstFree(wanted, (name) => this.#usedColumns.has(`${table}.${name}`));
    this.#usedColumns.add(`${table}.${column}`);
    this.#places.set(key, { table, column, type, layer });
    return column;
  }

  /** The places after compiling. Those of site fields that are gone are marked dead, so that they are not reused. */
  finish(): Allocation {
    const result: Record<string, Place> = {};
    for (const [key, place] of this.#places) {
      const dead = place.layer === 'site' && !this.#seen.has(key) && !key.includes('~') && place.column;
      result[dead ? `${key}~${place.column}` : key] = place;
    }
    return result;
  }
}

function firstFree(wanted: string, isUsed: (name: string) => boolean): string {
  const base = wanted.slice(0, IDENTIFIER_LIMIT - 4);
  for (let n = 1; ; n += 1) {
    const name = n === 1 ? base : `${base}__${n}`;
    if (!isUsed(name)) return name;
  }
}
