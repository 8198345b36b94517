import type { Context } from '../context/context.ts';
import type { Database, Row } from '../store/database.ts';
import { conjunction, disjunction, QuerySource } from '../records/query-source.ts';
import { runnable, StatementStore } from '../records/compiled-statement.ts';
import { stateCondition } from '../records/row-state.ts';
import { StatementParameters } from '../records/statement-parameters.ts';
import { hashedParts } from './search-keys.ts';
import type { SearchedFields } from './searched-fields.ts';

/** One alternative of a question: values that hold all parts and fit all patterns. */
export interface Alternative {
  readonly parts: readonly string[];
  readonly patterns: readonly string[];
  readonly weight: number;
}

/** A value that fits. */
export interface Match {
  readonly entity: string;
  readonly id: string;
  readonly field: string;
  readonly weight: number;
}

/** Of more fitting values than these the ranking takes any. */
const MOST_OF_ALTERNATIVE = 500;
/** How much less a match in another field than the name counts. */
const OTHER_FIELD = 6;

const STORE = new StatementStore<null>();

/**
 * The best match of each record, at most `most` of each entity, in one statement. Only records that the actor may
 * know of, and only values that he may read in that record, take part: neither others nor masked ones are looked at
 * before the limits (DESIGN §5).
 */
export async function matchingRecords(
  db: Database,
  context: Context,
  searched: readonly SearchedFields[],
  alternatives: readonly Alternative[],
  most: number,
): Promise<readonly Match[]> {
  if (searched.length === 0 || alternatives.length === 0) return [];
  const roles = context.access.compiled;
  const parameters = new StatementParameters();
  const asked = searched.map(({ entity }) =>
    parameters.bind(
      JSON.stringify(
        alternatives.map(({ parts, patterns, weight }) => ({
          keys: hashedParts(entity.name, parts),
          patterns,
          weight,
        })),
      ),
    ),
  );
  const own = [...parameters.values];
  const names = searched.map(({ entity }) => entity.name);
  const key = ['search', roles.key, most, ...names].join('\n');
  const statement = STORE.take(context.model, key, own.length, () => {
    const branches = searched.flatMap((each, at) => {
      const branch = branchOf(context, each, asked[at] ?? '', parameters, most);
      return branch === null ? [] : [branch];
    });
    const none = `SELECT NULL::text AS entity, NULL::text AS id, NULL::text AS field, 0 AS weight, 0 AS size WHERE false`;
    return {
      text: branches.length === 0 ? none : branches.join('\nUNION ALL '),
      values: parameters.values,
      shape: null,
    };
  });
  return await db.query<Row & Match>(runnable(statement, own, context.access.parameters));
}

/** The part of the statement for one entity; null when the actor can read none of its searched fields. */
function branchOf(
  context: Context,
  { entity, fields }: SearchedFields,
  asked: string,
  parameters: StatementParameters,
  most: number,
): string | null {
  const roles = context.access.compiled;
  const source = new QuerySource({ roles, parameters, nextAlias: 1 }, entity);
  const rights = roles.entity(entity);
  const readable = fields
    .filter((field) => rights.field(field).read.length > 0)
    .map((field) => {
      const name = parameters.bind(field.name);
      return conjunction([`k.field = ${name}::text`, source.cell(field.name, '/q').readable]);
    });
  const gate = conjunction([source.visible(), stateCondition(source, 'live'), disjunction(readable)]);
  if (readable.length === 0 || gate === 'false') return null;
  const name = `${parameters.bind(entity.name)}::text`;
  // OFFSET keeps the planner from turning this round: it would look for the keys anew for each row of the entity, and
  // read the entity's whole range of keys, although the hashes are the entity's own.
  return `(SELECT ${name} AS entity, best.record_id::text AS id, best.field, best.weight, best.size FROM (
    SELECT DISTINCT ON (hit.record_id) hit.record_id, hit.field, hit.size, asked.weight - hit.malus AS weight
    FROM jsonb_to_recordset(${asked}::jsonb) AS asked (keys int[], patterns text[], weight int)
    CROSS JOIN LATERAL (
      SELECT k.record_id, k.field, k.size, CASE WHEN k.field = ${parameters.bind(entity.display)}::text THEN 0 ELSE ${OTHER_FIELD} END AS malus
      FROM (SELECT record_id, field, length(forms) AS size FROM mortise.search_key
        WHERE entity || '' = ${name} AND keys @> asked.keys AND forms LIKE ALL (asked.patterns) OFFSET 0) k
      CROSS JOIN LATERAL (SELECT FROM ${source.from()} WHERE t.id = k.record_id AND ${gate} OFFSET 0) seen
      LIMIT ${MOST_OF_ALTERNATIVE}) hit
    ORDER BY hit.record_id, weight DESC, hit.size, hit.field) best
  ORDER BY weight DESC, size, record_id LIMIT ${most})`;
}
