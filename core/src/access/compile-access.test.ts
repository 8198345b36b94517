import { expect, it } from 'vitest';
import type { GrantDocument, RoleDocument } from '../model/documents.ts';
import type { Model } from '../model/model.ts';
import { label } from '../testing/sample-documents.ts';
import { sampleModel } from '../testing/sample-model.ts';
import { bindAccess } from './bind-access.ts';
import { compileAccess, compileSystemAccess } from './compile-access.ts';
import { covers, scopeKey, unite } from './scope-set.ts';
import { unitTreeOf } from './unit-tree.ts';

const { model } = sampleModel();
const entity = (name: string) => model.entities.get(name)!;
const field = (name: string, of = 'thing') => entity(of).fields.get(name)!;

/** The sample model with these roles instead of its own. */
function withRoles(roles: Readonly<Record<string, Readonly<Record<string, GrantDocument>>>>): Model {
  const documents = Object.entries(roles).map(([name, grants]): [string, RoleDocument] => [
    name,
    { name, label: label(name), grants },
  ]);
  return { ...model, roles: new Map(documents) };
}

it('compiles once per model and set of roles, whatever their order', () => {
  expect(compileAccess(model, ['reader', 'employee'])).toBe(
    compileAccess(model, ['employee', 'reader', 'reader']),
  );
  expect(compileAccess({ ...model }, ['reader'])).not.toBe(compileAccess(model, ['reader']));
});

it('denies by default: no role, an unknown role, an entity without a grant', () => {
  for (const roles of [[], ['nobody']]) {
    const compiled = compileAccess(model, roles).entity(entity('thing'));
    expect([compiled.rows('query'), compiled.visible, compiled.field(field('name')).read]).toEqual([
      [],
      [],
      [],
    ]);
  }
  expect(compileAccess(model, ['reader']).entity(entity('visit')).visible).toEqual([]);
});

it('unites roles per field, never rows times columns (SEC-05)', () => {
  const compiled = compileAccess(
    withRoles({
      rows: { a: { entity: 'thing', actions: { read: 'all' }, fields: { '*': 'hidden', name: 'read' } } },
      fields: { a: { entity: 'thing', actions: { read: 'own' }, fields: { '*': 'hidden', note: 'read' } } },
    }),
    ['rows', 'fields'],
  ).entity(entity('thing'));
  expect(scopeKey(compiled.field(field('name')).read)).toBe('all');
  expect(scopeKey(compiled.field(field('note')).read)).toBe('own');
  expect(scopeKey(compiled.field(field('count')).read)).toBe('');
});

it('hides sensitive fields unless a grant names them or @sensitive (SEC-05)', () => {
  const read = (fields?: GrantDocument['fields']) =>
    scopeKey(
      compileAccess(
        withRoles({ r: { a: { entity: 'thing', actions: { read: 'all' }, ...(fields ? { fields } : {}) } } }),
        ['r'],
      )
        .entity(entity('thing'))
        .field(field('secret')).read,
    );
  expect([
    read(),
    read({ '*': 'write' }),
    read({ '@sensitive': 'read' }),
    read({ secret: 'read' }),
    read({ secret: 'hidden', '@sensitive': 'write' }),
  ]).toEqual(['', '', 'all', 'all', '']);
});

it('shows identifying fields by the right to query, others by the right to read (SEC-01)', () => {
  const compiled = compileAccess(model, ['employee']).entity(entity('thing'));
  expect(scopeKey(compiled.visible)).toBe('all');
  expect(scopeKey(compiled.field(field('code')).read)).toBe('all');
  expect(scopeKey(compiled.field(field('amount')).read)).toBe('below');
  expect(scopeKey(compiled.field(field('amount')).write)).toBe('own');
});

it('uses the wildcard only for entities that the role does not name', () => {
  const compiled = compileAccess(
    withRoles({
      r: {
        all: { entity: '*', actions: { read: 'all', update: 'all' } },
        thing: { entity: 'thing', actions: { read: 'own' } },
      },
    }),
    ['r'],
  );
  expect([
    scopeKey(compiled.entity(entity('visit')).rows('update')),
    scopeKey(compiled.entity(entity('thing')).rows('update')),
    scopeKey(compiled.entity(entity('thing')).rows('read')),
  ]).toEqual(['all', '', 'own']);
});

