import type { BenchCase } from '../case.ts';
import type { World } from '../data/world.ts';

const readable = (world: World, n: number): string => world.readable[n % world.readable.length] ?? '';
const SENSITIVE = ['private_phone', 'home_address', 'income_status', 'social_relations'];

const contacts = (where: string): string =>
  `(select coalesce(json_agg(row_to_json(r)), '[]'::json) from (
      select * from contact k left join contact_ext x using (id)
      where k.customer = c.id and k.deleted_at is null${where} order by k.is_primary desc, k.name, k.id) r)`;

interface Contact {
  [field: string]: unknown;
  readonly id: string;
  readonly owner: string;
}

interface Answer {
  readonly id: string;
  readonly version: number;
  readonly name: string;
  readonly contacts: readonly Contact[];
}

/** A customer opened with all its fields and its contacts. */
export const readChildren: BenchCase = {
  name: 'read-children',
  title: 'read a record with its children',
  kind: 'read',
  product: (world) => (n) => ({
    method: 'GET',
    path: `/api/v1/records/customer/${readable(world, n)}?include=contacts`,
  }),
  floor: {
    request: (world) => (n) => ({ method: 'GET', path: `/read-children?id=${readable(world, n)}` }),
    async duties(sql, call, person) {
      const rows = await sql.rows<Answer>(
        'read-children',
        `select c.*, e.*, ${contacts(' and (k.owner = $2 or k.unit = any($3::uuid[]))')} as contacts
          from customer c left join customer_ext e using (id)
          where c.id = $1 and c.deleted_at is null and (c.owner = $2 or c.unit = any($3::uuid[]))`,
        [call.query.get('id'), person.id, person.units],
      );
      const row = rows[0] ?? call.refuse(404);
      // Sensitive fields are for the owner alone.
      for (const contact of row.contacts)
        if (contact.owner !== person.id) for (const name of SENSITIVE) delete contact[name];
      return row;
    },
    async bare(sql, call) {
      const rows = await sql.rows(
        'read-children',
        `select c.*, e.*, ${contacts('')} as contacts from customer c left join customer_ext e using (id)
          where c.id = $1 and c.deleted_at is null`,
        [call.query.get('id')],
      );
      return rows[0] ?? call.refuse(404);
    },
  },
  facts(answer) {
    const { id, version, name, contacts: found } = answer as Answer;
    return { id, version, name, contacts: found.map((contact) => contact.id).sort() };
  },
};
