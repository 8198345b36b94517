import { beforeAll, expect, it } from 'vitest';
import type { RoleDocument } from '../../model/documents.ts';
import type { Layer } from '../../model/layer.ts';
import { describeEngines } from '../../testing/databases.ts';
import { label } from '../../testing/sample-documents.ts';
import { narrowRoles } from '../../token/narrow-roles.ts';
import { openRecords, type RecordsFixture } from '../test-records.ts';
import { computed, rollup, shopLayer } from '../../testing/shop-layer.ts';

const sum = { entity: 'sale', by: 'client', function: 'sum', field: 'amount' } as const;

/** Names of the roles: what each may see of sales. */
const GRANTS: Readonly<Record<string, RoleDocument['grants'][string]>> = {
  own_sales: { entity: 'sale', actions: { query: 'own', read: 'own' } },
  no_amounts: { entity: 'sale', actions: { read: 'all' }, fields: { '*': 'read', amount: 'hidden' } },
  no_status: { entity: 'sale', actions: { read: 'all' }, fields: { '*': 'read', status: 'masked' } },
  all_sales: { entity: 'sale', actions: { read: 'all' } },
};

const roles: Layer = {
  name: 'plugin:roles',
  documents: Object.entries(GRANTS).map(([name, sale]) => ({
    kind: 'role',
    name,
    file: '',
    document: {
      name,
      label: label(name),
      grants: { client: { entity: 'client', actions: { query: 'all', read: 'all' } }, sale },
    },
  })),
};

describeEngines('the channel of roll-ups', (open) => {
  let on: RecordsFixture;
  let client: string;
  beforeAll(async () => {
    const layer = shopLayer({
      client: {
        told: rollup('money', { ...sum, readAs: 'system' }),
        kept: rollup('money', sum),
        open: rollup('money', { ...sum, where: "status == 'open'" }),
        number: rollup('integer', { entity: 'sale', by: 'client', function: 'count' }),
        half: computed('decimal', 'kept / 2'),
        half_told: computed('decimal', 'told / 2'),
      },
    });
    on = await openRecords(await open(), [layer, roles]);
    client = String((await on.records.create(on.system, 'client', { name: 'c' }))['id']);
    await on.records.create(on.system, 'sale', { name: 's', client, amount: '10', status: 'open' });
  });
  const seen = async (role: string) => {
    const record = await on.records.read(on.as('zhao', [role]), 'client', client);
    return ['told', 'kept', 'open', 'number', 'half', 'half_told'].filter(
      (name) => record[name] !== undefined,
    );
  };

  it('DESIGN §5: readAs system tells everybody who may read the field, and what is made of it', async () => {
    expect(await seen('own_sales')).toEqual(['told', 'half_told']);
    const record = await on.records.read(on.as('zhao', ['own_sales']), 'client', client);
    expect(record).toMatchObject({ told: '10.00', half_told: '5.0000' });
  });

  it('SEC-01: without it, those who may read all records and fields behind it, and nobody else', async () => {
    expect(await seen('all_sales')).toEqual(['told', 'kept', 'open', 'number', 'half', 'half_told']);
    expect(await seen('no_amounts')).toEqual(['told', 'number', 'half_told']);
    expect(await seen('no_status')).toEqual(['told', 'kept', 'number', 'half', 'half_told']);
  });

  it('what may not be read can neither be filtered nor sorted nor summed up', async () => {
    const zhao = on.as('zhao', ['own_sales']);
    const refused = { code: 'MRT_QUERY_FIELD_UNKNOWN' };
    await expect(on.records.list(zhao, 'client', { filter: { kept: { $gt: 1 } } })).rejects.toMatchObject(
      refused,
    );
    await expect(on.records.list(zhao, 'client', { sort: 'half' })).rejects.toMatchObject(refused);
    const measures = { m: { fn: 'sum', field: 'kept' } } as const;
    await expect(on.records.aggregate(zhao, 'client', { groupBy: [], measures })).rejects.toMatchObject(
      refused,
    );
    const { items } = await on.records.list(zhao, 'client', { filter: { told: { $gt: 1 } } });
    expect(items).toHaveLength(1);
  });

  it('a token that does not reach the records behind a roll-up does not see it', async () => {
    const zhao = on.as('zhao', ['all_sales']);
    const scope = { id: 't', readOnly: true, functions: false, entities: ['client'] };
    const compiled = narrowRoles(zhao.access.compiled, scope);
    const record = await on.records.read({ ...zhao, access: { ...zhao.access, compiled } }, 'client', client);
    expect(record).toMatchObject({ told: '10.00' });
    expect(record).not.toHaveProperty('kept');
  });
});
