import type { EntityModel, FieldModel } from '../model/model.ts';
import type { ScopedRow } from '../access/scope-set.ts';

export type Values = Record<string, unknown>;

/** A line on its way into the database. */
export interface LineDraft {
  readonly entity: EntityModel;
  readonly values: Values;
  readonly previous: Readonly<Values> | null;
  /** Names that the client gave. */
  readonly sent: ReadonlySet<string>;
  /** JSON Pointer within the request, `/lines/0`. */
  readonly at: string;
}

/** A record on its way into the database. */
export interface Draft {
  readonly entity: EntityModel;
  readonly id: string;
  /** API values by field name; `lines` fields are held apart. */
  readonly values: Values;
  readonly previous: Readonly<Values> | null;
  readonly sent: ReadonlySet<string>;
  /** Of them those that the form of a transition gives, whatever locks them otherwise. */
  readonly given?: ReadonlySet<string>;
  /** Lines by their field; a field is absent when its lines stay as they are. */
  readonly lines: Map<string, readonly LineDraft[]>;
  /** Stored lines by their field. */
  readonly previousLines: ReadonlyMap<string, readonly Readonly<Values>[]>;
  /** Tables of the lines, by their field. */
  readonly lineTables: ReadonlyMap<string, string>;
  /** The record that scopes of a line are asked of. */
  readonly up: ScopedRow | null;
}

/** The entity of a `lines` field. @throws Error when the model lacks it, which its compiler refuses */
export function lineEntity(entities: ReadonlyMap<string, EntityModel>, field: FieldModel): EntityModel {
  const entity = entities.get(String(field.def['entity']));
  if (!entity) throw new Error(`the lines field ${field.entity}.${field.name} leads to no entity`);
  return entity;
}

/** Fields of a line that mean something to people: not its key, place or parent. */
export function contentOf(entity: EntityModel, line: Readonly<Values>): Values {
  const content: Values = { id: line['id'] };
  for (const name of entity.fields.keys()) {
    if (name === 'id' || name === 'version' || name === 'position' || name === entity.parent?.field) continue;
    if (line[name] !== undefined) content[name] = line[name];
  }
  return content;
}

/** Lines as hooks see them: without the reference to the record they stand in, so that they can be handed back. */
function shownLines(draft: Draft, name: string, lines: readonly Readonly<Values>[]): Values[] {
  const parent = String(draft.entity.fields.get(name)?.def['by']);
  return lines.map((line) => Object.fromEntries(Object.entries(line).filter(([field]) => field !== parent)));
}

/** The draft as hooks see it: one object, lines inside. */
export function wholeDraft(draft: Draft): Values {
  const whole: Values = { ...draft.values };
  for (const [name, stored] of draft.previousLines) whole[name] = shownLines(draft, name, stored);
  for (const [name, lines] of draft.lines) {
    whole[name] = shownLines(
      draft,
      name,
      lines.map((line) => line.values),
    );
  }
  return whole;
}

/** The stored record with its lines, as hooks see it. */
export function wholePrevious(draft: Draft): Values | null {
  if (draft.previous === null) return null;
  const lines = [...draft.previousLines].map(([name, stored]) => [name, shownLines(draft, name, stored)]);
  return { ...draft.previous, ...Object.fromEntries(lines) };
}
