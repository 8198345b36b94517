import { bindAccess } from '../access/bind-access.ts';
import { compileAccess, compileSystemAccess } from '../access/compile-access.ts';
import { circumstancesOf, standingActor } from '../access/standing-actor.ts';
import type { Actor, Context, Source } from '../context/context.ts';
import type { Model } from '../model/model.ts';
import type { Dictionaries } from '../store/dictionaries.ts';
import type { Session } from '../session/session.ts';
import type { Locale } from '../text/locale.ts';
import { narrowRoles } from '../token/narrow-roles.ts';

/** The context of a signed-in person at a model: his roles compiled and narrowed by his token, his department tree bound. */
export function contextOfSession(
  model: Model,
  session: Session,
  dictionaries: Dictionaries,
  locale: Locale,
  source: Source,
): Context {
  // A token acts for its own person alone, also where he stands in for a colleague (SEC-16).
  const standing = session.token ? { ...session.standing, deputies: [] } : session.standing;
  const circumstances = circumstancesOf(standing, session.shared);
  const held = compileAccess(model, standing.roles, standing.personal, circumstances);
  const actor = { ...session.actor, roles: held.roles };
  const below = (unit: string): readonly string[] => (unit === actor.unit ? session.units : [unit]);
  const now = new Date();
  const roles = session.token ? narrowRoles(held, session.token) : held;
  return {
    actor,
    model,
    access: bindAccess(roles, standingActor(actor, standing, dictionaries), { below }, now),
    locale,
    timeZone: model.settings.timeZone,
    now,
    source,
    groups: standing.groups.map(({ id }) => id),
  };
}

/** The context of what the platform does itself (first start, sample data): unrestricted. Never for a request. */
export function systemContext(model: Model, actor: Actor, source: Source): Context {
  return {
    actor,
    model,
    access: bindAccess(compileSystemAccess(model), actor, { below: (unit) => [unit] }),
    locale: model.settings.locale,
    timeZone: model.settings.timeZone,
    now: new Date(),
    source,
  };
}
