/** The actor's values in predicates. They are markers until a statement runs, so that its text is shared. */
export type ActorParameter = keyof ActorParameters;

/** The values of one actor at one moment. */
export interface ActorParameters {
  /** Null for nobody: what the clock starts acts without a person. */
  readonly me: string | null;
  readonly unit: string | null;
  /** The actor's unit and all units under it. */
  readonly units: readonly string[];
  /** The members of the business teams that the actor is in, himself among them (SEC-11). */
  readonly mates: readonly string[];
  /** Those teams. */
  readonly teams: readonly string[];
  /** Names of the roles in force. */
  readonly roles: readonly string[];
  /** The moment, ISO 8601, and the business date. */
  readonly now: string;
  readonly today: string;
  readonly timeZone: string;
}

/** Stands in a statement for a value of the actor who will run it. */
export class ActorMarker {
  readonly parameter: ActorParameter;
  constructor(parameter: ActorParameter) {
    this.parameter = parameter;
  }
}

/** The one marker of each value, so that a statement binds it once. */
export const ACTOR_MARKERS: Readonly<Record<ActorParameter, ActorMarker>> = {
  me: new ActorMarker('me'),
  unit: new ActorMarker('unit'),
  units: new ActorMarker('units'),
  mates: new ActorMarker('mates'),
  teams: new ActorMarker('teams'),
  roles: new ActorMarker('roles'),
  now: new ActorMarker('now'),
  today: new ActorMarker('today'),
  timeZone: new ActorMarker('timeZone'),
};
