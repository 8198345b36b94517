/**
 * Entities by whose records rights are decided. They are neither merged nor handed over: nobody comes by a right because
 * two records became one or somebody left; nor do shares and stand-ins reach them. What they refer to may be merged; see {@link mergeFunctions}.
 */
export const DECIDING_RIGHTS: ReadonlySet<string> = new Set([
  'user',
  'user_group',
  'user_grant',
  'department_filter',
  'deputy',
]);

/**
 * The function permissions that merging records of an entity, and taking it back, needs. Whose unit becomes another one
 * reaches other records, and so does who comes to stand above other people or into another team: these become one only
 * by who may say it of the people themselves (SEC-06).
 */
export function mergeFunctions(entity: string): readonly string[] {
  return PLACING_PEOPLE.has(entity) ? ['merge', 'users.configure'] : ['merge'];
}

/** Entities whose records say where people stand. */
const PLACING_PEOPLE: ReadonlySet<string> = new Set(['unit', 'staff', 'business_team']);
