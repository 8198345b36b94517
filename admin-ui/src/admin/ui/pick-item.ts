/** One entry of a `PickList`. */
export interface PickItem {
  readonly key: string;
  readonly label: string;
  /** Small text at the end: a count, a kind. */
  readonly note?: string | undefined;
  /** What the search box looks at. */
  readonly search: string;
  /** Withdrawn or switched off. */
  readonly quiet?: boolean;
}
