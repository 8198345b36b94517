import { problem } from '../errors/catalogue.ts';
import type { Fault } from '../errors/problem.ts';
import type { Context } from '../context/context.ts';
import { scopeHolds, type ScopedRow, type ScopeSet } from '../access/scope-set.ts';
import type { EntityModel, FieldModel } from '../model/model.ts';
import { localise } from '../text/locale.ts';
import type { Draft, LineDraft, Values } from './draft.ts';
import { pointerSegment } from './query-problem.ts';
import { sameValue } from './same-value.ts';
import { faultAt, faultWith } from './value-fault.ts';

function fieldFault(context: Context, field: FieldModel, path: string): Fault {
  const bare = problem('MRT_ACCESS_FIELD', { field: localise(field.label, context.locale) });
  return faultWith(path, 'MRT_ACCESS_FIELD', bare.text);
}

/** Faults of values that the actor may not give to a new record (or line). */
function newFaults(
  context: Context,
  entity: EntityModel,
  sent: ReadonlySet<string>,
  row: ScopedRow,
  up: ScopedRow | null,
  at: string,
  read: (set: ScopeSet) => ScopeSet,
): Fault[] {
  const rights = context.access.compiled.entity(entity);
  return [...sent].flatMap((name) => {
    const field = entity.fields.get(name);
    if (!field || name === 'id' || (field.system && field.readOnly) || name === entity.parent?.field)
      return [];
    const set = read(rights.field(field).create);
    const allowed = scopeHolds(set, row, context.access.parameters, up ?? undefined);
    return allowed ? [] : [fieldFault(context, field, `${at}/${pointerSegment(name)}`)];
  });
}

/**
 * Faults of values that the actor may not change. A value sent back as it was read is no change; of a value that he
 * cannot read he must not learn whether he guessed it.
 */
function changeFaults(
  context: Context,
  entity: EntityModel,
  sent: ReadonlySet<string>,
  values: Values,
  previous: Readonly<Values>,
  up: ScopedRow | null,
  at: string,
): Fault[] {
  const rights = context.access.compiled.entity(entity);
  return [...sent].flatMap((name) => {
    const field = entity.fields.get(name);
    if (!field || (field.system && ['id', 'version', 'position'].includes(name))) return [];
    if (name === entity.parent?.field) return [];
    const cell = rights.field(field);
    if (scopeHolds(cell.write, previous, context.access.parameters, up ?? undefined)) return [];
    const readable = scopeHolds(cell.read, previous, context.access.parameters, up ?? undefined);
    if (readable && field.column && sameValue(values[name], previous[name])) return [];
    return [fieldFault(context, field, `${at}/${pointerSegment(name)}`)];
  });
}

function lineFaults(
  context: Context,
  line: LineDraft,
  up: ScopedRow,
  read: (set: ScopeSet) => ScopeSet,
): Fault[] {
  return line.previous === null
    ? newFaults(context, line.entity, line.sent, line.values, up, line.at, read)
    : changeFaults(context, line.entity, line.sent, line.values, line.previous, up, line.at);
}

function throwFieldFaults(faults: readonly Fault[]): void {
  const first = faults[0];
  if (!first) return;
  const name = decodeURIComponent(first.path.split('/').at(-1) ?? '');
  throw problem('MRT_ACCESS_FIELD', { field: name }, faults);
}

/** The row that scopes are asked of: the record itself, or the one above a line. */
function scopedOf(draft: Draft): { readonly row: ScopedRow; readonly up: ScopedRow | null } {
  return { row: draft.values, up: draft.up };
}

/**
 * @param read how the scopes of values of new records are read; as they are, unless the record is not finished
 * @throws MRT_ACCESS_FIELD with the path of every value that the actor may not give
 */
export function gateSentValues(
  context: Context,
  draft: Draft,
  read: (set: ScopeSet) => ScopeSet = (set) => set,
): void {
  const { row, up } = scopedOf(draft);
  const lineScope = draft.up ?? draft.previous ?? draft.values;
  const own =
    draft.previous === null
      ? newFaults(context, draft.entity, draft.sent, row, up, '', read)
      : changeFaults(context, draft.entity, draft.sent, draft.values, draft.previous, up, '');
  const ofLines = [...draft.lines.values()]
    .flat()
    .flatMap((line) => lineFaults(context, line, lineScope, read));
  throwFieldFaults([...own, ...ofLines]);
}

/** Were lines added, taken away or changed? */
function linesDiffer(draft: Draft, name: string): boolean {
  const lines = draft.lines.get(name) ?? [];
  return (
    lines.length !== (draft.previousLines.get(name) ?? []).length ||
    lines.some(
      ({ previous, sent, values }) =>
        previous === null || [...sent].some((each) => !sameValue(values[each], previous[each])),
    )
  );
}

/** Faults of a locked field (`readOnlyWhen`) whose value was changed. */
export function lockedFaults(draft: Draft, locked: ReadonlySet<string>): Fault[] {
  if (draft.previous === null) return [];
  return [...locked]
    .filter((name) => draft.sent.has(name) && draft.given?.has(name) !== true)
    .filter((name) =>
      draft.lines.has(name)
        ? linesDiffer(draft, name)
        : !sameValue(draft.values[name], draft.previous?.[name]),
    )
    .map((name) =>
      faultAt(
        `/${pointerSegment(name)}`,
        'MRT_VALUE_READ_ONLY',
        '现在不能修改。',
        'It cannot be changed now.',
      ),
    );
}
