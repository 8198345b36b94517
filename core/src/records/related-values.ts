import { quoteName } from '../access/quote-name.ts';
import type { EntityModel, Model } from '../model/model.ts';
import type { Queryable, Row } from '../store/database.ts';
import { calculationsOf } from './calculations.ts';
import { jsonSafe } from './json-safe.ts';
import { targetEntity, typeOfField } from './type-of-field.ts';

/** Reference field → fields of its target. */
type Related = ReadonlyMap<string, ReadonlySet<string>>;

/** A record whose expressions may read over its references. */
export interface Reader {
  readonly entity: EntityModel;
  readonly values: Readonly<Record<string, unknown>>;
}

/** What is asked of the records of one entity. */
interface Wanted {
  readonly fields: Set<string>;
  readonly ids: Set<string>;
}

/**
 * Values of the records that a write's expressions read one reference away, fetched together. Read without a gate:
 * the expression is the administrator's, and so is the decision what flows into the computed field.
 */
export class RelatedValues {
  readonly #model: Model;
  readonly #known = new Map<string, Readonly<Record<string, unknown>>>();

  constructor(model: Model) {
    this.#model = model;
  }

  /** Value of `field` of the record that `reference` leads to. */
  value(entity: EntityModel, reference: string, id: unknown, field: string): unknown {
    const target = targetEntity(entity.fields.get(reference)!) ?? '';
    return this.#known.get(`${target}/${String(id)}`)?.[field] ?? null;
  }

  /** Makes a record in memory readable, e.g. the parent of lines that are not stored yet. */
  put(entity: string, id: string, values: Readonly<Record<string, unknown>>): void {
    this.#known.set(`${entity}/${id}`, values);
  }

  /** Is there nothing to fetch for these records? */
  complete(readers: readonly Reader[]): boolean {
    return this.#wanted(readers).size === 0;
  }

  /**
   * Fetches what is not known yet, in one statement; none when no expression looks over a reference.
   * @param also further references that are looked over, beside those of the entity's own expressions
   */
  async load(tx: Queryable, readers: readonly Reader[], also: readonly Related[] = []): Promise<void> {
    const wanted = this.#wanted(readers, also);
    if (wanted.size === 0) return;
    const values: unknown[] = [];
    const parts = [...wanted].flatMap(([name, { fields, ids }]) => {
      const target = this.#model.entities.get(name);
      if (!target) return [];
      values.push([...ids]);
      return [relatedSql(target, [...fields], values.length)];
    });
    for (const row of await tx.query<Row>({ text: parts.join(' UNION ALL '), values })) {
      this.#keep(String(row['entity']), String(row['id']), row['data'] as Row);
    }
  }

  /** Target entity → the records and fields that are asked for and not known. */
  #wanted(readers: readonly Reader[], also: readonly Related[] = []): Map<string, Wanted> {
    const wanted = new Map<string, Wanted>();
    for (const { entity, values } of readers) {
      const looked = [calculationsOf(this.#model, entity).related, ...also].flatMap((each) => [...each]);
      for (const [reference, fields] of looked) {
        if (!entity.fields.has(reference)) continue;
        const target = targetEntity(entity.fields.get(reference)!);
        const id = values[reference];
        if (target === null || typeof id !== 'string' || this.#known.has(`${target}/${id}`)) continue;
        const entry = wanted.get(target) ?? { fields: new Set(), ids: new Set() };
        wanted.set(target, entry);
        entry.ids.add(id);
        for (const field of fields) entry.fields.add(field);
      }
    }
    return wanted;
  }

  #keep(entity: string, id: string, data: Row): void {
    const target = this.#model.entities.get(entity)!;
    const decoded = Object.entries(data).map(([name, value]): [string, unknown] => {
      const { type, def } = typeOfField(target.fields.get(name)!);
      return [name, value === null ? null : type.fromColumn(value, def)];
    });
    this.#known.set(`${entity}/${id}`, Object.fromEntries(decoded));
  }
}

function relatedSql(target: EntityModel, fields: readonly string[], parameter: number): string {
  const joins = new Map<string, string>();
  const pairs = fields.flatMap((name) => {
    const column = target.fields.get(name)?.column;
    if (!column) return [];
    const alias = column.table === target.table ? 'r' : quoteName(column.table);
    if (alias !== 'r') joins.set(column.table, ` LEFT JOIN ${alias} ON ${alias}.id = r.id`);
    return [`'${name}', ${jsonSafe(`${alias}.${quoteName(column.name)}`, column.type)}`];
  });
  return `SELECT '${target.name}' AS entity, r.id::text AS id, json_build_object(${pairs.join(', ')}) AS data FROM ${quoteName(target.table)} r${[...joins.values()].join('')} WHERE r.id = ANY($${parameter}::uuid[])`;
}
