import { moneyCompanions } from './money-companions.ts';
import type { DefinitionScope } from '../fields/field-type.ts';
import { plainField } from '../fields/registry.ts';
import type {
  DictionaryDocument,
  DocumentByKind,
  DocumentKind,
  EntityDocument,
  FieldDocument,
} from './documents.ts';
import type { EffectiveDocument } from './model.ts';
import { documentKey } from './model.ts';
import { systemFields } from './system-fields.ts';
import type { WorkflowDocument } from './workflow-document.ts';

/** Dictionaries that are not documents: their values are other documents' names. */
const VIRTUAL_DICTIONARIES: ReadonlySet<string> = new Set(['$roles']);

/** Looks documents and fields up while a set of documents is checked, before a model exists. */
export class CheckScope implements DefinitionScope {
  /** The entity whose fields are looked at; set by {@link within}. */
  readonly entity?: string;
  readonly #documents: ReadonlyMap<string, EffectiveDocument>;
  readonly #fields: Map<string, Readonly<Record<string, FieldDocument>>>;

  constructor(
    documents: ReadonlyMap<string, EffectiveDocument>,
    outer?: { readonly of: CheckScope; readonly entity: string },
  ) {
    this.#documents = documents;
    this.#fields = outer ? outer.of.#fields : new Map();
    if (outer) this.entity = outer.entity;
  }

  /** The same scope, seen from inside one entity: field types may then check names of its other fields. */
  within(entity: string): CheckScope {
    return new CheckScope(this.#documents, { of: this, entity });
  }

  get<K extends DocumentKind>(kind: K, name: string): DocumentByKind[K] | undefined {
    return this.#documents.get(documentKey(kind, name))?.document as DocumentByKind[K] | undefined;
  }

  /** All live fields of an entity, those of the platform and the currency companions included. */
  fields(entity: string): Readonly<Record<string, FieldDocument>> {
    const known = this.#fields.get(entity);
    if (known) return known;
    const document = this.get('entity', entity);
    const fields = document ? allFields(document) : {};
    this.#fields.set(entity, fields);
    return fields;
  }

  /** Names of the live entities. */
  entities(): readonly string[] {
    return [...this.#documents.values()]
      .filter(({ kind, name }) => kind === 'entity' && this.hasEntity(name))
      .map(({ name }) => name);
  }

  /** Names of the transitions that somebody or something can ask for on records of an entity. */
  transitions(entity: string): ReadonlySet<string> {
    const names = this.#workflowsOf(entity).flatMap(({ regions }) =>
      Object.values(regions).flatMap(({ transitions }) => Object.keys(transitions)),
    );
    return new Set(names);
  }

  /** Fields of an entity that hold the state of a workflow. */
  stateFields(entity: string): ReadonlySet<string> {
    return new Set(
      this.#workflowsOf(entity).flatMap(({ regions }) => Object.values(regions).map(({ field }) => field)),
    );
  }

  #workflowsOf(entity: string): readonly WorkflowDocument[] {
    return [...this.#documents.values()]
      .filter(({ kind }) => kind === 'workflow')
      .map(({ document }) => document as WorkflowDocument)
      .filter(
        (workflow) =>
          workflow.entity === entity ||
          (workflow.entity === '*' &&
            Object.values(workflow.regions).every(({ field }) => this.hasField(entity, field))),
      );
  }

  hasEntity(name: string): boolean {
    const document = this.get('entity', name);
    return document !== undefined && (document as EntityDocument).retired !== true;
  }

  hasDictionary(name: string): boolean {
    return VIRTUAL_DICTIONARIES.has(name) || this.get('dictionary', name) !== undefined;
  }

  isTree(name: string): boolean {
    return (this.get('dictionary', name) as DictionaryDocument | undefined)?.tree === true;
  }

  hasField(entity: string, field: string): boolean {
    return this.fields(entity)[field] !== undefined;
  }

  fieldType(entity: string, field: string): string | undefined {
    return this.fields(entity)[field]?.field;
  }

  /** Field at a path of at most one reference: `name`, `customer.province`. */
  fieldAt(entity: string, path: string): FieldDocument | undefined {
    const [first = '', second, ...rest] = path.split('.');
    const field = this.fields(entity)[first];
    if (second === undefined || field === undefined) return field;
    if (rest.length > 0 || field.field !== 'reference') return undefined;
    return this.fields(String(field.entity))[second];
  }

  /** Does a path name an attribute of a dictionary's value: `city.area_code` (DM-CUST-19)? */
  hasAttribute(entity: string, path: readonly string[]): boolean {
    const [first = '', second = '', ...rest] = path;
    const field = this.fields(entity)[first];
    if (field?.field !== 'choice' || field['multiple'] === true || rest.length > 0) return false;
    return this.get('dictionary', String(field['dictionary']))?.attributes?.[second] !== undefined;
  }
}

function allFields(document: EntityDocument): Readonly<Record<string, FieldDocument>> {
  // Without a prototype, or every entity would have a field named `constructor`.
  const result = Object.create(null) as Record<string, FieldDocument>;
  for (const [name, def] of Object.entries(document.properties)) {
    if (def.retired === true || def.field === undefined) continue;
    result[name] = plainField(def);
    Object.assign(result, moneyCompanions(name, def, ''));
  }
  for (const [name, entry] of Object.entries(systemFields(document)))
    result[name] = { ...entry.def, ...document.properties[name] };
  return result;
}
