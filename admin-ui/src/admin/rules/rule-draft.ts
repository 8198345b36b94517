import type {
  AutomationActionDocument,
  AutomationRuleDocument,
  LocaleText,
  RuleTriggerDocument,
} from '@mortise/core/contract';

export type TriggerKind = RuleTriggerDocument['on'];
/** `release` is one of workflows alone. */
export type ActionKind = AutomationActionDocument['action'] | 'release';

export const TRIGGERS: readonly TriggerKind[] = ['create', 'change', 'transition', 'date', 'schedule'];
export const ACTIONS: readonly ActionKind[] = ['set', 'create', 'transition', 'notify', 'webhook', 'plugin'];

/** One action while it is edited. */
export interface ActionDraft {
  readonly key: number;
  name: string;
  action: ActionKind;
  entity: string;
  values: { field: string; expression: string }[];
  transition: string;
  opinion: string;
  to: string[];
  message: LocaleText;
  url: string;
  secret: string;
  timeoutSeconds: number;
  /** `plugin.call` */
  plugin: string;
  when: string;
}

/** A rule while it is edited: every member there, empty where the document has none. */
export interface RuleDraft {
  name: string;
  label: LocaleText;
  help: LocaleText | null;
  entity: string;
  active: boolean;
  on: TriggerKind;
  fields: string[];
  becomes: string;
  create: boolean;
  transitions: string[];
  field: string;
  days: number;
  hours: number;
  at: string;
  cron: string;
  when: string;
  roles: string[];
  onError: 'refuse' | 'log';
  actions: ActionDraft[];
}

let nextKey = 0;
const names = (set: Readonly<Record<string, true>> | undefined): string[] => Object.keys(set ?? {});
const setOf = (list: readonly string[]): Readonly<Record<string, true>> =>
  Object.fromEntries(list.map((name) => [name, true]));

/** An empty action of a kind. */
export function newAction(action: ActionKind): ActionDraft {
  nextKey += 1;
  return {
    key: nextKey,
    name: '',
    action,
    entity: '',
    values: [],
    transition: '',
    opinion: '',
    to: [],
    message: { 'zh-CN': '', en: '' },
    url: '',
    secret: '',
    timeoutSeconds: 10,
    plugin: '',
    when: '',
  };
}

function actionDraft(name: string, document: AutomationActionDocument): ActionDraft {
  return {
    ...newAction(document.action),
    name,
    entity: document.entity ?? '',
    values: Object.entries(document.values ?? {}).map(([field, expression]) => ({ field, expression })),
    transition: document.transition ?? '',
    opinion: document.opinion ?? '',
    to: names(document.to),
    message: { ...(document.message ?? { 'zh-CN': '', en: '' }) },
    url: document.url ?? '',
    secret: document.secret ?? '',
    timeoutSeconds: document.timeoutSeconds ?? 10,
    plugin: document.plugin === undefined ? '' : `${document.plugin}.${document.call ?? ''}`,
    when: document.when ?? '',
  };
}

/** The draft of a document, or of a rule that does not exist yet. */
export function ruleDraft(document?: AutomationRuleDocument): RuleDraft {
  const trigger: RuleTriggerDocument = document?.trigger ?? { on: 'create' };
  return {
    name: document?.name ?? '',
    label: { ...(document?.label ?? { 'zh-CN': '', en: '' }) },
    help: document?.help ?? null,
    entity: document?.entity ?? '',
    active: document?.active !== false,
    on: trigger.on,
    fields: names(trigger.fields),
    becomes: trigger.becomes ?? '',
    create: trigger.create === true,
    transitions: names(trigger.transitions),
    field: trigger.field ?? '',
    days: trigger.days ?? 0,
    hours: trigger.hours ?? 0,
    at: trigger.at ?? '',
    cron: trigger.cron ?? '',
    when: document?.when ?? '',
    roles: names(document?.roles),
    onError: document?.onError ?? 'refuse',
    actions: actionDrafts(document?.actions ?? {}),
  };
}

