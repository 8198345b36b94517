import { unitTreeOf } from '../access/unit-tree.ts';
import type { Context } from '../context/context.ts';
import { isUuid } from '../fields/uuid.ts';
import { sessionSql } from '../session/session-sql.ts';
import type { Queryable, Row } from '../store/database.ts';
import type { Subject } from './judge.ts';

interface SubjectRow extends Row {
  readonly id: string;
  readonly username: string;
  readonly display_name: string | null;
  readonly unit: string | null;
  readonly roles: readonly string[] | null;
  readonly active: boolean;
  readonly units?: readonly string[] | null;
}

function subjectOf(row: SubjectRow, units: readonly string[]): Subject {
  return {
    id: row.id,
    username: row.username,
    displayName: row.display_name ?? row.username,
    roles: row.roles ?? [],
    active: row.active,
    parameters: { me: row.id, unit: row.unit, units },
  };
}

/** The user whose rights are asked about, as the gate would see him; null when there is none. One statement. */
export async function loadSubject(db: Queryable, context: Context, id: string): Promise<Subject | null> {
  if (!isUuid(id)) return null;
  const [row] = await db.query<SubjectRow>(sessionSql(context.model).subject(id));
  return row ? subjectOf(row, row.units ?? []) : null;
}

/** The active users with any of the roles, as far as the asker may know of them, by user name. Two statements. */
export async function loadSubjects(
  db: Queryable,
  context: Context,
  roles: readonly string[],
): Promise<readonly Subject[]> {
  const user = context.model.entities.get('user');
  if (!user || roles.length === 0) return [];
  const sql = sessionSql(context.model);
  const rows = await db.query<SubjectRow>(sql.subjects(roles, context.access.entity(user).visible));
  const tree = unitTreeOf(await db.query<{ id: string; parent: string | null }>(sql.units()));
  return rows.map((row) => subjectOf(row, row.unit === null ? [] : tree.below(row.unit)));
}
