import type { EntityModel, Model } from '../../model/model.ts';
import type { Values } from '../draft.ts';

/** Fields by which the records of an entity stand below another record: `contact.customer`. */
function anchorsOf(model: Model, entity: EntityModel): readonly string[] {
  return [...model.entities.values()].flatMap((above) =>
    [...above.fields.values()].flatMap((field) =>
      field.type === 'children' && field.def['entity'] === entity.name && above !== entity
        ? [String(field.def['by'])]
        : [],
    ),
  );
}

/** Entities whose records stand below no other come first, so that those below can follow them. */
export function inOrder(model: Model, entities: readonly EntityModel[]): readonly EntityModel[] {
  return entities.toSorted(
    (a, b) =>
      Math.sign(anchorsOf(model, a).length) - Math.sign(anchorsOf(model, b).length) ||
      (a.name < b.name ? -1 : 1),
  );
}

/**
 * Deals records out among those who take over: each gets as many as the next, and what belongs together stays
 * together — a contact goes where its customer went, and all fields of one record to one person.
 */
export class Dealer {
  readonly #count: number;
  readonly #anchors = new Map<EntityModel, readonly string[]>();
  readonly #dealt = new Map<string, number>();
  readonly #model: Model;
  #next = 0;

  constructor(model: Model, count: number) {
    this.#model = model;
    this.#count = count;
  }

  /** Place of the one who gets the record. */
  placeOf(entity: EntityModel, record: Readonly<Values>): number {
    const id = String(record['id']);
    const known = this.#dealt.get(id);
    if (known !== undefined) return known;
    let anchors = this.#anchors.get(entity);
    if (!anchors) this.#anchors.set(entity, (anchors = anchorsOf(this.#model, entity)));
    const above = anchors.flatMap((name) => this.#dealt.get(String(record[name])) ?? []);
    const place = above[0] ?? this.#next++ % this.#count;
    this.#dealt.set(id, place);
    return place;
  }
}
