import { expect, it } from 'vitest';
import { rewritten } from './entity-mentions.ts';

const renames = new Map([['project', 'orders']]);

it('ENG-07 a renamed entity is named anew where it is meant, and nowhere else', () => {
  const meant = {
    entity: 'project',
    create: 'project',
    related: { entity: 'project', view: 'project.all' },
    properties: { filter: { field: 'reference', entity: 'project' } },
    actions: { create: { action: 'create', entity: 'project' } },
  };
  expect(rewritten(meant, renames)).toEqual(
    JSON.parse(JSON.stringify(meant).replaceAll('"project', '"orders')),
  );
  const others = {
    name: 'project',
    label: { en: 'project' },
    properties: { project: { field: 'reference', entity: 'customer', label: { en: 'project' } } },
    grants: { x: { entity: 'customer', actions: { create: 'project' } } },
    filter: { entity: 'project', $or: [{ entity: 'project' }] },
    values: { entity: "'project'", create: 'project' },
    when: "project.name == 'project'",
    view: 'projects.all',
  };
  expect(rewritten(others, renames)).toEqual(others);
});
