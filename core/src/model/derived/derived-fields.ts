import { ExpressionError, parseExpression, type SyntaxNode } from '../../expression/index.ts';
import { plainField } from '../../fields/registry.ts';
import type { EntityDocument, FieldDocument } from '../documents.ts';
import { systemFields } from '../system-fields.ts';

/** The part of an entity that holds its derived fields; no document can name it. */
export const DERIVED_PART = '@derived';

const EMPTY: ReadonlySet<string> = new Set();
const KNOWN = new WeakMap<EntityDocument, ReadonlySet<string>>();

/**
 * The fields of an entity whose values follow other records: roll-ups, computed fields that read over a reference, and
 * computed fields that read one of these. They are kept by the platform (records/derived), beside the record and not
 * in it: a write of another record must not wait for, or be waited for by, somebody who edits this one.
 */
export function derivedFields(document: EntityDocument): ReadonlySet<string> {
  let derived = KNOWN.get(document);
  if (!derived) KNOWN.set(document, (derived = find(document)));
  return derived;
}

/** Every path that an expression reads, as written; nothing for one that cannot be read. */
export function pathsOf(source: string): readonly (readonly string[])[] {
  try {
    const paths: (readonly string[])[] = [];
    walk(parseExpression(source).ast, (node) => {
      if (node.kind === 'path') paths.push(node.path);
    });
    return paths;
  } catch (error) {
    if (error instanceof ExpressionError) return [];
    throw error;
  }
}

/** Calls `visit` for each node of a tree, parents first. */
export function walk(node: SyntaxNode, visit: (node: SyntaxNode) => void): void {
  visit(node);
  const below = node.kind === 'call' ? node.args : node.kind === 'list' ? node.items : [];
  for (const each of below) walk(each, visit);
}

function find(document: EntityDocument): ReadonlySet<string> {
  const properties = Object.entries(document.properties);
  if (!properties.some(([, def]) => def.compute !== undefined || def.rollup !== undefined)) return EMPTY;
  const system = systemFields(document);
  const isReference = (name: string): boolean => {
    const def: Partial<FieldDocument> | undefined = Object.hasOwn(document.properties, name)
      ? { ...system[name]?.def, ...document.properties[name] }
      : system[name]?.def;
    return def?.field !== undefined && plainField(def as FieldDocument).field === 'reference';
  };
  const reads = new Map<string, readonly (readonly string[])[]>();
  const derived = new Set<string>();
  for (const [name, def] of properties) {
    if (system[name]) continue;
    if (def.rollup !== undefined) derived.add(name);
    if (typeof def.compute !== 'string') continue;
    const paths = pathsOf(def.compute).map((path) => (path[0] === 'old' ? path.slice(1) : path));
    reads.set(name, paths);
    if (paths.some(([first = '', ...rest]) => rest.length > 0 && isReference(first))) derived.add(name);
  }
  for (let grown = true; grown;) {
    grown = false;
    for (const [name, paths] of reads) {
      if (derived.has(name) || !paths.some(([first = '']) => derived.has(first))) continue;
      derived.add(name);
      grown = true;
    }
  }
  return derived;
}
