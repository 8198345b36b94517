import { escapeLike } from '../fields/text-filter.ts';
import { conjunction, disjunction, type QuerySource } from './query-source.ts';

const MAX_WORDS = 8;

/** Every word must occur in some field that is marked `search` and readable in that row. */
export function compileSearch(source: QuerySource, search: string): string {
  const words = [...new Set(search.normalize('NFKC').split(/\s+/).filter(Boolean))].slice(0, MAX_WORDS);
  const rights = source.scope.roles.entity(source.entity);
  const cells = [...source.entity.fields.values()]
    .filter((field) => field.def.search === true && field.column && rights.field(field).read.length > 0)
    .map((field) => source.cell(field.name, '/search'));
  return conjunction(
    words.map((word) => {
      const pattern = source.scope.parameters.bind(`%${escapeLike(word)}%`);
      return disjunction(
        cells.map((cell) => conjunction([`${cell.expression}::text ILIKE ${pattern}`, cell.readable])),
      );
    }),
  );
}
