import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type {
  DictionaryDocument,
  EntityDocument,
  FieldDocument,
  FormDocument,
  RoleDocument,
} from '../../core/src/model/documents.ts';
import { systemFields } from '../../core/src/model/system-fields.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** The `metadata` folders of the base and of every plugin, the base first. */
function metadataFolders(): readonly string[] {
  const plugins = readdirSync(join(ROOT, 'plugins'))
    .sort()
    .map((name) => join(ROOT, 'plugins', name, 'metadata'));
  return [join(ROOT, 'metadata'), ...plugins.filter((folder) => existsSync(folder))];
}

type Tree = { readonly [key: string]: unknown };
const isTree = (value: unknown): value is Tree =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Lays a document over the one it extends: maps unite, everything else is replaced. */
function lay(over: Tree, below: Tree): Tree {
  const result: Record<string, unknown> = { ...below };
  for (const [key, value] of Object.entries(over)) {
    const under = result[key];
    result[key] = isTree(value) && isTree(under) ? lay(value, under) : value;
  }
  return result;
}

/** Reads the documents of one folder straight from the files, so that the product's own loader cannot hide a fault. */
function read<D>(folder: string): ReadonlyMap<string, D> {
  const found = new Map<string, Tree>();
  for (const metadata of metadataFolders()) {
    const path = join(metadata, folder);
    if (!existsSync(path)) continue;
    for (const file of readdirSync(path)
      .filter((each) => each.endsWith('.json'))
      .sort()) {
      const document = JSON.parse(readFileSync(join(path, file), 'utf8')) as Tree & { name: string };
      found.set(document.name, lay(document, found.get(document.name) ?? {}));
    }
  }
  return found as ReadonlyMap<string, unknown> as ReadonlyMap<string, D>;
}

export const entities = read<EntityDocument>('entities');
export const dictionaries = read<DictionaryDocument>('dictionaries');
export const roles = read<RoleDocument>('roles');
export const forms = read<FormDocument>('forms');

/** A field of an entity with what the platform adds, or undefined. */
export function fieldOf(entity: string, name: string): FieldDocument | undefined {
  const document = entities.get(entity);
  if (!document) return undefined;
  const system = systemFields(document)[name]?.def;
  const own = document.properties[name];
  return system || own ? ({ ...system, ...own } as FieldDocument) : undefined;
}

/** Reads a table that was taken from REQUIREMENTS. */
export function requirements<T>(table: string): T {
  return JSON.parse(readFileSync(new URL(`requirements-${table}.json`, import.meta.url), 'utf8')) as T;
}
