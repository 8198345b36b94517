import type { Context } from '../context/context.ts';
import type { LocaleText } from '../text/locale.ts';

/** A record found by the search box. */
export interface SearchHit {
  readonly id: string;
  /** Its name; null where that may not be read. */
  readonly display: string | null;
  /** 0–1 */
  readonly score: number;
  /** The field in which it was found. */
  readonly field: string;
  readonly fieldLabel: LocaleText;
  /** The value of the field, or the piece of a long one around the place. */
  readonly snippet: string;
  /** From … to (exclusive, UTF-16 units) of the place in the snippet; null where a typing error was overlooked. */
  readonly mark: readonly [number, number] | null;
}

/** The hits of one entity, the best first. */
export interface SearchGroup {
  readonly entity: string;
  readonly label: LocaleText;
  readonly items: readonly SearchHit[];
  /** There are more than asked for. */
  readonly more: boolean;
}

export interface SearchQuestion {
  readonly text: string;
  /** Most hits of each entity. */
  readonly limit: number;
  /** Only these entities. */
  readonly entities?: readonly string[];
}

/** The search box over every entity that one may know records of (QRY-05). */
export interface Search {
  /** @throws MRT_ENTITY_UNKNOWN */
  find(context: Context, question: SearchQuestion): Promise<readonly SearchGroup[]>;
  /** Waits until the keys of all written records are made. */
  settle(): Promise<void>;
  stop(): Promise<void>;
}
