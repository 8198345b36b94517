import { describe, expect, it } from 'vitest';
import type { RoleDocument } from '@mortise/core/contract';
import { matrixRow } from './role-matrix.ts';

const role: RoleDocument = {
  name: 'employee',
  label: { 'zh-CN': '员工', en: 'Employee' },
  grants: {
    all: { entity: '*', actions: { query: 'all' } },
    contact: {
      entity: 'contact',
      actions: { query: 'all', read: 'below', update: 'own', delete: 'none' },
      fields: { '*': 'write', code: 'read' },
    },
    contact_sensitive: {
      entity: 'contact',
      actions: { read: 'own' },
      fields: { '*': 'hidden', '@sensitive': 'read' },
    },
  },
};

describe('what a role may do', () => {
  it('SEC-17 its own grants on an entity take the place of the general one', () => {
    expect(matrixRow(role, 'product')).toMatchObject({ scopes: { query: ['all'] }, general: true });
    expect(matrixRow(role, 'contact')).toMatchObject({
      scopes: { query: ['all'], read: ['below'], update: ['own'] },
      general: false,
    });
    expect(matrixRow({ ...role, grants: {} }, 'contact')).toBeNull();
  });

  it('SEC-05 fields that differ are named with the rows they are shown in', () => {
    expect(matrixRow(role, 'contact')?.fields).toEqual([
      { name: 'code', level: 'read', scopes: ['below'] },
      { name: '@sensitive', level: 'read', scopes: ['own'] },
    ]);
  });
});
