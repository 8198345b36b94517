import type { Model } from '../model/model.ts';

/** The roles and all they inherit, each once, sorted. Unknown names stay: they give nothing, and explain says so. */
export function rolesInForce(model: Model, given: readonly string[]): readonly string[] {
  const found = new Set(given);
  for (const name of found)
    for (const [above, isOn] of Object.entries(model.roles.get(name)?.inherits ?? {}))
      if (isOn) found.add(above);
  return [...found].sort();
}
