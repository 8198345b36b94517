import { describe, expect, it } from 'vitest';
import type { GrantDocument, RecordAction, Scope } from '../../core/src/model/documents.ts';
import { entities, requirements, roles } from './documents.ts';

interface MatrixRow {
  readonly id: string;
  readonly object: string;
  readonly roles: Readonly<Record<string, string>>;
}

const matrix = requirements<readonly MatrixRow[]>('roles');
const rowOf = (id: string): MatrixRow => {
  const row = matrix.find((each) => each.id === id);
  if (!row) throw new Error(`${id} is not in the table`);
  return row;
};

const SCOPES: Readonly<Record<string, Scope>> = { a: 'all', d: 'below', o: 'own', 'own entries': 'created' };
const ACTIONS: Readonly<Record<string, readonly RecordAction[]>> = {
  Q: ['query'],
  R: ['read'],
  W: ['create', 'update'],
  D: ['delete'],
};
type Rights = Partial<Record<RecordAction, Scope>>;

/** «Q a, RWD d» → query all; read, create, update and delete below. What one writes one also finds and reads. */
function rightsOf(cell: string): Rights {
  const rights: Rights = {};
  for (const [, letters = '', scope = ''] of cell.matchAll(/\b([QRWD]+) (own entries|[ado])\b/gu)) {
    for (const action of [...letters].flatMap((letter) => ACTIONS[letter] ?? []))
      rights[action] = SCOPES[scope] ?? 'none';
  }
  if (rights.update) return { query: rights.update, read: rights.update, ...rights };
  return rights;
}

function grantsOf(role: string, entity: string): readonly GrantDocument[] {
  const all = Object.values(roles.get(role)?.grants ?? {});
  const own = all.filter((grant) => grant.entity === entity);
  return own.length > 0 ? own : all.filter((grant) => grant.entity === '*');
}

/** Rights on a record as a whole: grants that open single fields only do not count. */
function grantedRights(role: string, entity: string): Rights {
  const rights: Rights = {};
  for (const grant of grantsOf(role, entity)) {
    const level = grant.fields?.['*'] ?? 'write';
    if (level === 'hidden') continue;
    for (const action of ['query', 'read', 'create', 'update', 'delete'] as const) {
      const scope = grant.actions[action];
      if (scope === undefined || scope === 'none') continue;
      if (level !== 'write' && (action === 'create' || action === 'update')) continue;
      rights[action] = scope;
    }
  }
  return rights;
}

/** Scope in which a role may do something to one named field (or to the `@sensitive` ones). */
function fieldScope(role: string, entity: string, field: string, level: 'read' | 'write'): Scope {
  const action: RecordAction = level === 'write' ? 'update' : 'read';
  const found = grantsOf(role, entity).filter((grant) => {
    const given =
      grant.fields?.[field] ?? (field.startsWith('@') ? 'hidden' : (grant.fields?.['*'] ?? 'write'));
    return given === 'write' || (level === 'read' && given === 'read');
  });
  return found.map((grant) => grant.actions[action] ?? 'none').find((scope) => scope !== 'none') ?? 'none';
}

const has = (role: string, name: string): boolean => roles.get(role)?.functions?.[name] === true;

const OBJECTS: Readonly<Record<string, readonly string[]>> = {
  'PM-01': ['customer', 'contact'],
  'PM-03': ['supply_demand', 'media_record', 'market_activity', 'product'],
  'PM-04': ['ad_order'],
  'PM-05': ['subscription'],
  'PM-06': ['fair_participation'],
  'PM-08': ['journal'],
};

