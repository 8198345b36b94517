import { describe, expect, it } from 'vitest';
import { condition, defOf, definitionFaults, ME, parseScope, zh } from '../field-fixture.ts';
import { plainField } from '../registry.ts';
import { user } from './user.ts';

describe('user', () => {
  it('ENG-03 stands for a reference to the users, several where asked for', () => {
    const def = defOf('user', { required: true });
    expect(plainField(def)).toEqual({ ...def, field: 'reference', entity: 'user' });
    expect(plainField(defOf('user', { multiple: true }))).toMatchObject({
      field: 'references',
      entity: 'user',
    });
    expect(user.columnType(def)).toBe('uuid');
    expect(user.columnType(defOf('user', { multiple: true }))).toBe('uuid[]');
  });

  it('SEC-03 takes $me in filters', () => {
    expect(condition(user, 'eq', '$me').values).toEqual([ME]);
  });

  it('shows and reads names', () => {
    expect(user.format(ME, defOf('user'), zh)).toBe('张三');
    expect(user.parse('张三', defOf('user'), parseScope)).toBe(ME);
    expect(definitionFaults(user, defOf('user'))).toEqual([]);
  });
});
