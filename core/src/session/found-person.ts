import type { Standing } from '../access/standing.ts';
import type { PersonalSettings } from '../http/contract.ts';
import type { Row } from '../store/database.ts';
import type { Session } from './session.ts';

/** The columns that `SessionSql.find` and `findToken` have in common. */
export interface FoundPerson extends Row {
  readonly token_hash: string;
  /** Its last use should be noted again. */
  readonly stale: boolean;
  readonly id: string;
  readonly username: string;
  readonly display_name: string | null;
  readonly unit: string | null;
  readonly unit_name: string | null;
  readonly units: readonly string[] | null;
  readonly roles: readonly string[] | null;
  readonly groups: readonly string[] | null;
  /** Mark of groups, teams and grants when the row was read. */
  readonly standing: string | null;
  /** Networks of his own, as they were typed. */
  readonly networks: string | null;
  /** Entities of which records are shared with him, and the fields that the shares withhold. */
  readonly shared: Readonly<Record<string, readonly string[] | null>> | null;
  readonly must_change: boolean | null;
  readonly settings: PersonalSettings | null;
}

/** The session of a found person. */
export function sessionOf(row: FoundPerson, standing: Standing, csrf: string): Session {
  return {
    tokenHash: row.token_hash,
    csrf,
    actor: {
      id: row.id,
      username: row.username,
      displayName: row.display_name ?? row.username,
      unit: row.unit,
      roles: standing.roles,
    },
    standing,
    unitName: row.unit_name,
    units: row.units ?? [],
    networks: row.networks,
    shared: new Map(Object.entries(row.shared ?? {}).map(([entity, fields]) => [entity, fields ?? []])),
    mustChangePassword: row.must_change ?? false,
    settings: row.settings ?? {},
    token: null,
  };
}
