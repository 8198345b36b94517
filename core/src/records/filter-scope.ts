import type { FilterScope } from '../fields/field-type.ts';
import type { Context } from '../context/context.ts';
import type { Dictionaries } from '../store/dictionaries.ts';
import { dateInZone } from './today.ts';

/** What filters of this request may refer to. */
export function filterScopeOf(context: Context, dictionaries: Dictionaries): FilterScope {
  return {
    descendants: (dictionary, code) => dictionaries.descendants(dictionary, code),
    timeZone: context.timeZone,
    user: context.actor.id,
    roles: context.actor.roles,
    today: dateInZone(context.now, context.timeZone),
  };
}
