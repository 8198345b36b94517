import type { FieldModel, Model } from '../model.ts';
import { LIVENESS, nodeKey } from './derived-node.ts';
import { pathsOf } from './derived-fields.ts';

/**
 * The calculated fields that read one of `fields`, at once or over others.
 * @param fields keys, `entity.field`
 * @returns keys
 */
export function readersOf(model: Model, fields: ReadonlySet<string>): ReadonlySet<string> {
  if (fields.size === 0) return fields;
  const reads = new Map<string, readonly string[]>();
  for (const entity of model.entities.values())
    for (const field of entity.fields.values()) {
      const keys = keysReadBy(model, field);
      if (keys.length > 0) reads.set(nodeKey(entity.name, field.name), keys);
    }
  const readers = new Set<string>();
  for (let grown = true; grown;) {
    grown = false;
    for (const [key, keys] of reads) {
      if (readers.has(key) || !keys.some((each) => fields.has(each) || readers.has(each))) continue;
      readers.add(key);
      grown = true;
    }
  }
  return readers;
}

function keysReadBy(model: Model, { entity, def: { compute, rollup } }: FieldModel): string[] {
  if (rollup !== undefined) {
    const names = [rollup.by, ...LIVENESS, ...(rollup.field === undefined ? [] : [rollup.field])];
    const paths = [...names.map((name) => [name]), ...pathsOf(rollup.where ?? 'true')];
    return paths.flatMap((path) => keysOnPath(model, rollup.entity, path));
  }
  if (typeof compute !== 'string') return [];
  return pathsOf(compute).flatMap((path) => keysOnPath(model, entity, path));
}

/** The fields along a path: the first of the entity itself, the further ones over what it refers to. */
function keysOnPath(model: Model, entity: string, [first, ...rest]: readonly string[]): string[] {
  if (first === undefined) return [];
  if (first === 'old') return keysOnPath(model, entity, rest);
  const target = model.entities.get(entity)?.fields.get(first)?.def['entity'];
  const further = typeof target === 'string' ? keysOnPath(model, target, rest) : [];
  return [nodeKey(entity, first), ...further];
}
