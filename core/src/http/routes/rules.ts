import { dryRun } from '../../automation/dry-run.ts';
import { changeDelivery } from '../../automation/outbox-store.ts';
import { retryRun } from '../../automation/retry-run.ts';
import { listRuns, readRun, ruleFigures } from '../../automation/run-list.ts';
import { listSecrets, renewSecret } from '../../automation/secrets.ts';
import { problem } from '../../errors/catalogue.ts';
import type { AutomationRuleDocument } from '../../model/rule-document.ts';
import type { RulesAnswer } from '../contract.ts';
import { signedIn, type Call } from '../call.ts';
import { readBody } from '../request/body.ts';
import { requireActingRoles } from '../request/document-rights.ts';
import type { RegisterRoutes } from './index.ts';

const BASE = '/api/v1/rules';
const configures = { function: 'metadata.configure' } as const;
const MOST_DAYS = 90;
const SECRET_NAME = /^[a-z][a-z0-9_-]{0,59}$/;

/** Automation rules: how they have done, their run log, dry runs, and the secrets that sign webhooks (ENG-13). */
export const register: RegisterRoutes = (router, app) => {
  const { db, automation, changes } = app;

  router.get(
    BASE,
    signedIn(
      app,
      async ({ context, query }): Promise<RulesAnswer> => {
        query([]);
        const { model } = context;
        const figures = await ruleFigures(db, context.now);
        const none = { lastRun: null, runs: 0, failed: 0, waiting: 0, undelivered: 0 };
        return {
          items: [...model.rules.values()].map((rule) => ({
            name: rule.name,
            label: rule.label,
            entity: rule.entity ?? null,
            trigger: rule.trigger.on,
            active: rule.active !== false,
            ...(figures.get(rule.name) ?? none),
          })),
          pluginActions: app.plugins
            .filter(({ name }) => model.plugins.includes(name))
            .flatMap(({ name, server }) =>
              Object.entries(server.actions ?? {}).map(([call, { label }]) => ({
                plugin: name,
                call,
                label,
              })),
            ),
          secrets: await listSecrets(db),
        };
      },
      configures,
    ),
  );

  router.get(
    `${BASE}/runs`,
    signedIn(
      app,
      async ({ query }) => {
        const asked = query(['rule', 'state', 'entity', 'record', 'before', 'limit']);
        const limit = asked.integer('limit', 1, 200) ?? 50;
        const text = (name: string): Readonly<Record<string, string>> => {
          const value = asked.text(name);
          return value === undefined ? {} : { [name]: value };
        };
        const filter = Object.assign({}, ...['rule', 'state', 'entity', 'record', 'before'].map(text));
        const items = await listRuns(db, { ...filter, limit });
        return { items, ...(items.length === limit ? { next: items.at(-1)?.id } : {}) };
      },
      configures,
    ),
  );

  router.get(
    `${BASE}/runs/:id`,
    signedIn(
      app,
      async ({ param, query }) => {
        query([]);
        const run = await readRun(db, param('id'));
        if (!run) throw problem('MRT_RULE_UNKNOWN');
        return run;
      },
      configures,
    ),
  );

  router.post(
    `${BASE}/runs/:id/retry`,
    signedIn(
      app,
      async ({ context, param, body }) => {
        readBody(body, []);
        const id = await retryRun(automation.clockOptions, context, param('id'));
        return await readRun(db, id);
      },
      configures,
    ),
  );

  for (const [verb, state] of [
    ['retry', 'waiting'],
    ['cancel', 'cancelled'],
  ] as const)
    router.post(
      `${BASE}/deliveries/:id/${verb}`,
      signedIn(
        app,
        async ({ context, param, body }) => {
          readBody(body, []);
          if (!(await changeDelivery(db, param('id'), state, context.now))) throw problem('MRT_RULE_UNKNOWN');
          automation.wake();
          return {};
        },
        configures,
      ),
    );

  router.post(
    `${BASE}/secrets/:name`,
    signedIn(
      app,
      async ({ context, param, body }) => {
        readBody(body, []);
        const name = param('name');
        if (!SECRET_NAME.test(name))
          throw problem('MRT_REQUEST_MALFORMED', { reason: `name: ${SECRET_NAME.source}` });
        return { name, secret: await renewSecret(db, name, context.actor.id) };
      },
      configures,
    ),
  );

  router.post(
    `${BASE}/dry-run`,
    signedIn(
      app,
      async ({ context, body }) => {
        const sent = readBody(body, ['rule', 'days']);
        const days = sent.integer('days') ?? 7;
        if (days < 1 || days > MOST_DAYS) throw problem('MRT_REQUEST_LIMIT', { max: MOST_DAYS });
        const options = { db, dictionaries: app.dictionaries };
        return await dryRun(options, context, sent.object('rule'), days);
      },
      configures,
    ),
  );

  router.post(
    `${BASE}/:name/switch`,
    signedIn(app, async (call) => await switchRule(call), configures),
  );

  /** One change of the model like any other: with a version, a note and a way back. */
  async function switchRule({ context, param, body }: Call): Promise<object> {
    const sent = readBody(body, ['active']);
    const active = sent.flag('active');
    if (active === undefined) throw problem('MRT_REQUEST_MALFORMED', { reason: 'active: true | false' });
    const name = param('name');
    if (!context.model.rules.has(name)) throw problem('MRT_RULE_UNKNOWN');
    const { document, base } = changes.document('rule', name);
    const next = { ...document, active } as unknown as AutomationRuleDocument;
    requireActingRoles(context, 'rule', active ? next : null);
    const note = active ? `启用 / switched on: ${name}` : `停用 / switched off: ${name}`;
    return await changes.apply(context.actor, {
      changes: [{ kind: 'rule', name, base, document: { ...document, active } }],
      note,
    });
  }
};
