import type { Bind } from '../fields/field-type.ts';
import { ActorMarker, type ActorParameters } from '../access/actor-parameters.ts';
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

/**
 * Renumbers a text so that it names only parameters it uses, in their order: a condition that falls away (`false`)
 * leaves its parameters behind, which PostgreSQL refuses.
 * @returns the text and, for each of its parameters, the index of the value
 */
export function usedParameters(text: string): { readonly text: string; readonly used: readonly number[] } {
  const numbers = new Map<string, number>();
  const used: number[] = [];
  const renumbered = text.replace(/\$(\d+)/g, (_, number: string) => {
    let next = numbers.get(number);
    if (next === undefined) {
      next = used.push(Number(number) - 1);
      numbers.set(number, next);
    }
    return `$${next}`;
  });
  return { text: renumbered, used };
}
