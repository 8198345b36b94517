import type { CheckedExpression } from '../expression/index.ts';
import type { LocaleText } from '../text/locale.ts';
import type { ActorParameters } from '../access/actor-parameters.ts';
import { progressOf, voteOf, type Vote } from './approvals.ts';
import { isAsked, type Assignment } from './is-asked.ts';
import { hasTaken, isSame } from './has-taken.ts';
import { isOne } from './is-one.ts';
import type { MachineTransition, MachineWho } from './machine.ts';

/** One step that was taken, oldest first. */
export interface Step {
  readonly transition: string;
  readonly region: string;
  readonly by: string | null;
  /** For whom it was taken, where somebody stood in (SEC-16). */
  readonly behalf?: string | null;
  /** It was one approval of several, and moved nothing. */
  readonly vote?: Vote | null;
}

/** The record and who looks at it, as far as a transition asks. */
export interface TransitionCase {
  readonly values: Readonly<Record<string, unknown>>;
  /** Value at a path of at most one reference. */
  readonly valueAt: (path: string) => unknown;
  readonly evaluate: (expression: CheckedExpression) => unknown;
  readonly actor: ActorParameters;
  /** Does this transition of the same definition ask for the actor's approval now? */
  readonly isAskedBy: (transition: string) => boolean;
  /** Does the actor stand above this user? */
  readonly isAbove: (user: unknown) => boolean;
  readonly roles: readonly string[];
  /** Steps of the round that is running. */
  readonly steps: readonly Step[];
  /** Steps passed on to others that still hold, oldest first. */
  readonly assignments: readonly Assignment[];
}

type RefusalCode =
  | 'state'
  | 'automatic'
  | 'right'
  | 'who'
  | 'approval'
  | 'author'
  | 'four-eyes'
  | 'guard'
  | 'required';

/** Why a transition cannot be done. */
export interface Refusal {
  readonly code: RefusalCode;
  readonly message: LocaleText;
  /** The field that lacks, for `required`. */
  readonly field?: string;
}

/** What the record holds in the field of the transition's region; nothing yet is the initial state. */
export function stateOf(
  { document, field }: MachineTransition['region'],
  values: Readonly<Record<string, unknown>>,
): string {
  const state = values[field.name];
  return typeof state === 'string' && state !== '' ? state : document.initial;
}

const say = (code: RefusalCode, zh: string, en: string): Refusal => ({ code, message: { 'zh-CN': zh, en } });

export const NOT_ASKED: Refusal = say(
  'approval',
  '目前不需要您审批。',
  'Your approval is not asked for now.',
);

/** Why the actor may not do it, whatever is filled in: wrong state, not the one, not a second time. */
export function refusalsOfPerson(transition: MachineTransition, on: TransitionCase): readonly Refusal[] {
  const { document, region } = transition;
  const refusals: Refusal[] = [];
  if (document.on === 'change')
    refusals.push(
      say('automatic', '此步骤在内容修改时自动发生。', 'This step happens by itself on a change.'),
    );
  const state = stateOf(region, on.values);
  if (document.from[state] !== true) {
    const label = region.document.states[state]?.label ?? { 'zh-CN': state, en: state };
    refusals.push(
      say('state', `当前状态是“${label['zh-CN']}”。`, `The record is in the state “${label.en}”.`),
    );
  }
  if (transition.who.length > 0 && !transition.who.some((who) => isAsked(who, transition, on)))
    refusals.push(say('who', '此步骤由他人办理。', 'This step is for others to take.'));
  if (transition.parts.length > 0 && progressOf(transition, on).parts.length > 0 && !voteOf(transition, on))
    refusals.push(NOT_ASKED);
  if (document.fourEyes?.author === true && isSame(on.values['created_by'], on))
    refusals.push(
      say('author', '录入人不能审核自己录入的记录。', 'You entered this record; somebody else must do this.'),
    );
  const earlier = Object.entries(document.fourEyes?.transitions ?? {}).flatMap(([name, isApart]) =>
    isApart && on.steps.some((step) => step.transition === name && hasTaken(step, on)) ? [name] : [],
  );
  if (earlier.length > 0)
    refusals.push(
      say(
        'four-eyes',
        '前一步由您办理,这一步须由另一人办理。',
        'You did the step before; somebody else must do this one.',
      ),
    );
  return refusals;
}

/**
 * What the record lacks for it. With `before`, the form is not filled in yet: what it may still bring is left open.
 */
export function refusalsOfRecord(
  transition: MachineTransition,
  on: TransitionCase,
  before: boolean,
): readonly Refusal[] {
  const form = transition.document.fields ?? {};
  const isOpen = (field: string): boolean => before && form[field] === true;
  const missing = Object.keys(transition.document.required ?? {}).filter(
    (field) => !isOpen(field) && isEmpty(on.values[field]),
  );
  const guards = transition.guards.filter(
    ({ when, who }) =>
      (when !== null &&
        ![...when.reads].some((read) => isOpen(read) || (before && read === 'opinion')) &&
        on.evaluate(when) !== true) ||
      (who.length > 0 && !who.some((each) => dependsOn(each, isOpen) || isOne(each, transition, on))),
  );
  return [
    ...missing.map((field): Refusal => ({ ...say('required', '必填。', 'It is required.'), field })),
    ...guards.map(({ document }): Refusal => ({ code: 'guard', message: document.message })),
  ];
}

/** Does an answer to “is it him” wait for what the form may still bring? */
function dependsOn({ document, expr }: MachineWho, isOpen: (field: string) => boolean): boolean {
  const fields = [document.unitOf?.field, document.supervisorOf, document.field, ...(expr?.reads ?? [])];
  return fields.some((field) => field !== undefined && isOpen(field.split('.')[0] ?? field));
}

function isEmpty(value: unknown): boolean {
  return (
    value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0)
  );
}
