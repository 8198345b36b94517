/** Most records that are merged at once; more cannot be compared side by side. */
export const MOST = 20;

/** Records by which rights are decided: the server merges none of them. */
export const UNMERGEABLE: ReadonlySet<string> = new Set(['user', 'user_group', 'user_grant']);
