import type { Json } from './client.ts';

const label = (text: string): Json => ({ 'zh-CN': text, en: text });
const field = (type: string, more: Json = {}): Json => ({ field: type, label: label(type), ...more });

/** What goes through a workflow, and what its rules make of it. */
export const CASE = 'torture_case';
export const NOTE = 'torture_note';
export const SECRET = 'torture';

/** A record, a notification and a webhook: whatever a rule does, inside the database and outside. */
const actions = (what: string, url: string): Json => ({
  note: { action: 'create', entity: NOTE, values: { name: `'${what} ' + name` } },
  tell: { action: 'notify', to: { owner: true }, message: label(what) },
  send: { action: 'webhook', url, secret: SECRET, values: { what: `'${what}'` } },
});
const roles: Json = { administrator: true };

/** A rule on a transition, a deadline of the state it leads to, and a rule of the clock. @param url of the receiver */
export function ruleDocuments(url: string): readonly Json[] {
  const entity = (name: string, properties: Json): Json => ({
    kind: 'entity',
    name,
    document: {
      name,
      label: label(name),
      display: 'name',
      ownership: 'user',
      reviews: false,
      properties: { name: field('text', { required: true, maxLength: 120 }), ...properties },
    },
  });
  const deadline = { label: label('Remind'), after: { minutes: 1 }, roles, actions: actions('remind', url) };
  const rule = (name: string, trigger: Json, what: string): Json => ({
    kind: 'rule',
    name,
    document: { name, label: label(name), entity: CASE, trigger, roles, actions: actions(what, url) },
  });
  return [
    entity(NOTE, {}),
    entity(CASE, { step: field('text', { maxLength: 20 }), due_at: field('datetime') }),
    {
      kind: 'workflow',
      name: 'torture_cases',
      document: {
        name: 'torture_cases',
        label: label('Torture cases'),
        entity: CASE,
        regions: {
          main: {
            label: label('Step'),
            field: 'step',
            initial: 'open',
            states: {
              open: { label: label('Open') },
              waits: { label: label('Waits'), kind: 'waiting', deadlines: { remind: deadline } },
            },
            transitions: { submit: { label: label('Submit'), from: { open: true }, to: 'waits' } },
          },
        },
      },
    },
    rule('torture_submitted', { on: 'transition', transitions: { submit: true } }, 'submitted'),
    rule('torture_due', { on: 'date', field: 'due_at' }, 'due'),
  ];
}

/** What every case must have brought about, each once. */
export const WHATS = ['due', 'remind', 'submitted'] as const;
