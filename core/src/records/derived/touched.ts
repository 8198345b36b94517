import { derivedGraph } from '../../model/derived/derived-graph.ts';
import type { EntityModel, Model } from '../../model/model.ts';
import type { Values } from '../draft.ts';
import { sameValue } from '../same-value.ts';

/** What a transaction has done to one record, as far as derived fields care. */
interface Touch {
  isNew: boolean;
  isGone: boolean;
  readonly fields: Set<string>;
  /** Reference field → old and new records it led to. */
  readonly parents: Map<string, Set<string>>;
}

/** Everything that derived fields must still follow in one transaction. */
export class Touched {
  readonly records = new Map<string, Map<string, Touch>>();
  /** Node key → records whose value is asked for whatever has changed (the filling of a new field). */
  readonly asked = new Map<string, Set<string>>();

  get isEmpty(): boolean {
    return this.records.size === 0 && this.asked.size === 0;
  }

  /** Notes a write. `previous` is null for a new record, `values` for one that is gone. */
  note(
    model: Model,
    entity: EntityModel,
    id: string,
    previous: Readonly<Values> | null,
    values: Readonly<Values> | null,
  ): void {
    const interest = derivedGraph(model).interests.get(entity.name);
    if (!interest) return;
    const isWhole = previous === null || values === null;
    const changed = [...interest.fields].filter(
      (name) => isWhole || !sameValue(previous[name], values[name]),
    );
    if (changed.length === 0 && !isWhole) return;
    const touch = this.#at(entity.name, id);
    touch.isNew ||= previous === null;
    touch.isGone = values === null;
    for (const name of changed) touch.fields.add(name);
    for (const by of interest.parents) {
      const parents = touch.parents.get(by) ?? new Set();
      touch.parents.set(by, parents);
      for (const parent of [previous?.[by], values?.[by]])
        if (typeof parent === 'string') parents.add(parent);
    }
  }

  /** Asks for the value of a derived field in these records. */
  ask(key: string, ids: readonly string[]): void {
    const asked = this.asked.get(key) ?? new Set();
    this.asked.set(key, asked);
    for (const id of ids) asked.add(id);
  }

  /** Records of an entity in which one of the fields has changed; new and removed ones are among them. */
  changed(entity: string, fields: ReadonlySet<string>): [string, Touch][] {
    return [...(this.records.get(entity) ?? [])].filter(
      ([, touch]) => touch.isNew || touch.isGone || [...touch.fields].some((name) => fields.has(name)),
    );
  }

  #at(entity: string, id: string): Touch {
    const records = this.records.get(entity) ?? new Map<string, Touch>();
    this.records.set(entity, records);
    let touch = records.get(id);
    if (!touch) {
      touch = { isNew: false, isGone: false, fields: new Set(), parents: new Map() };
      records.set(id, touch);
    }
    return touch;
  }
}
