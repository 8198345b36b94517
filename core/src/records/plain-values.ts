import type { Values } from './draft.ts';

/** Results of expressions as the API carries them. */
export function plainValues(values: Readonly<Values>): Values {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      value instanceof Date
        ? value.toISOString()
        : typeof value === 'object' && value !== null && !Array.isArray(value)
          ? String(value)
          : value,
    ]),
  );
}
