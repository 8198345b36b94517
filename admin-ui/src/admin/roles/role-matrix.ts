import type { FieldLevel, GrantDocument, RecordAction, RoleDocument, Scope } from '@mortise/core/contract';

/** Actions in the order of the matrix. */
export const ACTIONS: readonly RecordAction[] = [
  'query',
  'read',
  'create',
  'update',
  'void',
  'delete',
  'restore',
  'print',
  'export',
  'transition',
  'share',
];

const WIDTH: readonly Scope[] = [
  'none',
  'created',
  'own',
  'subordinates',
  'unit',
  'team',
  'territory',
  'below',
  'all',
];

/** Rows a role reaches of an entity, and the levels of fields that differ from the rest. */
export interface MatrixRow {
  readonly scopes: Readonly<Partial<Record<RecordAction, readonly Scope[]>>>;
  readonly fields: readonly {
    readonly name: string;
    readonly level: FieldLevel;
    readonly scopes: readonly Scope[];
  }[];
  /** The grant is the one for all entities (`*`). */
  readonly general: boolean;
}

/** The grants of a role on an entity: its own, or where it has none, the general ones. */
function grantsOn(
  role: RoleDocument,
  entity: string,
): { readonly grants: readonly GrantDocument[]; readonly general: boolean } {
  const all = Object.values(role.grants);
  const own = all.filter((grant) => grant.entity === entity);
  return own.length > 0
    ? { grants: own, general: false }
    : { grants: all.filter((grant) => grant.entity === '*'), general: true };
}

function scopesOf(grants: readonly GrantDocument[], action: RecordAction): readonly Scope[] {
  const scopes = new Set(
    grants.flatMap((grant) => grant.actions[action] ?? []).filter((scope) => scope !== 'none'),
  );
  // The widest alone says it all; own and created stand beside each other.
  if (scopes.has('all')) return ['all'];
  return [...scopes].sort((a, b) => WIDTH.indexOf(b) - WIDTH.indexOf(a));
}

/** What a role may do with an entity; null when nothing. */
export function matrixRow(role: RoleDocument, entity: string): MatrixRow | null {
  const { grants, general } = grantsOn(role, entity);
  const scopes: Partial<Record<RecordAction, readonly Scope[]>> = {};
  // A grant that shows only some fields does not widen the rows of the whole record.
  const whole = grants.filter((grant) => grant.fields?.['*'] !== 'hidden');
  for (const action of ACTIONS) {
    const found = scopesOf(whole.length > 0 ? whole : grants, action);
    if (found.length > 0) scopes[action] = found;
  }
  if (Object.keys(scopes).length === 0) return null;
  const fields = grants.flatMap((grant) =>
    Object.entries(grant.fields ?? {})
      .filter(([name, level]) => !(name === '*' && (level === 'write' || level === 'hidden')))
      .map(([name, level]) => ({
        name,
        level,
        scopes: scopesOf([grant], level === 'write' ? 'update' : 'read'),
      })),
  );
  return { scopes, fields, general };
}
