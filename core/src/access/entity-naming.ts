/**
 * Fields whose values are the names of entities, by the entities they belong to. The gate asks them by name, so a rename
 * rewrites them: a right that names an entity must not lapse because that is called otherwise.
 */
export const ENTITY_NAMING: ReadonlyMap<string, readonly string[]> = new Map([
  ['department_filter', ['entity']],
  ['user_grant', ['entity']],
]);
