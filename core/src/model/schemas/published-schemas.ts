import type { FieldType, JsonSchema } from '../../fields/field-type.ts';
import type { DocumentKind } from '../documents.ts';
import { dictionarySchema } from './dictionary-schema.ts';
import { entitySchema } from './entity-schema.ts';
import { formSchema } from './form-schema.ts';
import { menuSchema } from './menu-schema.ts';
import { pluginSchema } from './plugin-schema.ts';
import { roleSchema } from './role-schema.ts';
import { ruleSchema } from './rule-schema.ts';
import { settingsSchema } from './settings-schema.ts';
import { templateSchema } from './template-schema.ts';
import { viewSchema } from './view-schema.ts';
import { workflowSchema } from './workflow-schema.ts';

/** Everything that has a published schema: the document kinds and the manifest of a plugin. */
export type SchemaName = DocumentKind | 'plugin';

const BUILDERS: Readonly<Record<SchemaName, (types: readonly FieldType[]) => JsonSchema>> = {
  entity: entitySchema,
  dictionary: dictionarySchema,
  form: formSchema,
  view: viewSchema,
  menu: menuSchema,
  role: roleSchema,
  template: templateSchema,
  workflow: workflowSchema,
  rule: ruleSchema,
  settings: settingsSchema,
  plugin: pluginSchema,
};

/** The names of all published schemas. */
export const SCHEMA_NAMES = Object.keys(BUILDERS) as SchemaName[];

/** One published schema (ENG-01), with the field types that documents may use. */
export function publishedSchema(name: SchemaName, types: readonly FieldType[]): JsonSchema {
  return BUILDERS[name](types);
}
