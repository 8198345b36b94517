import { invalidRecord } from '../errors/catalogue.ts';
import type { Fault } from '../errors/problem.ts';
import type { Context } from '../context/context.ts';
import type { FieldModel } from '../model/model.ts';
import type { Transaction } from '../store/database.ts';
import { checkChoices } from './check-choices.ts';
import { lineEntity, wholeDraft, wholePrevious, type Draft } from './draft.ts';
import {
  applyComputed,
  applyDefaults,
  checkRecord,
  lockedFields,
  type Calculated,
  type CalculationScope,
} from './evaluate-record.ts';
import { mergeLines } from './merge-lines.ts';
import { applyRates, asksForRates } from './rate-of-day.ts';
import { type Reader, RelatedValues } from './related-values.ts';
import { validateInput } from './validate-input.ts';
import { lockedFaults } from './write-gate.ts';
import type { WriteScope } from './write-scope.ts';
import { sameValue } from './same-value.ts';
import { startStates } from './workflow/start-states.ts';

function calculatedOf(draft: Draft): Calculated {
  return { entity: draft.entity, values: draft.values, previous: draft.previous, at: '' };
}

function linesOf(draft: Draft): Calculated[] {
  return [...draft.lines.values()]
    .flat()
    .map(({ entity, values, previous, at }) => ({ entity, values, previous, at }));
}

/** Fetches what the expressions of the drafts and their lines read over references, for all of them at once. */
export async function loadRelated(
  related: RelatedValues,
  tx: Transaction,
  drafts: readonly Draft[],
): Promise<void> {
  await related.load(
    tx,
    drafts.flatMap((draft) => readersOf(related, draft)),
  );
}

/** The record and its lines, the record put where its lines read it: as it is being written, not as it is stored. */
function readersOf(related: RelatedValues, draft: Draft): readonly Reader[] {
  related.put(draft.entity.name, draft.id, draft.values);
  return draft.lines.size === 0 ? [draft] : [draft, ...[...draft.lines.values()].flat()];
}

/** Can a draft be finished without the database: no hook looks at it, no expression over a reference? */
export function finishesAlone(scope: WriteScope, context: Context, draft: Draft): boolean {
  if (scope.hooks.concerns?.(draft.entity.name, context) !== false) return false;
  if (asksForRates(draft)) return false;
  const related = new RelatedValues(context.model);
  return related.complete(readersOf(related, draft));
}

/** A hook gives lines back as it got them; the link to their parent is ours. */
function withoutParent(
  context: Context,
  draft: Draft,
  set: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(set).map(([name, value]) => {
      const field = draft.entity.fields.get(name);
      if (field?.type !== 'lines' || !Array.isArray(value)) return [name, value];
      const parent = lineEntity(context.model.entities, field).parent?.field ?? '';
      return [
        name,
        (value as Record<string, unknown>[]).map((line) =>
          Object.fromEntries(Object.entries(line).filter(([key]) => key !== parent)),
        ),
      ];
    }),
  );
}

/** Takes what the hooks set into the draft, lines as a whole. */
function takeHookValues(context: Context, draft: Draft, set: Readonly<Record<string, unknown>>): void {
  const values = validateInput(context.model, draft.entity, 'set', withoutParent(context, draft, set));
  for (const [name, value] of Object.entries(values)) {
    const field = draft.entity.fields.get(name);
    if (name === 'id' || name === 'version' || !field) continue;
    if (field.type !== 'lines') {
      draft.values[name] = value;
      continue;
    }
    const stored = draft.previousLines.get(name) ?? [];
    const held = draft.lines.get(name)?.map((line) => line.values) ?? [];
    const known = new Map([...stored, ...held].map((line) => [line['id'], line]));
    const items = (value as Record<string, unknown>[]).map((item) => ({ ...known.get(item['id']), ...item }));
    draft.lines.set(
      name,
      mergeLines(lineEntity(context.model.entities, field), draft.id, stored, items, `/${name}`),
    );
  }
}

/** Defaults of the record (when it is new) and of its new lines. */
function fillDefaults(draft: Draft, scope: CalculationScope, faults: Fault[]): void {
  if (draft.previous === null) applyDefaults(calculatedOf(draft), scope, faults);
  for (const line of linesOf(draft)) if (line.previous === null) applyDefaults(line, scope, faults);
}

function throwFaults(faults: readonly Fault[]): void {
  if (faults.length > 0) throw invalidRecord(faults);
}

/**
 * Defaults, before-hooks, computed fields and every check that needs no database (DESIGN §4): the middle of the one
 * write path. @param related shared by the records of one batch @throws MRT_RECORD_INVALID with the path of every fault
 */
export async function finishDraft(
  scope: WriteScope,
  context: Context,
  tx: Transaction,
  draft: Draft,
  related = new RelatedValues(context.model),
): Promise<CalculationScope> {
  const calculation: CalculationScope = { context, dictionaries: scope.dictionaries, related };
  await loadRelated(related, tx, [draft]);
  const faults: Fault[] = [];
  if (draft.previous !== null) {
    faults.push(
      ...lockedFaults(
        draft,
        lockedFields({ ...calculatedOf(draft), values: { ...draft.previous } }, calculation),
      ),
    );
  }
  fillDefaults(draft, calculation, faults);
  await applyRates(context, tx, draft, faults);
  throwFaults(faults);
  computeDraft(draft, calculation, faults);
  if (await startStates(calculation, tx, draft, faults)) computeDraft(draft, calculation, faults);
  throwFaults(faults);

  const set =
    scope.hooks.concerns?.(draft.entity.name, context) === false
      ? undefined
      : await scope.hooks.run(
          {
            entity: draft.entity.name,
            id: draft.id,
            previous: wholePrevious(draft),
            draft: wholeDraft(draft),
            sent: draft.sent,
          },
          context,
          tx,
        );
  if (set) {
    takeHookValues(context, draft, set);
    await loadRelated(related, tx, [draft]);
    fillDefaults(draft, calculation, faults);
    await applyRates(context, tx, draft, faults);
    computeDraft(draft, calculation, faults);
  }
  checkDraft(draft, calculation, faults);
  throwFaults(faults);
  return calculation;
}

/** Calculates lines first: the record may not read them, but they read the record through their parent field. */
export function computeDraft(draft: Draft, scope: CalculationScope, faults: Fault[]): void {
  applyComputed(calculatedOf(draft), scope, faults);
  scope.related.put(draft.entity.name, draft.id, draft.values);
  for (const line of linesOf(draft)) applyComputed(line, scope, faults);
}

function checkDraft(draft: Draft, scope: CalculationScope, faults: Fault[]): void {
  const { context, dictionaries } = scope;
  const asked = (field: FieldModel): boolean => {
    if (field.name === draft.entity.parent?.field) return true;
    if (field.type === 'lines')
      return (
        (draft.previous === null || draft.lines.has(field.name)) &&
        (draft.lines.get(field.name) ?? []).length === 0
      );
    return draft.previous === null || !sameValue(draft.previous[field.name], draft.values[field.name]);
  };
  const hasLines = draft.lines.size + draft.previousLines.size > 0;
  const whole = { ...calculatedOf(draft), values: hasLines ? wholeDraft(draft) : draft.values };
  faults.push(...checkRecord(whole, scope, asked));
  faults.push(...checkChoices(context, dictionaries, draft.entity, draft.values, draft.previous, ''));
  for (const line of linesOf(draft)) {
    faults.push(...checkRecord(line, scope, () => true));
    faults.push(...checkChoices(context, dictionaries, line.entity, line.values, line.previous, line.at));
  }
}
