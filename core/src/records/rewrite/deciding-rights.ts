/**
 * Entities by whose records rights are decided. They are neither merged nor handed over: nobody comes by a right because
 * two records became one or somebody left. What they refer to may be merged; see {@link mergeFunctions}.
 */
export const DECIDING_RIGHTS: ReadonlySet<string> = new Set(['user', 'user_group', 'user_grant']);

/**
 * The function permissions that merging records of an entity, and taking it back, needs. Whose unit becomes another one
 * reaches other records: two units become one only by who may say which unit people are in (SEC-06).
 */
export function mergeFunctions(entity: string): readonly string[] {
  return entity === 'unit' ? ['merge', 'users.configure'] : ['merge'];
}
