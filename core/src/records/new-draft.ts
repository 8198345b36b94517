import type { Context } from '../context/context.ts';
import { isUuid } from '../fields/uuid.ts';
import type { EntityModel } from '../model/model.ts';
import { lineEntity, type Draft, type LineDraft, type Values } from './draft.ts';
import { mergeLines } from './merge-lines.ts';
import { linesFields } from './stored-columns.ts';

/** The draft of a new record: sent values, bookkeeping, lines. */
export function newDraft(context: Context, entity: EntityModel, id: string, input: Values): Draft {
  const values: Values = { ...input };
  const lines = new Map<string, readonly LineDraft[]>();
  const lineTables = new Map<string, string>();
  for (const field of linesFields(entity)) {
    const items = values[field.name];
    delete values[field.name];
    const of = lineEntity(context.model.entities, field);
    lineTables.set(field.name, of.table);
    if (Array.isArray(items))
      lines.set(field.name, mergeLines(of, id, [], items as Values[], `/${field.name}`));
  }
  const now = context.now.toISOString();
  const by = isUuid(context.actor.id) ? context.actor.id : null;
  const kept: Values = {
    id,
    version: 1,
    position: 0,
    created_at: now,
    created_by: by,
    updated_at: now,
    updated_by: by,
    last_modified_on: now,
    is_void: false,
  };
  for (const [name, value] of Object.entries(kept))
    // A document's own field may bear such a name: the position of a contact is a choice.
    if (entity.fields.get(name)?.system && values[name] === undefined) values[name] = value;
  values['id'] = id;
  const sent = new Set(Object.keys(input));
  return { entity, id, values, previous: null, sent, lines, previousLines: new Map(), lineTables, up: null };
}

/** Owner and unit are the creator's unless given; they decide in whose scope the record lies. */
export function fillOwnership(context: Context, draft: Draft): void {
  const { entity, values } = draft;
  if (entity.fields.has('owner') && values['owner'] === undefined)
    values['owner'] = isUuid(context.actor.id) ? context.actor.id : null;
  if (entity.fields.has('unit') && values['unit'] === undefined) values['unit'] = context.actor.unit;
}
