import type {
  LocaleText,
  RegionDocument,
  TransitionDocument,
  WorkflowDocument,
} from '@mortise/core/contract';
import { freeName, nameFromLabel } from '../ui/name-from-label';

/** A document while it is edited in place: the same members, writable. */
export type Editable<T> =
  T extends ReadonlyArray<infer I>
    ? Editable<I>[]
    : T extends object
      ? { -readonly [K in keyof T]: Editable<T[K]> }
      : T;

export type WorkflowDraft = Editable<WorkflowDocument>;
export type RegionDraft = Editable<RegionDocument>;
export type TransitionDraft = Editable<TransitionDocument>;

/** What is chosen on the canvas or in the outline. */
export type Chosen =
  | { readonly kind: 'workflow' }
  | { readonly kind: 'region'; readonly region: string }
  | { readonly kind: 'state'; readonly region: string; readonly name: string }
  | { readonly kind: 'transition'; readonly region: string; readonly name: string };

/** The transition names of all regions: one name means one transition. */
function transitionNames(draft: WorkflowDraft): ReadonlySet<string> {
  return new Set(Object.values(draft.regions).flatMap(({ transitions }) => Object.keys(transitions)));
}

/** A free code for something with this label: from its English text, or numbered. */
export function freeCode(label: LocaleText, fallback: string, taken: (name: string) => boolean): string {
  const wished = nameFromLabel(label.en) || fallback;
  return freeName(wished, taken);
}

/** Adds a state at the end of a region. Answers its code. */
export function addState(draft: WorkflowDraft, region: string, label: LocaleText): string {
  const { states } = draft.regions[region]!;
  const name = freeCode(label, 'state', (each) => Object.hasOwn(states, each));
  states[name] = { label: { ...label }, kind: 'waiting' };
  return name;
}

/** Adds a transition between two states of a region. Answers its name. */
export function addTransition(
  draft: WorkflowDraft,
  region: string,
  from: string,
  to: string,
  label: LocaleText,
): string {
  const taken = transitionNames(draft);
  const name = freeCode(label, `${from}_to_${to}`.slice(0, 40), (each) => taken.has(each));
  draft.regions[region]!.transitions[name] = { label: { ...label }, from: { [from]: true }, to };
  return name;
}

/** Takes a state away with the transitions that lead to it, or from it alone. */
export function removeState(draft: WorkflowDraft, region: string, name: string): void {
  const { states, transitions } = draft.regions[region]!;
  for (const [key, transition] of Object.entries(transitions)) {
    delete transition.from[name];
    if (transition.to === name || Object.keys(transition.from).length === 0)
      removeTransition(draft, region, key);
  }
  delete states[name];
}

/**
 * Takes a transition away. Where others name it (several eyes, who may withdraw) it stays named, and the server says so:
 * left out quietly, more people might take those than before.
 */
export function removeTransition(draft: WorkflowDraft, region: string, name: string): void {
  delete draft.regions[region]!.transitions[name];
}

/** Gives a state another code, wherever the workflow speaks of it; only before records can stand in it. */
export function recodeState(draft: WorkflowDraft, region: string, from: string, to: string): void {
  const of = draft.regions[region]!;
  of.states = renamedKey(of.states, from, to);
  if (of.initial === from) of.initial = to;
  for (const state of Object.values(of.states)) if (state.after === from) state.after = to;
  for (const transition of Object.values(of.transitions)) {
    transition.from = renamedKey(transition.from, from, to);
    if (transition.to === from) transition.to = to;
  }
}

/** Gives a transition another name, wherever the workflow speaks of it. */
export function renameTransition(draft: WorkflowDraft, region: string, from: string, to: string): void {
  const of = draft.regions[region]!;
  of.transitions = renamedKey(of.transitions, from, to);
  for (const { states, transitions } of Object.values(draft.regions)) {
    for (const { deadlines } of Object.values(states))
      for (const { actions } of Object.values(deadlines ?? {}))
        for (const action of Object.values(actions)) if (action.transition === from) action.transition = to;
    for (const transition of Object.values(transitions)) {
      if (transition.after === from) transition.after = to;
      if (transition.fourEyes?.transitions)
        transition.fourEyes.transitions = renamedKey(transition.fourEyes.transitions, from, to);
      for (const who of Object.values(transition.who ?? {})) {
        if (who.stepBy) who.stepBy = renamedKey(who.stepBy, from, to);
        if (who.approverOf === from) who.approverOf = to;
      }
    }
  }
}

function renamedKey<T>(map: Record<string, T>, from: string, to: string): Record<string, T> {
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [key === from ? to : key, value]));
}

/** A region beside the others. Answers its name. */
export function addRegion(draft: WorkflowDraft, label: LocaleText, field: string): string {
  const name = freeCode(label, 'part', (each) => Object.hasOwn(draft.regions, each));
  const [open, done] = [`${name}_open`, `${name}_done`].map((each) => each.slice(0, 40)) as [string, string];
  draft.regions[name] = {
    label: { ...label },
    field,
    initial: open,
    states: {
      [open]: { label: { 'zh-CN': '待办', en: 'Open' }, kind: 'waiting' },
      [done]: { label: { 'zh-CN': '完成', en: 'Done' }, kind: 'done', final: true },
    },
    transitions: {},
  };
  addTransition(draft, name, open, done, { 'zh-CN': '完成', en: `Finish ${label.en}` });
  return name;
}

/** Sets an optional member, or takes it away where it says nothing. */
export function setOptional<T extends object, K extends keyof T>(
  on: T,
  key: K,
  value: T[K] | undefined,
): void {
  const isEmpty =
    value === undefined ||
    value === '' ||
    value === false ||
    (typeof value === 'object' && value !== null && Object.keys(value).length === 0);
  if (isEmpty) delete on[key];
  else on[key] = value as T[K];
}

/** `['a', 'b']` as the set that documents write. */
export const setOf = (names: readonly string[]): Record<string, true> =>
  Object.fromEntries(names.map((name) => [name, true]));

/** The next free key of a map of parts without names of their own: `who_2`. */
export function nextKey(map: Readonly<Record<string, unknown>> | undefined, stem: string): string {
  for (let count = 1; ; count += 1) {
    const key = `${stem}_${count}`;
    if (!Object.hasOwn(map ?? {}, key)) return key;
  }
}
