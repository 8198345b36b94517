import type { GrantDocument } from '../model/documents.ts';

/** What one person is given or refused over his roles (SEC-03, SEC-04). */
export interface PersonalGrant {
  /** Id of the record that says so. */
  readonly id: string;
  readonly effect: 'allow' | 'deny';
  /** What it says of records, in the words of a role's grant; null where it is about a function. */
  readonly document: GrantDocument | null;
  /** It is about a field: the right to the records themselves stays as the roles have it. */
  readonly field: boolean;
  /** The function permission it is about, or null. */
  readonly functionName: string | null;
  readonly reason: string;
  /** Last business date on which it holds, or null. */
  readonly until: string | null;
}

/** Stands for the name of a role where a grant is a person's own. No role can be named so. */
export const PERSONAL_ROLE = '@personal';

/** Equal for grants that say the same, whoever has them. */
export function personalKey({ id, effect, document, field, functionName }: PersonalGrant): string {
  return JSON.stringify([id, effect, document, field, functionName]);
}

/** Does the grant refuse? */
export function isDenial(document: GrantDocument): boolean {
  return document.effect === 'deny';
}
