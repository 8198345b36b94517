/** The value itself, null for undefined: for types whose API and driver values are the same. */
export function asIs(value: unknown): unknown {
  return value ?? null;
}

/** The value as text, empty for null: for types that print as they are stored. */
export function printed(value: unknown): string {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
}
