import type { Context } from '../context/context.ts';
import { scopeHolds, type ScopedRow } from '../access/scope-set.ts';
import type { EntityModel } from '../model/model.ts';
import { contentOf, type Draft, type Values } from './draft.ts';
import type { RecordData } from './records.ts';

/** The members of a record in memory that the actor may read, masked ones masked. */
function readableValues(
  context: Context,
  entity: EntityModel,
  values: Readonly<Values>,
  scoped: ScopedRow,
  up: ScopedRow | null,
): Values {
  const rights = context.access.compiled.entity(entity);
  const { parameters } = context.access;
  const answer: Values = { id: values['id'], version: values['version'] };
  for (const field of entity.fields.values()) {
    if (!field.column || field.name === 'id' || field.name === 'version') continue;
    const cell = rights.field(field);
    const value = values[field.name] ?? null;
    if (scopeHolds(cell.read, scoped, parameters, up ?? undefined)) answer[field.name] = value;
    else if (scopeHolds(cell.masked, scoped, parameters, up ?? undefined))
      answer[field.name] = typeof value === 'string' ? `${value.slice(0, 1)}***` : null;
  }
  return answer;
}

/** The written record as its writer may see it, without asking the database again. */
export function answerDraft(context: Context, draft: Draft): RecordData {
  const scoped: ScopedRow = draft.values;
  const answer = readableValues(context, draft.entity, { ...draft.values, id: draft.id }, scoped, draft.up);
  for (const [name, lines] of draft.lines) {
    const field = draft.entity.fields.get(name);
    if (
      !field ||
      !scopeHolds(
        context.access.compiled.entity(draft.entity).field(field).read,
        scoped,
        context.access.parameters,
        draft.up ?? undefined,
      )
    )
      continue;
    answer[name] = lines.map((line) => {
      const shown = readableValues(context, line.entity, line.values, line.values, draft.up ?? scoped);
      return {
        ...contentOf(line.entity, shown),
        version: shown['version'],
        position: shown['position'] ?? null,
      };
    });
  }
  return answer;
}
