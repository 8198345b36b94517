import { ACTOR_MARKERS } from '../../access/actor-parameters.ts';
import type { MachinePart, MachineTransition, MachineWho } from '../../workflow/machine.ts';
import { conjunction, disjunction, type QuerySource } from '../query-source.ts';

/** SQL for “is he one of these”, and for a condition over the record (`unknown` where it cannot be asked here). */
type WhoSql = (who: readonly MachineWho[]) => string;
type AskSql = (expression: string | undefined, unknown?: string) => string;

/**
 * Who may give one of the approvals that are asked for now, and has not yet: in a sequence, those before it are given.
 */
export function approvalSql(
  source: QuerySource,
  transition: MachineTransition,
  isOne: WhoSql,
  asks: AskSql,
): readonly string[] {
  const { parts, document } = transition;
  if (parts.length === 0) return [];
  const isParallel = document.approvals?.order === 'parallel';
  const open = parts.map((part, index) =>
    conjunction([
      asks(part.document.when),
      isOne(part.who),
      `NOT ${givenSql(source, transition, part)}`,
      `NOT EXISTS (${votesSql(source, transition, part.name)} AND ${isMineSql(source)})`,
      ...(isParallel
        ? []
        : parts.slice(0, index).map((before) => passedSql(source, transition, before, asks))),
    ]),
  );
  return [disjunction(open)];
}

/** An earlier approval is given, or is not asked of this record. What cannot be told here holds nobody up. */
function passedSql(
  source: QuerySource,
  transition: MachineTransition,
  part: MachinePart,
  asks: AskSql,
): string {
  const given = givenSql(source, transition, part);
  if (part.document.when === undefined) return given;
  return `(${given} OR (${asks(part.document.when, 'false')}) IS NOT TRUE)`;
}

/** He has not given his approval yet, for whichever part. */
export function notVotedSql(source: QuerySource, transition: MachineTransition): readonly string[] {
  if (transition.parts.length === 0) return [];
  return [`NOT EXISTS (${votesSql(source, transition, null)} AND ${isMineSql(source)})`];
}

/** Has a part of the approvals all that it needs? */
function givenSql(
  source: QuerySource,
  transition: MachineTransition,
  { name, document, who }: MachinePart,
): string {
  const { bind } = source.scope.parameters;
  const need = document.need ?? 'any';
  const votes = votesSql(source, transition, name);
  if (need === 'any') return `EXISTS (${votes})`;
  if (need !== 'all')
    return `((SELECT count(DISTINCT given."by") FROM (${votes}) given) >= ${bind(need)}::integer)`;
  const names = `${bind(who.map((each) => each.name))}::text[]`;
  return `(${names} <@ ARRAY(SELECT json_array_elements_text(given.vote -> 'as') FROM (${votes}) given))`;
}

/** The approvals given for a part (null: for any) since the region came to the state it is in, as a query that may be added to. */
function votesSql(source: QuerySource, { name, region }: MachineTransition, part: string | null): string {
  const { bind } = source.scope.parameters;
  const of = part === null ? 'st.vote IS NOT NULL' : `st.vote ->> 'part' = ${bind(part)}`;
  return `SELECT st."by", st.vote FROM mortise.workflow_step st JOIN mortise.workflow_instance wi ON wi.id = st.instance
    WHERE wi.entity = ${bind(source.entity.name)} AND wi.record_id = ${source.alias}.id AND wi.closed_at IS NULL
      AND st.transition = ${bind(name)} AND ${of}
      AND NOT EXISTS (SELECT 1 FROM mortise.workflow_step later WHERE later.instance = st.instance
        AND later.region = ${bind(region.name)} AND later.vote IS NULL AND (later.version, later.id) > (st.version, st.id))`;
}

/** The step `st` was taken by the actor, or by or for the colleague for whom he acts. */
export function isMineSql({ scope: { parameters } }: QuerySource): string {
  const both = `(${parameters.bind(ACTOR_MARKERS.me)}::uuid, ${parameters.bind(ACTOR_MARKERS.acting)}::uuid)`;
  return `(st."by" IN ${both} OR st.behalf IN ${both})`;
}
