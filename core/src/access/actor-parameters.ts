/** The actor's values in predicates. They are markers until a statement runs, so that its text is shared. */
export type ActorParameter = Exclude<keyof ActorParameters, 'territories'>;

/** The values of one actor at one moment. */
export interface ActorParameters {
  /** Null for nobody: what the clock starts acts without a person. */
  readonly me: string | null;
  /** Who really acts: another than `me` where somebody stands in for him. */
  readonly acting: string | null;
  readonly unit: string | null;
  /** The actor's unit and all units under it. */
  readonly units: readonly string[];
  /** The members of the business teams that the actor is in, himself among them (SEC-11). */
  readonly mates: readonly string[];
  /** Those teams. */
  readonly teams: readonly string[];
  /** The actor and everybody below him in the supervisor tree. */
  readonly led: readonly string[];
  /** Whom records are shared with when they are shared with him: himself, his unit and the units above it. */
  readonly principals: readonly string[];
  /** Those whose records he takes care of while they are away (SEC-16). */
  readonly absent: readonly string[];
  /** The regions of a dictionary that he answers for, with all below them. */
  readonly territories: (dictionary: string) => readonly string[];
  /** Names of the roles in force. */
  readonly roles: readonly string[];
  /** The moment, ISO 8601, and the business date. */
  readonly now: string;
  readonly today: string;
  readonly timeZone: string;
}

/** Stands in a statement for a value of the actor who will run it. */
export class ActorMarker {
  readonly of: (parameters: ActorParameters) => unknown;
  constructor(of: (parameters: ActorParameters) => unknown) {
    this.of = of;
  }
}

/** The one marker of each value, so that a statement binds it once. */
export const ACTOR_MARKERS: Readonly<Record<ActorParameter, ActorMarker>> = {
  me: new ActorMarker((actor) => actor.me),
  acting: new ActorMarker((actor) => actor.acting),
  unit: new ActorMarker((actor) => actor.unit),
  units: new ActorMarker((actor) => actor.units),
  mates: new ActorMarker((actor) => actor.mates),
  teams: new ActorMarker((actor) => actor.teams),
  led: new ActorMarker((actor) => actor.led),
  principals: new ActorMarker((actor) => actor.principals),
  absent: new ActorMarker((actor) => actor.absent),
  roles: new ActorMarker((actor) => actor.roles),
  now: new ActorMarker((actor) => actor.now),
  today: new ActorMarker((actor) => actor.today),
  timeZone: new ActorMarker((actor) => actor.timeZone),
};

const TERRITORIES = new Map<string, ActorMarker>();

/** The marker for the actor's regions of a dictionary. */
export function territoryMarker(dictionary: string): ActorMarker {
  let marker = TERRITORIES.get(dictionary);
  if (!marker) {
    marker = new ActorMarker((actor) => actor.territories(dictionary));
    TERRITORIES.set(dictionary, marker);
  }
  return marker;
}
