import { randomUUID } from 'node:crypto';
import { TARGETS, type Aim, type BenchCase, type Target } from '../case.ts';
import type { World } from '../data/world.ts';

/** The record changed and answered; $4 is the version that the client knows. */
const CHANGE = `update customer set remarks = $2, version = version + 1, updated_at = now(), updated_by = $3
  where id = $1 and version = $4`;

/** Each target changes its own part of the employee's records, one after the other. */
function changes(world: World, target: Target, path: (id: string) => string): Aim {
  // A record that is under way is not taken again: the second change would rightly be refused.
  const idle = world.own.filter((_, index) => index % TARGETS.length === TARGETS.indexOf(target));
  return (n) => {
    const id = idle.shift();
    if (id === undefined) throw new Error('the employee owns fewer records than there are connections');
    const version = world.versions.get(id) ?? 1;
    return {
      method: 'PATCH',
      path: path(id),
      headers: { 'If-Match': `"${version}"` },
      body: { remarks: `备注 ${n}` },
      learn: (answer) => {
        world.versions.set(id, (answer as { version: number }).version);
        idle.push(id);
      },
    };
  };
}

const versionOf = (header: string | undefined): number => Number((header ?? '').replaceAll('"', ''));

/** One field of an own customer. */
export const update: BenchCase = {
  name: 'update',
  title: 'update one field',
  kind: 'write',
  product: (world) => changes(world, 'product', (id) => `/api/v1/records/customer/${id}`),
  floor: {
    request: (world, floor) => changes(world, floor, (id) => `/update?id=${id}`),
    async duties(sql, call, person) {
      return await sql.transaction(async (tx) => {
        const before = await tx.rows<{ version: number; remarks: string | null }>(
          'lock',
          'select version, remarks from customer where id = $1 and deleted_at is null and owner = $2 for update',
          [call.query.get('id'), person.id],
        );
        const row = before[0] ?? call.refuse(404);
        const version = versionOf(call.headers['if-match']);
        if (row.version !== version) call.refuse(409);
        const changed = await tx.rows(
          'update',
          `with changed as (${CHANGE} returning *), noted as (
              insert into mortise.history (id, entity, record_id, action, changes, "by", source, version)
              select $5, 'customer', id, 'update', $6, $3, 'api', version from changed)
            select changed.*, e.* from changed left join customer_ext e using (id)`,
          [
            call.query.get('id'),
            call.body['remarks'],
            person.id,
            version,
            randomUUID(),
            JSON.stringify({ remarks: { old: row.remarks, new: call.body['remarks'] } }),
          ],
        );
        return changed[0];
      });
    },
    async bare(sql, call) {
      const changed = await sql.rows(
        'update',
        `with changed as (${CHANGE} and deleted_at is null returning *)
          select changed.*, e.* from changed left join customer_ext e using (id)`,
        [call.query.get('id'), call.body['remarks'], null, versionOf(call.headers['if-match'])],
      );
      return changed[0] ?? call.refuse(409);
    },
  },
  facts(answer) {
    const { version, remarks } = answer as { version: number; remarks: string };
    return { version: version > 1, remarks: remarks.replace(/\d+/, '') };
  },
};