it('gives lines the rights of their parent, unless a grant names them', () => {
  const roles = withRoles({
    follows: { a: { entity: 'thing', actions: { read: 'unit', update: 'own' } } },
    named: {
      a: { entity: 'thing', actions: { read: 'all', update: 'all' } },
      b: { entity: 'thing_line', actions: { read: 'own' } },
    },
    capped: { a: { entity: 'thing', actions: { read: 'all', update: 'all' }, fields: { parts: 'read' } } },
  });
  const line = (role: string) => compileAccess(roles, [role]).entity(entity('thing_line'));
  expect([
    scopeKey(line('follows').rows('read')),
    scopeKey(line('follows').rows('delete')),
    scopeKey(line('follows').field(field('price', 'thing_line')).write),
  ]).toEqual(['^unit', '^own', '^own']);
  expect([scopeKey(line('named').rows('read')), scopeKey(line('named').rows('update'))]).toEqual([
    '^own',
    '',
  ]);
  expect([
    scopeKey(line('capped').field(field('price', 'thing_line')).read),
    scopeKey(line('capped').field(field('price', 'thing_line')).write),
  ]).toEqual(['all', '']);
});

it('lets the currency follow its amount', () => {
  const compiled = compileAccess(model, ['reader']).entity(entity('thing'));
  expect(compiled.field(field('amount_currency')).read).toEqual([]);
});

it('unites scopes to the narrowest list that means the same', () => {
  const at = (...scopes: ('own' | 'unit' | 'below' | 'created' | 'all')[]) =>
    unite(scopes.map((scope) => ({ scope, depth: 0 })));
  expect(
    ['own', 'unit|below', 'all'].map((_, index) =>
      scopeKey([at('own', 'own'), at('unit', 'below'), at('own', 'all', 'unit')][index]!),
    ),
  ).toEqual(['own', 'below', 'all']);
  expect([
    covers(at('below'), at('unit')),
    covers(at('unit'), at('below')),
    covers(at('all'), at('own')),
    covers(at('own'), []),
  ]).toEqual([true, false, true, true]);
});

it('binds the actor into predicates, and function permissions by name (SEC-06)', () => {
  const tree = unitTreeOf([
    { id: 'u1', parent: null },
    { id: 'u2', parent: 'u1' },
    { id: 'u3', parent: 'u2' },
    { id: 'u4', parent: null },
  ]);
  const ME = '00000000-0000-7000-8000-000000000001';
  const access = bindAccess(compileAccess(model, ['employee']), { id: ME, unit: 'u1' }, tree);
  const values: unknown[] = [];
  const sql = access.entity(entity('thing')).rows('read')('t', (value) => `$${values.push(value)}`);
  expect([sql, values]).toEqual([
    '(t."owner" = $1::uuid OR t."unit" = ANY($2::uuid[]))',
    [ME, ['u1', 'u2', 'u3']],
  ]);
  // What the clock starts acts as nobody: no owner equals null.
  expect(bindAccess(compileAccess(model, ['employee']), { id: '', unit: null }, tree).parameters.me).toBe(
    null,
  );
  expect([access.entity(entity('thing')).may('print'), access.entity(entity('thing')).may('create')]).toEqual(
    [false, true],
  );
  expect(access.entity(entity('thing')).rows('print')('t', String)).toBe('false');
  expect([
    access.mayUse('metadata.configure'),
    bindAccess(compileAccess(model, ['administrator']), { id: 'me', unit: null }, tree).mayUse(
      'metadata.configure',
    ),
  ]).toEqual([false, true]);
});

it('survives a circle in the departments', () => {
  expect(
    unitTreeOf([
      { id: 'a', parent: 'b' },
      { id: 'b', parent: 'a' },
    ]).below('a'),
  ).toEqual(['a', 'b']);
});

it('gives the platform itself everything', () => {
  const compiled = compileSystemAccess(model).entity(entity('thing'));
  expect([scopeKey(compiled.rows('delete')), scopeKey(compiled.field(field('secret')).write)]).toEqual([
    'all',
    'all',
  ]);
});
