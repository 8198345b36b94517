import { circumstancesOf, standingActor } from '../access/standing-actor.ts';
import { actorParameters } from '../access/bind-access.ts';
import { compileAccess } from '../access/compile-access.ts';
import type { Standing } from '../access/standing.ts';
import { unitTreeOf } from '../access/unit-tree.ts';
import type { Context } from '../context/context.ts';
import { isUuid } from '../fields/uuid.ts';
import { sessionSql } from '../session/session-sql.ts';
import type { Standings } from '../session/standings.ts';
import type { Queryable, Row } from '../store/database.ts';
import type { Dictionaries } from '../store/dictionaries.ts';
import type { Subject } from './judge.ts';

interface SubjectRow extends Row {
  readonly id: string;
  readonly username: string;
  readonly display_name: string | null;
  readonly unit: string | null;
  readonly roles: readonly string[] | null;
  readonly groups: readonly string[] | null;
  readonly active: boolean;
  readonly units?: readonly string[] | null;
}

/** Where people stand, and where those are kept. */
export interface SubjectSource {
  readonly db: Queryable;
  readonly standings: Standings;
  readonly dictionaries: Dictionaries;
}

function subjectOf(
  context: Context,
  { dictionaries }: SubjectSource,
  row: SubjectRow,
  standing: Standing,
  units: readonly string[],
): Subject {
  const { id, unit, active } = row;
  const { personal, groups } = standing;
  // What is shared with him is asked of every record: here no statement is spared.
  const circumstances = circumstancesOf(standing, null);
  const held = compileAccess(context.model, standing.roles, personal, circumstances);
  const actor = standingActor({ id, unit }, standing, dictionaries);
  return {
    id,
    username: row.username,
    displayName: row.display_name ?? row.username,
    roles: held.roles,
    personal,
    groups,
    circumstances,
    active,
    parameters: actorParameters(held, actor, units, context.now),
  };
}

function personOf({ id, roles, groups, unit }: SubjectRow): Parameters<Standings['of']>[0] {
  return { id, roles: roles ?? [], groups: groups ?? [], unit };
}

/** The user whose rights are asked about, as the gate would see him; null when there is none. Two statements. */
export async function loadSubject(
  source: SubjectSource,
  context: Context,
  id: string,
): Promise<Subject | null> {
  if (!isUuid(id)) return null;
  const { db, standings } = source;
  const [row] = await db.query<SubjectRow>(sessionSql(context.model).subject(id));
  if (!row) return null;
  const find = await standings.now();
  return subjectOf(context, source, row, find(personOf(row)), row.units ?? []);
}

/** The active users, as far as the asker may know of them, by user name. Three statements. */
export async function loadSubjects(source: SubjectSource, context: Context): Promise<readonly Subject[]> {
  const user = context.model.entities.get('user');
  if (!user) return [];
  const { db, standings } = source;
  const sql = sessionSql(context.model);
  const rows = await db.query<SubjectRow>(sql.subjects(context.access.entity(user).visible));
  const tree = unitTreeOf(await db.query<{ id: string; parent: string | null }>(sql.units()));
  const find = await standings.now();
  return rows.map((row) =>
    subjectOf(context, source, row, find(personOf(row)), row.unit === null ? [] : tree.below(row.unit)),
  );
}
