import type { Application } from '../../app/application.ts';
import { actorOf } from '../../audit/actor-of.ts';
import type { Context } from '../../context/context.ts';
import { problem } from '../../errors/catalogue.ts';
import { isUuid } from '../../fields/uuid.ts';
import type { TokenWish } from '../../token/token.ts';
import { signedIn } from '../call.ts';
import { type Body, readBody } from '../request/body.ts';
import { requireOwnSession } from '../request/own-session.ts';
import type { HttpRouter } from '../state.ts';
import { isVisible } from '../view-model/visible-entity.ts';

const MEMBERS = ['name', 'expires_on', 'readOnly', 'functions', 'entities'];

/** `GET/POST /api/v1/me/tokens`, `DELETE /api/v1/me/tokens/:id`: one's own API tokens (SEC-12). Not by a token itself. */
export function register(router: HttpRouter, app: Application): void {
  router.get(
    '/api/v1/me/tokens',
    signedIn(app, async ({ session, query }) => {
      query([]);
      requireOwnSession(session);
      return { items: await app.tokens.list(session.actor.id) };
    }),
  );

  router.post(
    '/api/v1/me/tokens',
    signedIn(app, async ({ http, session, context, body }) => {
      requireOwnSession(session);
      const wish = wishOf(context, readBody(body, MEMBERS));
      const { token, secret } = await app.tokens.create(session.actor.id, wish);
      http.state.log.info({ user: session.actor.username, token: token.id, scope: wish }, 'token made');
      await app.security.note({
        ...actorOf(context),
        kind: 'token-made',
        detail: { name: token.name, readOnly: token.readOnly, entities: token.entities },
      });
      http.status = 201;
      http.set('Cache-Control', 'no-store');
      return { ...token, token: secret };
    }),
  );

  router.delete(
    '/api/v1/me/tokens/:id',
    signedIn(app, async ({ http, context, session, param }) => {
      requireOwnSession(session);
      const id = param('id');
      if (!isUuid(id) || !(await app.tokens.revoke(session.actor.id, id))) throw problem('MRT_TOKEN_UNKNOWN');
      http.state.log.info({ user: session.actor.username, token: id }, 'token revoked');
      await app.security.note({ ...actorOf(context), kind: 'token-revoked' });
      http.status = 204;
    }),
  );
}

function wishOf(context: Context, sent: Body): TokenWish {
  const name = sent.text('name', 100).trim();
  if (name === '') throw problem('MRT_REQUEST_MALFORMED', { reason: '/name' });
  const entities = sent.has('entities') ? [...new Set(sent.texts('entities'))] : null;
  for (const each of entities ?? []) {
    if (!isVisible(context.access, context.model.entities.get(each)))
      throw problem('MRT_ENTITY_UNKNOWN', { entity: each });
  }
  return {
    name,
    expiresOn: dayOf(sent.optionalText('expires_on', 10)),
    readOnly: sent.flag('readOnly') ?? false,
    // Who names entities means these and nothing else.
    functions: sent.flag('functions') ?? entities === null,
    entities,
  };
}

function dayOf(text: string | undefined): string | null {
  if (text === undefined) return null;
  const date = new Date(`${text}T00:00:00Z`);
  if (
    !/^\d{4}-\d{2}-\d{2}$/.test(text) ||
    Number.isNaN(date.getTime()) ||
    date.toISOString().slice(0, 10) !== text
  )
    throw problem('MRT_REQUEST_MALFORMED', { reason: '/expires_on: YYYY-MM-DD' });
  return text;
}
