import { escapeLike } from '../fields/text-filter.ts';
import { conjunction, disjunction, type QuerySource } from './query-source.ts';

const MAX_WORDS = 8;
/** Spaces, and control characters, which no stored text has and PostgreSQL refuses. */
// oxlint-disable-next-line no-control-regex -- they are what is meant
const SEPARATORS = /[\s\u0000-\u001f\u007f]+/;

/** Every word must occur in some field that is marked `search` and readable in that row. */
export function compileSearch(source: QuerySource, search: string): string {
  const words = [...new Set(search.normalize('NFKC').split(SEPARATORS).filter(Boolean))].slice(0, MAX_WORDS);
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
