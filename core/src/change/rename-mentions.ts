import type { AnyDocument, EntityDocument, FieldDocument, TemplateDocument } from '../model/documents.ts';
import { systemFields } from '../model/system-fields.ts';
import { documentKey, type EffectiveDocument } from '../model/model.ts';
import type { Snapshot } from './prepare-change.ts';
import { renamedTags } from './rename-tags.ts';
import type { Overlay, Overlays } from './stored-state.ts';

/** Attributes that hold an expression. */
const EXPRESSIONS: ReadonlySet<string> = new Set([
  'visibleWhen',
  'requiredWhen',
  'readOnlyWhen',
  'compute',
  'when',
  'expr',
  'initialFrom',
]);
/** Attributes that name a field, a list of them (`-name,code`) or hold them as keys. */
const NAMES: ReadonlySet<string> = new Set(['after', 'at', 'display', 'parent', 'sort', 'field']);
const KEYED: ReadonlySet<string> = new Set([
  'fields',
  'columns',
  'filters',
  'identify',
  'filter',
  '$and',
  '$or',
  '$not',
]);

/**
 * Writes the new name of renamed fields wherever the site's documents mention the old one: forms, lists and their
 * filters, roles, templates with their bodies, conditions and calculations, also those that reach it over a reference. A field
 * that can be renamed is the site's own, so no lower layer mentions it.
 */
export function renameMentions(current: Snapshot, overlays: Overlays): Overlays {
  return mentionsRenamed(overlays, newRenames(current, overlays), current.model.documents);
}

/**
 * The site's documents with new names of fields.
 * @param documents effective documents, which tell the entity of a form or list that the site only extends
 */
export function mentionsRenamed(
  overlays: Overlays,
  renames: ReadonlyMap<string, Renames>,
  documents: ReadonlyMap<string, EffectiveDocument>,
): Overlays {
  if (renames.size === 0) return overlays;
  return new Map(
    [...overlays].map(([key, overlay]): [string, Overlay] => {
      const effective = documents.get(key)?.document ?? overlay.document;
      const of =
        overlay.kind === 'entity' ? overlay.name : 'entity' in effective ? effective.entity : undefined;
      const own = of === undefined ? null : renamesSeenFrom(of, renames, documents);
      const document =
        overlay.kind === 'role'
          ? roleWith(overlay.document, renames)
          : own
            ? bodyRenamed(overlay.kind, rewritten(overlay.document, own), own)
            : overlay.document;
      return [key, { ...overlay, document: withBy(document, renames) as AnyDocument }];
    }),
  );
}

/** Old name → new name; a path over a reference (`customer.wechat`) has one of its own. */
type Renames = ReadonlyMap<string, string>;

/** The renamed fields as documents of an entity name them: its own, and those one reference away. */
function renamesSeenFrom(
  entity: string,
  renames: ReadonlyMap<string, Renames>,
  documents: ReadonlyMap<string, EffectiveDocument>,
): Renames | null {
  const seen = new Map(renames.get(entity));
  const document = documents.get(documentKey('entity', entity))?.document as EntityDocument | undefined;
  if (document) {
    const fields = { ...systemDefinitions(document), ...document.properties };
    for (const [name, def] of Object.entries(fields))
      if (def.field === 'reference')
        for (const [old, fresh] of renames.get(String(def['entity'])) ?? [])
          seen.set(`${name}.${old}`, `${name}.${fresh}`);
  }
  return seen.size > 0 ? seen : null;
}

function systemDefinitions(document: EntityDocument): Readonly<Record<string, FieldDocument>> {
  return Object.fromEntries(Object.entries(systemFields(document)).map(([name, { def }]) => [name, def]));
}

/** The printed text of a template of the site names fields in its tags. */
function bodyRenamed(kind: string, document: unknown, renames: Renames): unknown {
  if (kind !== 'template') return document;
  const { body, sources } = document as Partial<TemplateDocument>;
  if (typeof body !== 'string') return document;
  return { ...(document as object), body: renamedTags(body, renames, new Set(Object.keys(sources ?? {}))) };
}