const optional = (name: string, value: string): Readonly<Record<string, string>> =>
  value.trim() === '' ? {} : { [name]: value.trim() };

function triggerOf(draft: RuleDraft): RuleTriggerDocument {
  const { on } = draft;
  switch (on) {
    case 'create':
      return { on };
    case 'change':
      return {
        on,
        ...(draft.fields.length > 0 ? { fields: setOf(draft.fields) } : {}),
        ...optional('becomes', draft.becomes),
        ...(draft.create ? { create: true } : {}),
      };
    case 'transition':
      return { on, transitions: setOf(draft.transitions) };
    case 'date':
      return {
        on,
        field: draft.field,
        ...(draft.days === 0 ? {} : { days: draft.days }),
        ...(draft.hours === 0 ? {} : { hours: draft.hours }),
        ...optional('at', draft.at),
      };
    case 'schedule':
      return { on, cron: draft.cron.trim() };
  }
}

function actionOf(draft: ActionDraft, after: string | undefined): AutomationActionDocument {
  const values = Object.fromEntries(
    draft.values
      .filter(({ field }) => field !== '')
      .map(({ field, expression }) => [field, expression.trim()]),
  );
  const some = Object.keys(values).length > 0 ? { values } : {};
  const common = { ...optional('when', draft.when), ...(after === undefined ? {} : { after }) };
  const { action } = draft;
  switch (action) {
    case 'set':
      return { action, values, ...common };
    case 'release':
      return { action: action as 'set', values, ...common };
    case 'create':
      return { action, entity: draft.entity, values, ...common };
    case 'transition':
      return {
        action,
        transition: draft.transition,
        ...some,
        ...optional('opinion', draft.opinion),
        ...common,
      };
    case 'notify':
      return { action, to: setOf(draft.to), message: { ...draft.message }, ...common };
    case 'webhook':
      return {
        action,
        url: draft.url.trim(),
        secret: draft.secret,
        ...(draft.timeoutSeconds === 10 ? {} : { timeoutSeconds: draft.timeoutSeconds }),
        ...some,
        ...common,
      };
    case 'plugin': {
      const [plugin = '', call = ''] = draft.plugin.split('.');
      return { action, plugin, call, ...some, ...common };
    }
  }
}

/** Actions of a document as they are edited. */
export function actionDrafts(actions: Readonly<Record<string, AutomationActionDocument>>): ActionDraft[] {
  return Object.entries(actions).map(([name, action]) => actionDraft(name, action));
}

/** The name of each action: its own, or one made of its kind. Order is kept by `after`. */
export function actionsOf(
  drafts: readonly ActionDraft[],
): Readonly<Record<string, AutomationActionDocument>> {
  const actions: Record<string, AutomationActionDocument> = {};
  let last: string | undefined;
  for (const draft of drafts) {
    let name = draft.name;
    for (let count = 1; name === '' || name in actions; count += 1) name = `${draft.action}_${count}`;
    // Written back, so that a fault finds its action.
    draft.name = name;
    actions[name] = actionOf(draft, last);
    last = name;
  }
  return actions;
}

/** The document that a draft stands for. */
export function documentOf(draft: RuleDraft): AutomationRuleDocument {
  const byClock = draft.on === 'date' || draft.on === 'schedule';
  return {
    name: draft.name.trim(),
    label: { 'zh-CN': draft.label['zh-CN'].trim(), en: draft.label.en.trim() },
    ...(draft.help === null ? {} : { help: draft.help }),
    ...optional('entity', draft.entity),
    ...(draft.active ? {} : { active: false }),
    trigger: triggerOf(draft),
    ...optional('when', draft.when),
    ...(draft.roles.length > 0 ? { roles: setOf(draft.roles) } : {}),
    ...(byClock || draft.onError === 'refuse' ? {} : { onError: draft.onError }),
    actions: actionsOf(draft.actions),
  };
}
