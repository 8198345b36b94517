/**
 * Writes docs/documents.md, the reference of the document kinds, from core/schemas:
 * `node docs/write-reference.ts`. A test holds the file against a rebuild.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { FIELD_RULES } from '../core/src/model/merge-rules.ts';

interface Schema {
  readonly title?: string;
  readonly description?: string;
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly default?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxLength?: number;
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, Schema>>;
}

const FOLDERS = {
  entity: 'metadata/entities',
  dictionary: 'metadata/dictionaries',
  form: 'metadata/forms',
  view: 'metadata/views',
  menu: 'metadata/menus',
  role: 'metadata/roles',
  template: 'templates',
  workflow: 'metadata/workflows',
  rule: 'metadata/rules',
  settings: 'metadata/settings',
  plugin: 'plugins/<name>/plugin.json',
} as const;

const FIELD = /^(\w+)Field$/;

function read(kind: string): Schema {
  return JSON.parse(
    readFileSync(new URL(`../core/schemas/${kind}.schema.json`, import.meta.url), 'utf8'),
  ) as Schema;
}

/** Descriptions in the schemas are in both languages; the reference is in English. */
function english(text: string | undefined): string {
  return (text?.split(' / ').at(-1) ?? '').replaceAll('|', '\\|').replaceAll('\n', ' ');
}

function resolve(schema: Schema, root: Schema): Schema {
  if (schema.$ref === undefined) return schema;
  let found: unknown = root;
  for (const part of schema.$ref.slice(2).split('/')) found = (found as Record<string, unknown>)[part];
  const { $ref: _, ...beside } = schema;
  return { ...resolve(found as Schema, root), ...beside };
}

function defOf(schema: Schema): string | undefined {
  return /^#\/\$defs\/(\w+)$/.exec(schema.$ref ?? '')?.[1];
}

function typeOf(schema: Schema, root: Schema): string {
  const def = defOf(schema);
  if (def === 'localeText') return 'text in both languages';
  if (def === 'field') return 'field';
  if (def === 'override') return 'override of a system field';
  if (def !== undefined) return `[${def}](#${def})`;
  const own = resolve(schema, root);
  if (own.properties?.['is_void']) return 'map of [field](#fields); fields of the system may be relabelled';
  if (own.const !== undefined) return `\`${JSON.stringify(own.const)}\``;
  if (own.enum) return own.enum.map((each) => `\`${JSON.stringify(each)}\``).join(', ');
  const choices = own.anyOf ?? own.oneOf;
  if (choices) return choices.map((each) => typeOf(each, root)).join(' or ');
  const type = [own.type ?? 'any'].flat().join(' or ');
  if (type === 'array') return own.items ? `list of ${typeOf(own.items, root)}` : 'list';
  if (type !== 'object') return type + limits(own);
  if (own.properties)
    return `object: ${Object.keys(own.properties)
      .map((key) => `\`${key}\``)
      .join(', ')}`;
  if (typeof own.additionalProperties === 'object')
    return own.additionalProperties.const === true
      ? 'names, each `true`'
      : `map of ${typeOf(own.additionalProperties, root)}`;
  return 'object';
}

function limits({ minimum, maximum, maxLength }: Schema): string {
  if (minimum !== undefined || maximum !== undefined) return ` ${minimum ?? ''}…${maximum ?? ''}`;
  return maxLength === undefined ? '' : `, at most ${maxLength}`;
}

/** A table of the properties of one schema. `rules` adds how a higher layer may change them. */
function table(schema: Schema, root: Schema, rules?: Readonly<Record<string, string>>): string {
  const required = new Set(schema.required);
  const rows = flattened(schema.properties ?? {}, root).map(([name, each]) => {
    const cells = [
      `\`${name}\``,
      `${typeOf(each, root)}`.replaceAll('|', '\\|'),
      required.has(name) ? 'yes' : '',
      ...(rules ? [rules[name] ?? 'locked'] : []),
      english(resolve(each, root).description ?? resolve(each, root).title),
    ];
    return `| ${cells.join(' | ')} |`;
  });
  const heads = ['Attribute', 'Value', 'Needed', ...(rules ? ['Higher layers'] : []), 'Meaning'];
  return [`| ${heads.join(' | ')} |`, `|${heads.map(() => '---').join('|')}|`, ...rows].join('\n');
}

