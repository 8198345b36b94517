import type { LocaleText } from '../text/locale.ts';

/** A dictionary value as stored (a row of `mortise.dictionary_value`). */
export interface DictionaryValue {
  readonly code: string;
  readonly label: LocaleText;
  readonly parent: string | null;
  readonly sort: number;
  readonly active: boolean;
  readonly color: string | null;
  readonly data: Readonly<Record<string, string | number | boolean>>;
  /** Seeded by a document; may be relabelled and retired, not deleted. */
  readonly isSystem: boolean;
}

/** All dictionary values, held in memory and renewed when another node changes them. */
export interface Dictionaries {
  /** In display order, parents before children; empty for an unknown dictionary. */
  values(dictionary: string): readonly DictionaryValue[];
  value(dictionary: string, code: string): DictionaryValue | undefined;
  /** The code itself and every code below it. */
  descendants(dictionary: string, code: string): readonly string[];
  /** Grows with every change of the dictionary; the clients' cache key. */
  revision(dictionary: string): number;
}
