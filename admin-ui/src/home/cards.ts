/**
 * Cards of the information manager (WS-03, WS-09). Each shows real rows of one entity and appears only when the
 * model has it and the person may query it; which entities those are is all that is said here.
 */
export interface HomeCard {
  readonly entity: string;
  /** Key of the title, with the entity's label as `{entity}`. */
  readonly title: string;
  /** Field that must hold the signed-in person. */
  readonly mine: string;
  readonly sort: string;
  /** Field printed at the end of a row. */
  readonly when: string;
}

export const HOME_CARDS: readonly HomeCard[] = [
  { entity: 'customer', title: 'home.recent', mine: 'owner', sort: '-updated_at', when: 'updated_at' },
  { entity: 'journal', title: 'home.mine', mine: 'author', sort: '-occurred_at', when: 'occurred_at' },
  { entity: 'task', title: 'home.mine', mine: 'owner', sort: '-updated_at', when: 'updated_at' },
];

/** Entries of the information manager (MENU-07), shown when their entity exists. */
export const HOME_ENTRIES: readonly { readonly entity: string; readonly key: string }[] = [
  { entity: 'task', key: 'home.tasks' },
  { entity: 'message', key: 'home.messages' },
  { entity: 'journal', key: 'home.journals' },
];
