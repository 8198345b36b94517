import { escapeLike } from '../fields/text-filter.ts';
import type { EntityModel, FieldModel } from '../model/model.ts';
import { conjunction, disjunction, type Cell, type QuerySource } from './query-source.ts';
import { typeOfField } from './type-of-field.ts';

const MAX_WORDS = 8;
/** Spaces, and control characters, which no stored text has and PostgreSQL refuses. */
// oxlint-disable-next-line no-control-regex -- they are what is meant
const SEPARATORS = /[\s\u0000-\u001f\u007f]+/;

const SEARCHED = new WeakMap<EntityModel, readonly FieldModel[]>();

/** The fields that people search. */
function searchedFields(entity: EntityModel): readonly FieldModel[] {
  let fields = SEARCHED.get(entity);
  if (!fields) {
    fields = [...entity.fields.values()].filter((field) => field.def.search === true && field.column);
    SEARCHED.set(entity, fields);
  }
  return fields;
}

/** What people read in the cell, where that is not the stored text. */
function searchText(cell: Cell): string {
  return typeOfField(cell.field).type.searchText?.(cell.expression) ?? `${cell.expression}::text`;
}

/** Every word must occur in some field that is marked `search` and readable in that row. */
export function compileSearch(source: QuerySource, search: string): string {
  const words = [...new Set(search.normalize('NFKC').split(SEPARATORS).filter(Boolean))].slice(0, MAX_WORDS);
  const rights = source.scope.roles.entity(source.entity);
  const cells = searchedFields(source.entity)
    .filter((field) => rights.field(field).read.length > 0)
    .map((field) => source.cell(field.name, '/search'));
  return conjunction(
    words.map((word) => {
      const pattern = source.scope.parameters.bind(`%${escapeLike(word)}%`);
      return disjunction(
        cells.map((cell) => conjunction([`${searchText(cell)} ILIKE ${pattern}`, cell.readable])),
      );
    }),
  );
}
