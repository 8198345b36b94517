import type { DocumentChange, EntityDocument, LocaleText, WorkflowDocument } from '@mortise/core/contract';
import { loadDictionary, loadDocuments, newDocument, wish, type Stored } from '../api/documents';

/** A field that is made with a new workflow to hold its states. */
export interface NewField {
  readonly name: string;
  readonly label: LocaleText;
}

/** States of each field of a workflow, with what they are called. */
function statesByField(workflow: WorkflowDocument): ReadonlyMap<string, ReadonlyMap<string, LocaleText>> {
  const found = new Map<string, Map<string, LocaleText>>();
  for (const { field, states } of Object.values(workflow.regions)) {
    const codes = found.get(field) ?? new Map<string, LocaleText>();
    for (const [code, { label }] of Object.entries(states)) codes.set(code, label);
    found.set(field, codes);
  }
  return found;
}

/** The definition of a field, also of one that the platform gives to every entity. */
type FieldDef = Readonly<Record<string, unknown>>;

/**
 * All that a workflow needs to be saved in one change: the document, the values of dictionaries and the options of
 * fields for states that are new, and the field that holds them where there is none yet.
 * @param stored as it was opened; undefined for a new one
 * @param defOf definition of a field as the browser knows it
 */
export async function workflowChanges(
  workflow: WorkflowDocument,
  stored: Stored<'workflow'> | undefined,
  defOf: (field: string) => FieldDef | undefined,
  newFields: ReadonlyMap<string, NewField>,
  fresh: boolean,
): Promise<readonly DocumentChange[]> {
  const changes: DocumentChange[] = [];
  const entities = await loadDocuments('entity', fresh);
  const entity = entities.find(({ name }) => name === workflow.entity);
  let properties: Record<string, unknown> | null = null;
  for (const [field, states] of statesByField(workflow)) {
    const made = newFields.get(field);
    const def = defOf(field);
    if (made && entity && !def) {
      properties ??= { ...entity.document.properties };
      properties[field] = {
        field: 'choice',
        label: made.label,
        options: Object.fromEntries([...states].map(([code, label]) => [code, { label }])),
      };
    } else if (typeof def?.['dictionary'] === 'string') {
      const change = await withValues(def['dictionary'], states, fresh);
      if (change) changes.push(change);
    } else if (def?.['options'] && entity?.document.properties[field]) {
      const own = entity.document.properties[field] as FieldDef;
      const options = own['options'] as Readonly<Record<string, unknown>>;
      const missing = [...states].filter(([code]) => !Object.hasOwn(options, code));
      if (missing.length === 0) continue;
      properties ??= { ...entity.document.properties };
      const added = Object.fromEntries(missing.map(([code, label]) => [code, { label }]));
      properties[field] = { ...own, options: { ...options, ...added } };
    }
  }
  if (properties && entity)
    changes.push(wish(entity, { ...entity.document, properties } as unknown as EntityDocument));
  // At the base it was opened at: what somebody else has saved since is a conflict until it has been seen.
  const now =
    stored && fresh
      ? (await loadDocuments('workflow', fresh)).find(({ name }) => name === stored.name)
      : stored;
  changes.push(now ? wish(now, workflow) : newDocument('workflow', workflow));
  return changes;
}

async function withValues(
  name: string,
  states: ReadonlyMap<string, LocaleText>,
  fresh: boolean,
): Promise<DocumentChange | null> {
  const dictionary = await loadDictionary(name, fresh);
  const missing = [...states].filter(([code]) => !Object.hasOwn(dictionary.document.values, code));
  if (missing.length === 0) return null;
  const added = Object.fromEntries(missing.map(([code, label]) => [code, { label }]));
  return wish(dictionary, { ...dictionary.document, values: { ...dictionary.document.values, ...added } });
}