/** The entries of small objects within follow their map as `rules.<name>.when`. */
function flattened(properties: Readonly<Record<string, Schema>>, root: Schema): readonly [string, Schema][] {
  return Object.entries(properties).flatMap(([name, each]): [string, Schema][] => {
    if (name === '$schema') return [];
    const entry = each.additionalProperties;
    if (typeof entry !== 'object' || defOf(entry) !== undefined) return [[name, each]];
    const inner = Object.entries(resolve(entry, root).properties ?? {});
    return [[name, each], ...inner.map(([key, value]): [string, Schema] => [`${name}.<name>.${key}`, value])];
  });
}

function without(schema: Schema, names: readonly string[]): Schema {
  const left = Object.entries(schema.properties ?? {}).filter(([name]) => !names.includes(name));
  return { ...schema, properties: Object.fromEntries(left) };
}

function kindSection(kind: keyof typeof FOLDERS): string {
  const root = read(kind);
  const document = root.$defs?.['document'] ?? root;
  const parts = [
    `## ${kind}`,
    `${english(root.description ?? root.title)}. Place: \`${FOLDERS[kind]}\`. Schema: [${kind}.schema.json](../core/schemas/${kind}.schema.json).`,
    table(document, root),
  ];
  for (const [name, schema] of Object.entries(root.$defs ?? {})) {
    const inner = ['document', 'extension', 'localeText', 'common', 'field', 'override'];
    if (inner.includes(name) || name.endsWith('Overlay') || FIELD.test(name)) continue;
    parts.push(`### ${name}`, table(schema, root));
  }
  if (kind === 'entity') parts.push(fieldSections(root));
  return parts.join('\n\n');
}

function fieldSections(root: Schema): string {
  const common = root.$defs?.['common'] ?? {};
  const shared = Object.keys(common.properties ?? {});
  const parts = [
    '## Fields',
    'Every field names its type in `field` and has a `label`. All types understand these attributes:',
    table({ ...common, required: ['label'] }, root, FIELD_RULES),
    '“Higher layers” is what a plugin may do to a field of the base, and a site to both: `replace` it, only `tighten` it, `extend` it, or nothing (`locked`).',
  ];
  for (const [name, schema] of Object.entries(root.$defs ?? {})) {
    const type = FIELD.exec(name)?.[1];
    if (type === undefined) continue;
    const own = without(schema, ['field', ...shared]);
    const title = `### ${type}\n\n${english(schema.title)}.`;
    parts.push(
      Object.keys(own.properties ?? {}).length === 0
        ? `${title} No attributes of its own.`
        : `${title}\n\n${table(own, root, FIELD_RULES)}`,
    );
  }
  return parts.join('\n\n');
}

const HEAD = `<!-- Written by docs/write-reference.ts from core/schemas. Do not edit. -->

# Reference of the documents

Everything an installation is made of stands in JSON documents. This page lists their kinds and attributes.
How the layers base → plugins → site merge is told in [Layers merge by rule](decisions/0002-layers-merge-by-rule.md),
expressions in [Expressions](expressions.md).

- A file bears the name of its document: \`customer.json\`, \`customer.default.json\`.
- Names are in snake case, at most 40 characters. Forms, views and templates are named \`<entity>.<name>\`.
- “Text in both languages” is \`{ "zh-CN": "…", "en": "…" }\`.
- A document with \`"extends": true\` adds to one of a lower layer: any attribute may be missing, and \`null\` takes one away.
- Maps keep their order. An entry with \`after\` stands behind the entry it names.

Kinds: ${Object.keys(FOLDERS)
  .map((kind) => `[${kind}](#${kind})`)
  .join(', ')}.`;

/** The whole reference as Markdown. */
export function reference(): string {
  const kinds = Object.keys(FOLDERS) as (keyof typeof FOLDERS)[];
  return `${[HEAD, ...kinds.map(kindSection)].join('\n\n')}\n`;
}

if (import.meta.main) writeFileSync(new URL('documents.md', import.meta.url), reference());
