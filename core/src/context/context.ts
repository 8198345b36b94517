import type { Locale } from '../text/locale.ts';
import type { Model } from '../model/model.ts';
import type { Access } from '../access/access.ts';

/** Who acts. `roles` are names of role documents. */
export interface Actor {
  readonly id: string;
  readonly username: string;
  readonly displayName: string;
  readonly unit: string | null;
  readonly roles: readonly string[];
}

/** By which road a change comes; kept in the history (NF-DQ-05). */
export type Source = 'screen' | 'api' | 'import' | 'rule' | 'plugin' | 'demo' | 'upgrade';

/** Why the platform itself writes: the rule, and those that led to it (DESIGN §6). */
export interface Cause {
  /** Name of the rule, or of the deadline. */
  readonly rule: string;
  /** `rule/record` of each run that led here, the oldest first. */
  readonly chain: readonly string[];
}

/** Everything a request carries. Every engine is a function over it; nothing is global. */
export interface Context {
  readonly actor: Actor;
  readonly model: Model;
  /** The gate for this actor at this model version. */
  readonly access: Access;
  readonly locale: Locale;
  readonly timeZone: string;
  /** The moment of the request. */
  readonly now: Date;
  readonly source: Source;
  /** User groups of the actor, those around them included; absent where nobody is signed in. */
  readonly groups?: readonly string[];
  /** Network address of the request; absent for what the platform does by itself. */
  readonly address?: string;
  /** Networks from which the actor alone may come; null: those of his roles. */
  readonly ownNetworks?: string | null;
  /**
   * The colleague who is away and for whom the actor takes a step (SEC-16). The gate and the roles of the actor are
   * then his; what is written is written by the actor.
   */
  readonly behalf?: { readonly id: string; readonly displayName: string };
  /** Where `source` is `rule`: which one. */
  readonly cause?: Cause;
  /** A trial whose transaction is rolled back: nothing may be kept beside it either. */
  readonly isTrial?: true;
}
