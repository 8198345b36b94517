import { bindAccess } from '../access/bind-access.ts';
import { compileAccess } from '../access/compile-access.ts';
import type { Actor, Cause, Context } from '../context/context.ts';
import { problem } from '../errors/catalogue.ts';
import type { Model } from '../model/model.ts';
import type { LocaleText } from '../text/locale.ts';

/** How often rules may set each other off, one inside the other. */
const MAX_DEPTH = 8;

/** What a rule or a deadline is called: in the run log, in the history and before people. */
export interface Named {
  readonly name: string;
  readonly label: LocaleText;
}

/** Nobody: what rules with rights of their own, and those that the clock starts, act as. */
function nobody(named: Named, roles: readonly string[]): Actor {
  return { id: '', username: named.name, displayName: named.label['zh-CN'], unit: null, roles };
}

/** The context of what the clock starts: the rights of the rule's roles, no person and no department. */
export function clockContext(model: Model, named: Named, roles: readonly string[], now: Date): Context {
  const actor = nobody(named, roles);
  return {
    actor,
    model,
    access: bindAccess(compileAccess(model, roles), actor, { below: (unit) => [unit] }),
    locale: model.settings.locale,
    timeZone: model.settings.timeZone,
    now,
    source: 'rule',
    cause: { rule: named.name, chain: [] },
  };
}

/**
 * The context in which a rule acts: with the rights of its roles, or of the person whose write started it. The chain
 * of rules that led here goes along. @throws MRT_RULE_DEPTH
 */
export function actingContext(
  context: Context,
  named: Named,
  roles: Readonly<Record<string, true>> | undefined,
  key: string,
): Context {
  const chain = [...(context.cause?.chain ?? []), key];
  if (chain.length > MAX_DEPTH)
    throw problem('MRT_RULE_DEPTH', {
      max: MAX_DEPTH,
      chain: chain.map((each) => each.split('/')[0]).join(' → '),
    });
  const cause: Cause = { rule: named.name, chain };
  if (roles === undefined) return { ...context, source: 'rule', cause };
  return {
    ...clockContext(context.model, named, Object.keys(roles), context.now),
    locale: context.locale,
    cause,
    ...(context.isTrial ? { isTrial: true } : {}),
  };
}

/** Does this rule already run on this record, further out? */
export function isInside(context: Context, key: string): boolean {
  return context.cause?.chain.includes(key) === true;
}
