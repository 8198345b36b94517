import { definePlugin } from '../plugin/api.ts';
import type { AnyDocument } from '../model/documents.ts';
import type { Database } from '../store/database.ts';
import { label } from '../testing/sample-documents.ts';
import { openAutomation, type AutomationFixture } from './test-automation.ts';

const roles = { administrator: true } as const;

/**
 * The review of the sample with deadlines on its second step and a rule on its first: every kind of action, so that a
 * crash can be put between any two of them. Used by the tests and by the process that they kill.
 */
export async function openDeadlines(db: Database, url: string): Promise<AutomationFixture> {
  const review = {
    name: 'data_review',
    extends: true,
    regions: {
      review: {
        states: {
          unreviewed: {
            deadlines: {
              forgotten: {
                label: label('Forgotten'),
                after: { days: 3 },
                when: "name.startsWith('Forgotten')",
                roles,
                actions: { mark: { action: 'set', values: { note: "'nobody looks'" } } },
              },
            },
          },
          rejected: {
            deadlines: {
              correct: {
                label: label('Correct'),
                after: { days: 1, working: true },
                roles,
                actions: { tell: { action: 'notify', to: { owner: true }, message: label('Correct') } },
              },
            },
          },
          first_passed: {
            deadlines: {
              remind: {
                label: label('Remind'),
                after: { hours: 1 },
                roles,
                actions: {
                  visit: {
                    action: 'create',
                    entity: 'visit',
                    values: { subject: "'Remind ' + name", thing: 'id' },
                  },
                  tell: { action: 'notify', to: { owner: true }, message: label('Remind') },
                  send: { action: 'webhook', url, secret: 'partner', values: { what: "'remind'" } },
                },
              },
              escalate: {
                label: label('Escalate'),
                after: { days: 1, hours: 2, minutes: 30 },
                roles,
                actions: { back: { action: 'transition', transition: 'send_back', opinion: "'too late'" } },
              },
            },
          },
        },
      },
    },
  } as unknown as AnyDocument;
  const plugin = definePlugin({
    actions: {
      note: {
        label: label('Note'),
        run: async (_input, { records, record }) =>
          void (await records.create('visit', { subject: 'Called', thing: record?.id })),
      },
    },
  });
  const on = await openAutomation(db, {
    allowedHosts: [new URL(url).host],
    plugins: [{ name: 'sample', server: plugin, settings: {} }],
    documents: [['workflow', review]],
    rules: [
      {
        name: 'passed',
        trigger: { on: 'transition', transitions: { first_pass: true } },
        roles,
        actions: {
          visit: { action: 'create', entity: 'visit', values: { subject: "'Passed'", thing: 'id' } },
          tell: { action: 'notify', to: { owner: true }, message: label('Passed') },
          send: { action: 'webhook', url, secret: 'partner', values: { what: "'passed'" } },
          call: { action: 'plugin', plugin: 'sample', call: 'note', values: {} },
        },
      },
    ],
  });
  (on.model.plugins as string[]).push('sample');
  return on;
}
