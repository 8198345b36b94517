import { describe, expect, it } from 'vitest';
import type { RoleDocument } from '@mortise/core/contract';
import {
  freeName,
  functionState,
  leadsBack,
  mainGrant,
  withCondition,
  withFunction,
  withInherited,
  withLevel,
  withScope,
} from './role-edit.ts';

const label = { 'zh-CN': '员工', en: 'Employee' };
const role: RoleDocument = {
  name: 'employee',
  label,
  grants: {
    all: { entity: '*', actions: { query: 'all', read: 'all' }, fields: { '*': 'read' } },
    own: { entity: 'contact', actions: { read: 'own' }, fields: { '*': 'hidden', phone: 'read' } },
    contact: { entity: 'contact', actions: { query: 'all', read: 'below' } },
  },
};

describe('editing a role', () => {
  it('SEC-05 changes the scope of the main grant and leaves those of fields and conditions', () => {
    expect(mainGrant(role, 'contact')?.name).toBe('contact');
    const changed = withScope(role, 'contact', 'read', 'team');
    expect(changed.grants).toEqual({
      ...role.grants,
      contact: { entity: 'contact', actions: { query: 'all', read: 'team' } },
    });
    expect(Object.keys(changed.grants)).toEqual(Object.keys(role.grants));
    expect(withScope(role, 'contact', 'query', 'none').grants['contact']?.actions).toEqual({ read: 'below' });
  });

  it('SEC-05 copies what the general grant gives before an entity is named', () => {
    expect(withScope(role, 'product', 'update', 'own').grants['product']).toEqual({
      entity: 'product',
      actions: { query: 'all', read: 'all', update: 'own' },
      fields: { '*': 'read' },
    });
    expect(withScope({ ...role, grants: {} }, 'product', 'read', 'all').grants).toEqual({
      product: { entity: 'product', actions: { read: 'all' } },
    });
    expect(freeName(role, 'contact')).toBe('contact_2');
  });

  it('SEC-05 sets and takes back levels and conditions', () => {
    const grant = { entity: 'contact', actions: {} };
    const masked = withLevel(grant, 'phone', 'masked');
    expect(masked).toEqual({ ...grant, fields: { phone: 'masked' } });
    expect(withLevel(masked, 'phone', null)).toEqual(grant);
    expect(withCondition(withCondition(grant, " kind == 'a' "), ' ')).toEqual(grant);
  });

  it('SEC-06 gives, refuses and takes back functions', () => {
    const refused = withFunction(withFunction(role, 'print', 'given'), 'print', 'refused');
    expect([functionState(refused, 'print'), refused.functions]).toEqual(['refused', {}]);
    expect(withFunction(refused, 'print', 'none')).toEqual({ ...role, functions: {} });
  });

  it('SEC-03 knows which roles would inherit themselves', () => {
    const chief = withInherited({ name: 'chief', label, grants: {} }, 'employee', true);
    expect(leadsBack([role, chief], 'employee', 'chief')).toBe(true);
    expect(leadsBack([role, chief], 'chief', 'employee')).toBe(false);
    expect(withInherited(chief, 'employee', false)).toEqual({ name: 'chief', label, grants: {} });
  });
});
