import type { BenchCase } from '../case.ts';

const DOCUMENT = '/api/v1/metadata/documents/entity/customer';

interface Found {
  readonly base: string;
  readonly document: { readonly properties: Readonly<Record<string, unknown>> };
}

/** An administrator adds a field to the entity with the most records; the floor is the bare `ALTER TABLE`. */
export const addField: BenchCase = {
  name: 'add-field',
  title: 'apply: add a field (floor: ALTER TABLE)',
  kind: 'change',
  product: (_world, answered) => async (n) => {
    const { base, document } = (await answered({ method: 'GET', path: DOCUMENT, as: 'admin' })) as Found;
    const field = { field: 'text', maxLength: 40, label: { 'zh-CN': `字段${n}`, en: `Field ${n}` } };
    return {
      method: 'POST',
      path: '/api/v1/metadata/apply',
      as: 'admin',
      body: {
        changes: [
          {
            kind: 'entity',
            name: 'customer',
            base,
            document: { ...document, properties: { ...document.properties, [`bench_${n}`]: field } },
          },
        ],
        note: 'bench',
        accept: [],
      },
    };
  },
  floor: {
    request: (_world, floor) => (n) => ({
      method: 'POST',
      path: '/add-field',
      body: { column: `floor_${floor}_${n}` },
    }),
    async bare(sql, { body, refuse }) {
      const column = String(body['column']);
      if (!/^\w+$/.test(column)) refuse(400);
      await sql.rows('', `alter table customer add column ${column} varchar(40)`, []);
      return { version: 1 };
    },
  },
  facts: (answer) => typeof (answer as { version: unknown }).version,
  connections: [1],
  most: 1,
};
