import { invalidRecord } from '../../errors/catalogue.ts';
import type { Fault } from '../../errors/problem.ts';
import type { EntityModel, FieldModel, Model } from '../../model/model.ts';
import { machinesOf } from '../../workflow/machines-of.ts';
import { lineEntity, type Values } from '../draft.ts';
import type { LoadedRecord } from '../load-record.ts';
import { pointerSegment } from '../query-problem.ts';
import { sameValue } from '../same-value.ts';
import { targetEntity } from '../type-of-field.ts';
import { faultAt } from '../value-fault.ts';
import { UNITE } from './merge.ts';

/** A record that is merged, as it is stored. */
export interface Merging {
  readonly id: string;
  readonly loaded: LoadedRecord;
}

/**
 * Fields whose value can be taken from any of the records: not what the platform calculates or numbers, and not the
 * state of a workflow, which only a transition changes.
 */
export function mergeableFields(model: Model, entity: EntityModel): readonly FieldModel[] {
  const states = new Set(
    machinesOf(model, entity).flatMap(({ regions }) => regions.map(({ field }) => field.name)),
  );
  return [...entity.fields.values()].filter(
    (field) =>
      field.name !== 'id' &&
      (field.type === 'lines' || (field.column !== null && !field.derived && !field.readOnly)) &&
      !states.has(field.name) &&
      field.name !== entity.parent?.field,
  );
}

/**
 * The values that the survivor gets: what was chosen, and instead of a reference to one of the merged records the one
 * that this record had.
 * @throws MRT_RECORD_INVALID with the path of every choice that cannot be
 */
export function mergedValues(
  model: Model,
  entity: EntityModel,
  survivor: Merging,
  losers: readonly Merging[],
  choices: Readonly<Record<string, string>>,
): Values {
  const all = [survivor, ...losers];
  const byId = new Map(all.map((each) => [each.id, each]));
  const fields = new Map(mergeableFields(model, entity).map((field) => [field.name, field]));
  const patch: Values = {};
  const faults: Fault[] = [];
  for (const [name, choice] of Object.entries(choices)) {
    const field = fields.get(name);
    const from = byId.get(choice.toLowerCase());
    const at = `/choices/${pointerSegment(name)}`;
    if (!field)
      faults.push(faultAt(at, 'MRT_MERGE_CHOICE', '这个字段不能选择。', 'There is no choice of this field.'));
    else if (choice !== UNITE && !from)
      faults.push(
        faultAt(at, 'MRT_MERGE_CHOICE', '不是合并的记录之一。', 'It is none of the merged records.'),
      );
    else if (choice === UNITE && !holdsSeveral(field, all))
      faults.push(faultAt(at, 'MRT_MERGE_CHOICE', '只能有一个值。', 'It can only have one value.'));
    else if (field.type === 'lines') {
      const lines = linesOf(model, field, survivor, from ? [from] : all);
      if (lines) patch[name] = lines;
    } else {
      const value = from ? (from.loaded.values[name] ?? null) : united(name, all);
      if (!sameValue(value, survivor.loaded.values[name])) patch[name] = value;
    }
  }
  if (faults.length > 0) throw invalidRecord(faults);
  for (const field of fields.values())
    if (targetEntity(field) === entity.name) withoutMerged(field, patch, all);
  return patch;
}

/** Is the value a list wherever there is one? */
function holdsSeveral(field: FieldModel, all: readonly Merging[]): boolean {
  if (field.type === 'lines') return true;
  return all.every(({ loaded }) => Array.isArray(loaded.values[field.name] ?? []));
}

function united(name: string, all: readonly Merging[]): unknown {
  const values: unknown[] = [];
  for (const { loaded } of all)
    for (const value of (loaded.values[name] as readonly unknown[] | null | undefined) ?? [])
      if (!values.some((each) => sameValue(each, value))) values.push(value);
  return values;
}

/** Lines of the survivor stay what they are; those of the others come as new ones. Null when nothing changes. */
function linesOf(
  model: Model,
  field: FieldModel,
  survivor: Merging,
  from: readonly Merging[],
): readonly Values[] | null {
  if (from.length === 1 && from[0] === survivor) return null;
  const entity = lineEntity(model.entities, field);
  const taken = [...entity.fields.values()].filter(
    (each) =>
      each.column && !each.derived && !each.readOnly && !each.system && each.name !== entity.parent?.field,
  );
  return from.flatMap((record) =>
    (record.loaded.lines.get(field.name) ?? []).map((line) =>
      record === survivor
        ? { id: line['id'] }
        : Object.fromEntries(taken.map(({ name }) => [name, line[name] ?? null])),
    ),
  );
}

/** A record must not come to refer to itself because what it referred to became itself. */
function withoutMerged(field: FieldModel, patch: Values, all: readonly Merging[]): void {
  const { name } = field;
  const merged = new Set<unknown>(all.map(({ id }) => id));
  const value = name in patch ? patch[name] : all[0]?.loaded.values[name];
  if (Array.isArray(value)) {
    const others = value.filter((id) => !merged.has(id));
    if (others.length < value.length) patch[name] = others;
  } else if (merged.has(value)) {
    const theirs = all.map(({ loaded }) => loaded.values[name] ?? null);
    patch[name] = theirs.find((id) => id !== null && !merged.has(id)) ?? null;
  }
}
