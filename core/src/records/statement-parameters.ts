import type { Bind } from '../fields/field-type.ts';
import { ActorMarker, type ActorParameters } from '../access/scope-set.ts';
import { resolveMarker } from '../access/bind-access.ts';

/** Collects the parameters of one statement. Markers of the actor's values are bound once each. */
export class StatementParameters {
  readonly values: unknown[] = [];
  readonly #markers = new Map<ActorMarker, string>();

  readonly bind: Bind = (value) => {
    if (value instanceof ActorMarker) {
      const known = this.#markers.get(value);
      if (known) return known;
      const placeholder = this.#add(value);
      this.#markers.set(value, placeholder);
      return placeholder;
    }
    return this.#add(value);
  };

  #add(value: unknown): string {
    this.values.push(value);
    return `$${this.values.length}`;
  }
}

/** The values to send: markers replaced by what they stand for. */
export function resolveParameters(values: readonly unknown[], actor: ActorParameters): unknown[] {
  return values.map((value) => resolveMarker(value, actor));
}
