import type { Fault } from '../../errors/problem.ts';
import type { CheckScope } from '../check-scope.ts';
import { docFault } from '../doc-fault.ts';
import type { EntityDocument, FieldDocument } from '../documents.ts';
import { documentKey, type EffectiveDocument } from '../model.ts';
import { pointer } from '../pointer.ts';
import { pathsOf } from './derived-fields.ts';

interface Calculated {
  readonly entity: string;
  readonly name: string;
  readonly attribute: 'compute' | 'rollup';
  readonly reads: readonly string[];
}

/** Calculated fields of all entities that need themselves, over whatever other fields: each with the way in words. */
export function checkCircles(documents: Iterable<EffectiveDocument>, scope: CheckScope): Fault[] {
  const calculated = new Map<string, Calculated>();
  for (const { kind, name, document } of documents) {
    if (kind !== 'entity' || (document as EntityDocument).retired === true) continue;
    for (const [field, def] of Object.entries(scope.fields(name))) {
      const attribute = def.rollup !== undefined ? 'rollup' : def.compute !== undefined ? 'compute' : null;
      if (attribute !== null)
        calculated.set(`${name}.${field}`, {
          entity: name,
          name: field,
          attribute,
          reads: readsOf(name, def, scope),
        });
    }
  }
  const label = (key: string): { zh: string; en: string } => {
    const { entity, name } = calculated.get(key)!;
    const [of, field] = [scope.get('entity', entity)!.label, scope.fields(entity)[name]!.label];
    return { zh: `${of['zh-CN']}.${field['zh-CN']}`, en: `${of.en}.${field.en}` };
  };
  return [...calculated].flatMap(([key, { entity, name, attribute }]) => {
    const circle = circleOf(key, calculated);
    if (circle === null) return [];
    const words = circle.map(label);
    return [
      docFault(
        `${documentKey('entity', entity)}#${pointer('/properties', name)}/${attribute}`,
        'MRT_DOC_CYCLE',
        `计算成环:${words.map(({ zh }) => zh).join(' → ')}`,
        `the calculation is circular: ${words.map(({ en }) => en).join(' → ')}`,
      ),
    ];
  });
}

/** Keys of all fields that a calculated field reads, of whatever entity. */
function readsOf(entity: string, def: FieldDocument, scope: CheckScope): string[] {
  if (def.rollup !== undefined) {
    const { rollup } = def;
    const names = [rollup.field, ...pathsOf(rollup.where ?? 'true').map(([first]) => first)];
    return names.flatMap((name) => (name === undefined ? [] : [`${rollup.entity}.${name}`]));
  }
  return pathsOf(String(def.compute)).flatMap((path) => {
    // The value before the change does not depend on the one after it.
    if (path[0] === 'old' && path.length > 1) return [];
    const [first = '', second] = path;
    const own = scope.fields(entity)[first];
    const over =
      second !== undefined && own?.field === 'reference' ? [`${String(own.entity)}.${second}`] : [];
    return [`${entity}.${first}`, ...over];
  });
}

/** The shortest way from a field back to itself, both ends included; null when there is none. */
function circleOf(start: string, calculated: ReadonlyMap<string, Calculated>): string[] | null {
  const cameFrom = new Map<string, string>();
  let edge = [start];
  while (edge.length > 0) {
    const next: string[] = [];
    for (const key of edge) {
      for (const read of calculated.get(key)?.reads ?? []) {
        if (read === start) return [...wayTo(key, start, cameFrom), start];
        if (cameFrom.has(read) || !calculated.has(read)) continue;
        cameFrom.set(read, key);
        next.push(read);
      }
    }
    edge = next;
  }
  return null;
}

function wayTo(end: string, start: string, cameFrom: ReadonlyMap<string, string>): string[] {
  const way = [end];
  while (way[0] !== start) way.unshift(cameFrom.get(way[0]!)!);
  return way;
}
