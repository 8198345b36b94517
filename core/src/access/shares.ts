import type { ActorParameters } from './actor-parameters.ts';

/** A record that one person shares with another or with a department, as the gate sees it. */
export interface Share {
  /** The person or department. */
  readonly to: string;
  readonly level: 'read' | 'write';
  /** Last business date on which it holds, or null. */
  readonly until: string | null;
  /** Fields that its giver could not read himself: the share shows none of them. A field of a line is `entity.field`. */
  readonly unread: readonly string[];
  /** Fields that its giver could not change himself, those of `unread` among them. */
  readonly unwritten: readonly string[];
}

/** Under this key a record in memory carries its shares. A symbol: it is no value of the record and goes into no row. */
export const SHARES: unique symbol = Symbol('shares');

/** What a share is asked for: to see the record, or to change it; of one field, where that matters. */
interface ShareQuestion {
  readonly level: 'read' | 'write';
  readonly field: string | null;
}

/** Does one of the shares give the actor what is asked? Expired ones count for nothing. */
export function shareHolds(
  shares: readonly Share[],
  { level, field }: ShareQuestion,
  { principals, today }: Pick<ActorParameters, 'principals' | 'today'>,
): boolean {
  return shares.some(
    (share) =>
      principals.includes(share.to) &&
      (share.until === null || share.until >= today) &&
      (level === 'read' || share.level === 'write') &&
      (field === null || !(level === 'write' ? share.unwritten : share.unread).includes(field)),
  );
}

/**
 * What a person's session knows of the shares he has: entity → fields that one of them withholds. Entities that are
 * not in it have no share for him, so that his statements need not ask. Null: not known, everything is asked.
 */
export type SharedWith = ReadonlyMap<string, readonly string[]> | null;
