import { expect, it } from 'vitest';
import { label } from '../testing/sample-documents.ts';
import { sampleModel } from '../testing/sample-model.ts';
import { bindAccess } from './bind-access.ts';
import { compileAccess, compileSystemAccess } from './compile-access.ts';
import { lackingPower } from './lacking-power.ts';

const FUNCTIONS: Readonly<Record<string, Readonly<Record<string, boolean>>>> = {
  worker: { print: true, 'mail.mass': true },
  clerk: { 'users.configure': true, 'roles.configure': false },
  branch: { 'users.*': true },
  chief: { 'users.configure': true, 'roles.configure': true },
  all: { '*': true },
};
const { model: compiled } = sampleModel();
const roles = Object.entries(FUNCTIONS).map(
  ([name, functions]) => [name, { name, label: label(name), grants: {}, functions }] as const,
);
const model = { ...compiled, roles: new Map(roles) };
const actor = { id: '0', unit: null };
const below = (unit: string): readonly string[] => [unit];
const lacking = (held: readonly string[], role: string): string | null =>
  lackingPower(model, bindAccess(compileAccess(model, held), actor, { below }), [role]);

it('SEC-06 finds the power that a role holds and the actor lacks', () => {
  expect(lacking(['clerk'], 'chief')).toBe('roles.configure');
  expect(lacking(['clerk'], 'clerk')).toBeNull();
  expect(lacking(['chief'], 'clerk')).toBeNull();
  expect(lacking([], 'clerk')).toBe('users.configure');
  expect(lacking([], 'nobody')).toBeNull();
});

it('SEC-06 lets functions of the daily work be handed out by one who lacks them', () => {
  expect(lacking(['clerk'], 'worker')).toBeNull();
});

it('SEC-06 honours wildcards that are held, and takes one that is given for more than what it covers', () => {
  expect(lacking(['branch'], 'clerk')).toBeNull();
  expect(lacking(['branch'], 'branch')).toBeNull();
  expect(lacking(['branch'], 'chief')).toBe('roles.configure');
  expect(lacking(['clerk'], 'branch')).toBe('users.*');
  expect(lacking(['chief', 'branch'], 'all')).toBe('*');
  for (const role of Object.keys(FUNCTIONS)) expect(lacking(['all'], role)).toBeNull();
});

it('SEC-06 does not bind what the platform itself does', () => {
  const system = bindAccess(compileSystemAccess(model), actor, { below });
  for (const role of Object.keys(FUNCTIONS)) expect(lackingPower(model, system, [role])).toBeNull();
});
