import type { Context } from '../context/context.ts';
import type { CompiledEntity } from '../access/compile-access.ts';
import { scopeHolds, scopeKey, type ScopedRow, type ScopeSet } from '../access/scope-set.ts';
import type { EntityModel } from '../model/model.ts';
import { contentOf, type Draft, type Values } from './draft.ts';
import type { RecordData } from './records.ts';

/** What decides over the members of an entity's records: few scopes, each shared by many members. */
interface Members {
  readonly scopes: readonly ScopeSet[];
  /** Name and the places of its scopes. */
  readonly list: readonly { readonly name: string; readonly read: number; readonly masked: number }[];
}

const MEMBERS = new WeakMap<CompiledEntity, Members>();

function membersOf(rights: CompiledEntity): Members {
  let members = MEMBERS.get(rights);
  if (!members) {
    const scopes: ScopeSet[] = [];
    const places = new Map<string, number>();
    const place = (set: ScopeSet): number => {
      const key = scopeKey(set);
      let at = places.get(key);
      if (at === undefined) places.set(key, (at = scopes.push(set) - 1));
      return at;
    };
    const list = [...rights.entity.fields.values()]
      .filter((field) => field.column && field.name !== 'id' && field.name !== 'version')
      .map((field) => {
        const { read, masked } = rights.field(field);
        return { name: field.name, read: place(read), masked: place(masked) };
      });
    MEMBERS.set(rights, (members = { scopes, list }));
  }
  return members;
}

/** The members of a record in memory that the actor may read, masked ones masked. */
function readableValues(
  context: Context,
  entity: EntityModel,
  values: Readonly<Values>,
  scoped: ScopedRow,
  up: ScopedRow | null,
): Values {
  const { scopes, list } = membersOf(context.access.compiled.entity(entity));
  const holds = scopes.map((set) => scopeHolds(set, scoped, context.access.parameters, up ?? undefined));
  const answer: Values = { id: values['id'], version: values['version'] };
  for (const { name, read, masked } of list) {
    const value = values[name] ?? null;
    if (holds[read]) answer[name] = value;
    else if (holds[masked]) answer[name] = typeof value === 'string' ? `${value.slice(0, 1)}***` : null;
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
