import { actorOf } from '../../audit/actor-of.ts';
import { lackingPower } from '../../access/lacking-power.ts';
import type { Application } from '../../app/application.ts';
import type { Context } from '../../context/context.ts';
import { problem } from '../../errors/catalogue.ts';
import { type Call, signedIn } from '../call.ts';
import type { MeAnswer, PasswordRulesAnswer, PersonalSettings } from '../contract.ts';
import { passwordRules } from '../../session/password-policy.ts';
import { localise } from '../../text/locale.ts';
import { readBody } from '../request/body.ts';
import { requireOwnSession } from '../request/own-session.ts';
import { checkSettings } from '../request/personal-settings.ts';
import type { HttpRouter } from '../state.ts';

/** `GET/PATCH /api/v1/me`, `GET/POST /api/v1/me/password` (FM-03, DM-USR-05, SEC-12). */
export function register(router: HttpRouter, app: Application): void {
  router.get(
    '/api/v1/me',
    signedIn(app, async (call) => me(call, call.session.settings), { beforePasswordChange: true }),
  );

  router.patch(
    '/api/v1/me',
    signedIn(
      app,
      async (call) => {
        const patch = readBody(call.body, ['settings']).object('settings');
        checkSettings(patch);
        return me(call, await app.sessions.saveSettings(call.session.actor.id, patch));
      },
      { beforePasswordChange: true, body: 256 * 1024 },
    ),
  );

  router.get(
    '/api/v1/me/password',
    signedIn(
      app,
      async ({ context, query }): Promise<PasswordRulesAnswer> => {
        query([]);
        return {
          rules: passwordRules(context.model.settings.passwords ?? {}).map(({ code, message }) => ({
            code,
            message: localise(message, context.locale),
          })),
        };
      },
      { beforePasswordChange: true },
    ),
  );

  router.post(
    '/api/v1/me/password',
    signedIn(
      app,
      async ({ http, body, session }) => {
        requireOwnSession(session);
        const sent = readBody(body, ['old', 'new', 'revoke_tokens']);
        await app.sessions.changePassword(session, sent.text('old', 1000), sent.text('new', 1000), {
          revokeTokens: sent.flag('revoke_tokens') ?? false,
          address: http.ip,
        });
        http.status = 204;
      },
      { beforePasswordChange: true },
    ),
  );

  router.post(
    '/api/v1/users/:id/password',
    signedIn(
      app,
      async ({ http, body, context, session, param }) => {
        const sent = readBody(body, ['password', 'must_change']);
        const password = sent.text('password', 1000);
        // Through the gate: who may not see the user cannot set his password either.
        const user = await app.records.read(context, 'user', param('id'), { fields: ['username'] });
        await refuseHigherRights(app, String(user['id']), context);
        const own = user['id'] === session.actor.id;
        if (own) requireOwnSession(session);
        await app.sessions.setPassword(String(user['id']), password, {
          mustChange: sent.flag('must_change') ?? !own,
          ...(own ? { keep: session.tokenHash } : {}),
          event: {
            ...actorOf(context),
            kind: 'password',
            entity: 'user',
            records: [String(user['id'])],
            detail: { by: 'administrator' },
          },
        });
        http.status = 204;
      },
      { function: 'users.configure' },
    ),
  );
}

/** Nobody takes over an account that may configure what he may not. */
async function refuseHigherRights(app: Application, userId: string, context: Context): Promise<void> {
  const { roles, personal } = await app.sessions.standingOf(userId);
  const lacking = lackingPower(context.model, context.access, roles, personal);
  if (lacking !== null) throw problem('MRT_ACCESS_FUNCTION', { function: lacking });
}

function me({ context, session, http }: Call, settings: PersonalSettings): MeAnswer {
  const { actor } = context;
  const roles = actor.roles.flatMap((name) => context.model.roles.get(name) ?? []);
  const given = [
    ...roles.flatMap((role) =>
      Object.entries(role.functions ?? {}).flatMap(([name, held]) => (held ? name : [])),
    ),
    ...session.standing.personal.flatMap(({ functionName }) => functionName ?? []),
  ];
  const functions = new Set(given.filter((name) => context.access.mayUse(name)));
  return {
    user: {
      id: actor.id,
      username: actor.username,
      display_name: actor.displayName,
      unit: actor.unit,
      unit_name: session.unitName,
      must_change_password: session.mustChangePassword,
    },
    roles: roles.map((role) => ({ name: role.name, label: role.label })),
    functions: [...functions].sort(),
    locale: settings.locale ?? http.state.locale,
    csrf: session.csrf,
    settings,
  };
}
