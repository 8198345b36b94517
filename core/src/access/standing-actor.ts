import type { Dictionaries } from '../store/dictionaries.ts';
import type { ScopedActor } from './bind-access.ts';
import type { Circumstances } from './circumstances.ts';
import type { SharedWith } from './shares.ts';
import type { Standing } from './standing.ts';

/** What scopes ask of a person, from where he stands. Regions are widened to all below them when they are asked for. */
export function standingActor<A extends { readonly id: string; readonly unit: string | null }>(
  actor: A,
  standing: Standing,
  dictionaries: Pick<Dictionaries, 'descendants'>,
): A & ScopedActor {
  const { teams, mates, led, above, deputies, regions } = standing;
  const known = new Map<string, readonly string[]>();
  return {
    ...actor,
    teams,
    mates,
    led,
    above,
    absent: deputies.filter(({ records }) => records === true).map(({ owner }) => owner),
    territories(dictionary) {
      let codes = known.get(dictionary);
      if (!codes) {
        const below = (regions.get(dictionary) ?? []).flatMap((code) =>
          dictionaries.descendants(dictionary, code),
        );
        known.set(dictionary, (codes = [...new Set(below)]));
      }
      return codes;
    },
  };
}

/** What bears on the rights of a person who stands there. @param shared what is known of the shares he has */
export function circumstancesOf({ filters, deputies }: Standing, shared: SharedWith): Circumstances {
  return { filters, shared, standsIn: deputies.some(({ records }) => records === true) };
}