describe('the roles as delivered (SEC-17)', () => {
  for (const [id, names] of Object.entries(OBJECTS)) {
    for (const [role, cell] of Object.entries(rowOf(id).roles)) {
      for (const entity of names) {
        it(`${id} ${role} has «${cell}» on ${entity}`, () => {
          expect(entities.has(entity)).toBe(true);
          expect(grantedRights(role, entity)).toEqual(rightsOf(cell));
        });
      }
    }
  }

  for (const [role, cell] of Object.entries(rowOf('PM-02').roles)) {
    it(`PM-02 ${role} has «${cell}» on sensitive contact fields`, () => {
      const wanted = rightsOf(cell);
      expect(fieldScope(role, 'contact', '@sensitive', 'read')).toBe(wanted.read ?? 'none');
      expect(fieldScope(role, 'contact', '@sensitive', 'write')).toBe(wanted.update ?? 'none');
    });
  }

  for (const [role, cell] of Object.entries(rowOf('PM-07').roles)) {
    it(`PM-07 ${role} has «${cell}»: payments and guarantees are written by finance alone`, () => {
      for (const entity of ['supply_demand', 'ad_order', 'subscription']) {
        for (const field of ['payment_status', 'received_amount', 'guarantee_record']) {
          expect(fieldScope(role, entity, field, 'write'), `${entity}.${field}`).toBe(
            rightsOf(cell).update ?? 'none',
          );
        }
      }
    });
  }

  for (const [role, cell] of Object.entries(rowOf('PM-08').roles)) {
    it(`PM-08 ${role} ${cell.includes('comment') ? 'may' : 'may not'} comment on journals`, () => {
      const scope = cell.includes('comment') ? (cell.includes(' d') ? 'below' : 'all') : 'none';
      expect(fieldScope(role, 'journal', 'supervisor_comment', 'write')).toBe(scope);
    });
  }

  const table = (
    id: string,
    read: (cell: string, role: string) => Readonly<Record<string, boolean>>,
  ): void => {
    for (const [role, cell] of Object.entries(rowOf(id).roles)) {
      it(`${id} ${role}: ${rowOf(id).object} is «${cell}»`, () => {
        const wanted = read(cell, role);
        expect(Object.fromEntries(Object.keys(wanted).map((name) => [name, has(role, name)]))).toEqual(
          wanted,
        );
      });
    }
  };
  const [first, second] = [
    (cell: string): string => cell.split('/')[0]?.trim() ?? '',
    (cell: string): string => cell.split('/')[1]?.trim() ?? '',
  ];
  const granted = (text: string): boolean => text !== '–' && text !== '';

  table('PM-09', (cell) => ({
    'review.first': cell.includes('first'),
    'review.second': cell.includes('second'),
    'review.contract': cell.includes('contract'),
    'review.finance': cell.includes('finance'),
  }));
  table('PM-10', (cell) => ({ 'duplicates.confirm': granted(first(cell)), merge: granted(second(cell)) }));
  table('PM-11', () => ({ print: true }));
  table('PM-12', (cell) => ({ export: granted(cell) }));
  table('PM-13', (cell) => ({
    'mail.mass': granted(cell) && !cell.includes('approval'),
    'mail.request': cell.includes('approval'),
  }));
  table('PM-14', (cell) => ({
    'statistics.view': granted(first(cell)),
    'analysis.view': granted(second(cell)),
  }));
  table('PM-15', (cell) => ({
    'metadata.configure': granted(cell),
    'dictionaries.configure': granted(cell),
    'plugins.configure': granted(cell),
    'users.configure': granted(cell),
    'roles.configure': granted(cell),
    'settings.configure': granted(cell),
  }));
  table('PM-16', (cell) => ({
    'audit.read': granted(first(cell)),
    'recycle-bin.use': granted(second(cell)),
    void: granted(cell.split('/')[2]?.trim() ?? ''),
  }));
  table('PM-17', (cell) => ({ 'templates.design': cell === 'yes' }));

  it('PM-17 the template designer designs print templates', () =>
    expect(has('template_designer', 'templates.design')).toBe(true));

  const VOID: Readonly<Record<string, Scope | undefined>> = {
    administrator: 'all',
    decision_maker: 'all',
    department_manager: 'below',
    employee: 'own',
    circulation_clerk: 'own',
  };
  for (const role of Object.keys(rowOf('PM-16').roles)) {
    it(`PM-16 ${role} voids and restores customers ${VOID[role] ?? 'not at all'}`, () => {
      const scopes = grantsOf(role, 'customer').map((grant) => [grant.actions.void, grant.actions.restore]);
      expect(scopes).toContainEqual([VOID[role], VOID[role]]);
    });
  }

  it('DM-CODE-06 only the administrator types a customer code', () => {
    const mayType = [...roles.keys()].filter(
      (role) => fieldScope(role, 'customer', 'customer_code', 'write') !== 'none',
    );
    expect(mayType).toEqual(['administrator']);
    expect([...roles.keys()].filter((role) => has(role, 'customer-code.edit'))).toEqual(['administrator']);
  });
});