/** Entity → old name → new name, for fields that are renamed by this change. */
function newRenames(current: Snapshot, overlays: Overlays): ReadonlyMap<string, Renames> {
  const found = new Map<string, Renames>();
  for (const { kind, name, document } of overlays.values()) {
    if (kind !== 'entity') continue;
    const live = current.model.documents.get(documentKey('entity', name))?.document as
      | EntityDocument
      | undefined;
    const renames = Object.entries((document as Partial<EntityDocument>).properties ?? {}).flatMap(
      ([field, def]): [string, string][] =>
        typeof def?.renamedFrom === 'string' && live?.properties[def.renamedFrom] && !live.properties[field]
          ? [[def.renamedFrom, field]]
          : [],
    );
    if (renames.length > 0) found.set(name, new Map(renames));
  }
  return found;
}

function roleWith(document: AnyDocument, renames: ReadonlyMap<string, Renames>): unknown {
  const role = document as { grants?: Readonly<Record<string, { entity?: string } | null>> };
  if (!role.grants) return document;
  const grants = Object.entries(role.grants).map(([name, grant]) => {
    const own = renames.get(grant?.entity ?? name);
    return [name, own ? rewritten(grant, own) : grant];
  });
  return { ...document, grants: Object.fromEntries(grants) };
}

function rewritten(value: unknown, renames: Renames, key = ''): unknown {
  if (typeof value === 'string') {
    if (EXPRESSIONS.has(key)) return renamedExpression(value, renames);
    return NAMES.has(key)
      ? value
          .split(',')
          .map((name) => renamedPath(name, renames))
          .join(',')
      : value;
  }
  if (Array.isArray(value)) return value.map((item) => rewritten(item, renames, key));
  // What names an entity and how its records belong here speaks of that entity: see `withBy`.
  if (typeof value !== 'object' || value === null || 'by' in value) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      KEYED.has(key) ? renamedPath(name, renames) : name,
      // `renamedFrom` itself and the definitions' own attributes (`field: "text"`) are no mentions.
      key === 'properties' ? definition(inner, renames) : rewritten(inner, renames, name),
    ]),
  );
}

/** Tables and roll-ups of other entities: `{ "entity": …, "by": …, "field": …, "where": … }`, all fields of that entity. */
function withBy(value: unknown, renames: ReadonlyMap<string, Renames>): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const { entity, by } = value as { entity?: unknown; by?: unknown };
  const own = typeof entity === 'string' && typeof by === 'string' ? renames.get(entity) : undefined;
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => {
      if (!own || typeof each !== 'string') return [name, withBy(each, renames)];
      if (name === 'by' || name === 'field') return [name, own.get(each) ?? each];
      return [name, name === 'where' ? renamedExpression(each, own) : each];
    }),
  );
}

/** A field's definition: its `field` is its type, its `sort` may be another entity's. */
function definition(value: unknown, renames: Renames): unknown {
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name,
      name === 'field' || name === 'sort' ? inner : rewritten(inner, renames, name),
    ]),
  );
}

/** `-name`, `name`, `customer.name`. */
function renamedPath(path: string, renames: Renames): string {
  const [, sign = '', first = '', second = '', rest = ''] =
    /^(-?)([^.]*)(?:\.([^.]*))?(.*)$/.exec(path.trim()) ?? [];
  return `${sign}${renamedSteps(first, second, renames)}${rest}`;
}

/** The first steps of a path under their new names; the second belongs to the entity that the first leads to. */
function renamedSteps(first: string, second: string, renames: Renames): string {
  const far = second === '' ? undefined : renames.get(`${first}.${second}`)?.split('.')[1];
  const near = renames.get(first) ?? first;
  return second === '' ? near : `${near}.${far ?? second}`;
}

/** Identifiers outside of quoted texts that begin a path, or follow `old.`; a name before `(` is a function. */
function renamedExpression(text: string, renames: Renames): string {
  return text.replace(
    /'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"|(?<![\w.])(old\.)?([A-Za-z_]\w*)(?:\.([A-Za-z_]\w*)(?!\w|\s*\())?(?!\w|\s*\()/g,
    (match, old: string | undefined, first: string | undefined, second: string | undefined) =>
      first === undefined ? match : `${old ?? ''}${renamedSteps(first, second ?? '', renames)}`,
  );
}
