import { isRetype } from './column-types.ts';
import type { FieldDocument } from './documents.ts';
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
  /** Where the field lay before it was given another type. Kept with its data, so that the change can be taken back. */
  readonly former?: FormerPlace;
  /** How its values had been converted when the field left the column to which it has now gone back. */
  readonly returned?: unknown;
  /** The column, or the table when there is none, is gone for good. Its name is still never given again. */
  readonly purged?: true;
}

/** A column that a field has left for one of another type in the same table. */
interface FormerPlace {
  readonly column: string;
  readonly type: string;
  /** What the field was. */
  readonly def: FieldDocument;
  /** How its values were converted where they could not be by themselves; plain JSON, see `Mending`. */
  readonly mending?: unknown;
  readonly former?: FormerPlace;
}

/** The columns of a place that are there: its own and those it has left. */
export function columnsOf(place: Place): readonly { readonly column: string; readonly type: string }[] {
  if (place.purged) return [];
  const found: { column: string; type: string }[] = [];
  if (place.column !== undefined && place.type !== undefined)
    found.push({ column: place.column, type: place.type });
  for (let { former } = place; former; former = former.former) found.push(former);
  return found;
}

/** All places ever given, live and dead (`customer.name~name`), as stored with the model version. */
export type Allocation = Readonly<Record<string, Place>>;

/** The effective attributes that the field of a key (`customer.name`) had before the change. */
export type PreviousField = (key: string) => FieldDocument | undefined;

/** PostgreSQL's limit for identifiers. */
const IDENTIFIER_LIMIT = 63;

/** What gives out places. */
export type Places = Pick<Allocator, 'table' | 'column'>;

/** Gives out places while a model is compiled; starts from the stored ones. */
export class Allocator {
  readonly #places: Map<string, Place>;
  readonly #usedColumns = new Set<string>();
  readonly #usedTables = new Set<string>();
  readonly #seen = new Set<string>();
  readonly #previous: PreviousField;

  /** @param previous what a field was before the change; without it no field is taken to have another type */
  constructor(stored: Allocation, previous: PreviousField = () => undefined) {
    this.#previous = previous;
    this.#places = new Map(Object.entries(stored));
    for (const place of this.#places.values()) {
      this.#usedTables.add(place.table);
      if (place.column) this.#usedColumns.add(`${place.table}.${place.column}`);
      for (const { column } of columnsOf(place)) this.#usedColumns.add(`${place.table}.${column}`);
    }
  }

  /** The table of an entity or of its part. */
  table(key: string, wanted: string, layer: LayerName): string {
    this.#seen.add(key);
    const known = this.#places.get(key);
    if (known && !known.purged) return known.table;
    if (known) this.#places.set(`${key}~${known.table}`, known);
    const table = firstFree(wanted, (name) => this.#usedTables.has(name));
    this.#usedTables.add(table);
    this.#places.set(key, { table, layer });
    return table;
  }

  /**
   * The column of a field. `formerKey` is the key it had before a rename; its place moves along with the data.
   * A stored type is updated: whether the table can follow is the planner's decision. A site's field of another kind
   * than before gets another column, or goes back to the one it had when it was of that kind.
   */
  column(
    key: string,
    table: string,
    wanted: string,
    type: string,
    layer: LayerName,
    def: FieldDocument,
    formerKey?: string,
  ): string {
    this.#seen.add(key);
    const known = this.#places.get(key) ?? (formerKey ? this.#places.get(formerKey) : undefined);
    if (known?.column && known.table === table && !known.purged) {
      const previous = this.#previous(key) ?? (formerKey ? this.#previous(formerKey) : undefined);
      if (formerKey && !this.#places.has(key)) this.#places.delete(formerKey);
      const place = layer === 'site' ? this.#retyped(known, previous, wanted, { def, type }) : known;
      // A place that stays as it is stays the same object, by which a plan passes it over.
      this.#places.set(key, place.type === type ? place : { ...place, type });
      return place.column ?? known.column;
    }
    // A field that moves to another table leaves its column behind, which must not be given out again.
    if (known?.column) this.#places.set(`${key}~${known.table}.${known.column}`, known);
    const column = firstFree(wanted, (name) => this.#usedColumns.has(`${table}.${name}`));
    this.#usedColumns.add(`${table}.${column}`);
    this.#places.set(key, { table, column, type, layer });
    return column;
  }

  #retyped(
    known: Place,
    previous: FieldDocument | undefined,
    wanted: string,
    next: { readonly def: FieldDocument; readonly type: string },
  ): Place {
    const { table, column, type, former } = known;
    if (!previous || !column || !type || !isRetype({ def: previous, type }, next)) return known;
    const left: FormerPlace = { column, type, def: previous };
    const { returned: _returned, ...rest } = known;
    if (former && !isRetype(former, next)) {
      const older = former.former ? { former: former.former } : {};
      const returned = former.mending ?? {};
      return { ...rest, column: former.column, former: { ...left, ...older }, returned };
    }
    const fresh = firstFree(wanted, (name) => this.#usedColumns.has(`${table}.${name}`));
    this.#usedColumns.add(`${table}.${fresh}`);
    return { ...rest, column: fresh, former: former ? { ...left, former } : left };
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
