import { cpSync, mkdtempSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  describeEngines,
  type Person,
  type RunningApplication,
  startApplication,
} from '@mortise/core/testing';
import { systemContext } from '../../core/src/app/create-context.ts';
import { loadDemo } from '../../core/src/demo/load-demo.ts';
import demo from '../../docs/examples/vet-clinic/demo/demo.ts';
import { planBooster } from '../../docs/examples/vet-clinic/src/plan-booster.ts';

const PROJECT = fileURLToPath(new URL('../..', import.meta.url));
const EXAMPLE = join(PROJECT, 'docs', 'examples', 'vet-clinic');

/** A project with the base and this one plugin, installed as its README says: by copying the folder. */
function installExample(): string {
  // Inside the project, so that the plugin finds @mortise/core as it would below `plugins/`.
  const output = join(PROJECT, 'tests', '.output');
  mkdirSync(output, { recursive: true });
  const root = mkdtempSync(join(output, 'vet-clinic-'));
  for (const name of ['metadata', 'templates', 'package.json'])
    symlinkSync(join(PROJECT, name), join(root, name));
  cpSync(EXAMPLE, join(root, 'plugins', 'vet-clinic'), { recursive: true });
  return root;
}

describeEngines('the example plugin of docs/plugin-developers.md', (open) => {
  const root = installExample();
  let running: RunningApplication;
  let staff: Person;
  let customer: string;

  beforeAll(async () => {
    running = await startApplication(open, root);
    staff = await running.person('employee');
    customer = String((await staff.create('customer', { name: '成都某某食品有限公司' }))['id']);
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  it('PLG-01 is found, compiled and enabled', () => {
    const model = running.app.changes.current();
    expect(model.plugins).toEqual(['vet-clinic']);
    expect([...(model.entities.get('pet')?.fields.keys() ?? [])]).toContain('booster_due_on');
    expect(model.menus.get('affairs')?.items).toHaveProperty('vet_clinic');
    expect(model.forms.get('customer.default')?.tabs).toHaveProperty('pets');
  });

  it('PLG-05 writes and reads a record, which the hook completes', async () => {
    const { id } = await staff.create('pet', {
      name: '旺财',
      customer,
      species: 'dog',
      weight_kg: '12.5',
      vaccinated_on: '2024-02-29',
    });
    expect(await staff.read('pet', String(id), { display: true })).toMatchObject({
      customer,
      customer$display: '成都某某食品有限公司',
      species$display: '犬',
      weight_kg: '12.50',
      booster_due_on: '2025-02-28',
    });
    expect(await staff.read('customer', customer, { include: ['pets'] })).toMatchObject({ pets: [{ id }] });
  });

  it('PLG-05 refuses what its hook, its rule and its key do not allow', async () => {
    const kitten = { name: '咪咪', customer, species: 'cat' };
    await expect(staff.create('pet', { ...kitten, vaccinated_on: '2999-01-01' })).rejects.toMatchObject({
      code: 'MRT_PLUGIN_REFUSED',
      faults: [{ path: '/vaccinated_on' }],
    });
    await expect(
      staff.create('pet', { ...kitten, born_on: '2024-05-01', vaccinated_on: '2024-04-30' }),
    ).rejects.toThrow('/vaccinated_on');
    await staff.create('pet', kitten);
    await expect(staff.create('pet', kitten)).rejects.toMatchObject({ code: 'MRT_RECORD_UNIQUE' });
  });

  it('SEC-04 grants it to employees and to nobody who was not named', async () => {
    const clerk = await running.person('entry_clerk');
    await expect(clerk.create('pet', { name: '豆豆', customer, species: 'cat' })).rejects.toMatchObject({
      code: 'MRT_ACCESS_DENIED',
    });
  });

  it('NF-PERF-06 brings its sample data', async () => {
    const { app } = running;
    const context = systemContext(app.changes.current(), app.administrator, 'demo');
    const setPassword = (): Promise<void> => Promise.reject(new Error('this sample data has no users'));
    const made = await loadDemo({ ...app, setPassword }, context, [demo]);
    expect(made).toBe(1);
    const { items } = await staff.list('pet', {
      filter: { name: { $ne: '咪咪' } },
      sort: '-created_at',
      fields: ['owner'],
    });
    expect(items[0]).toMatchObject({ owner: staff.id });
  });

  it('NF-EXT-02 has a field type of its own: checked, kept, found and refused like any other', async () => {
    const chipped = {
      name: '芯片一号',
      customer,
      species: 'dog',
      microchip: '156 0000-1234 5678',
    };
    const { id } = await staff.create('pet', chipped);
    expect(await staff.read('pet', String(id))).toMatchObject({ microchip: '156000012345678' });
    const { items } = await staff.list('pet', {
      filter: { microchip: '156-000012345678' },
      fields: ['name'],
    });
    expect(items.map((item) => item['name'])).toEqual(['芯片一号']);
    await expect(
      staff.create('pet', { ...chipped, name: '芯片二号', microchip: '12' }),
    ).rejects.toMatchObject({
      faults: [{ path: '/microchip', code: 'MRT_VALUE_FORMAT' }],
    });
  });
});

describe('the booster of the example plugin', () => {
  const plan = (vaccinated_on: string | null, booster_years: number) =>
    planBooster(
      { entity: 'pet', id: '1', previous: null, draft: { vaccinated_on }, sent: new Set(['vaccinated_on']) },
      {
        records: {} as never,
        actor: { id: '1', unit: null },
        today: '2026-06-01',
        settings: { booster_years },
      },
    );

  it('PLG-07 follows the setting of the plugin', () => {
    expect(plan('2026-03-05', 3)).toEqual({ booster_due_on: '2029-03-05' });
    expect(plan(null, 1)).toEqual({ booster_due_on: null });
  });
});
