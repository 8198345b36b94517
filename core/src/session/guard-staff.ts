import { ledBy } from '../access/supervisor-tree.ts';
import { STAFF, territoryFields } from '../access/territory.ts';
import type { Context } from '../context/context.ts';
import { invalidRecord } from '../errors/catalogue.ts';
import type { BeforeWrite } from '../plugin/api.ts';
import { sameValue } from '../records/same-value.ts';
import { faultAt } from '../records/value-fault.ts';
import type { Transaction } from '../store/database.ts';
import { loadOrganisation } from './standings.ts';

/**
 * Scopes go by the territories of a staff record and by who stands above whom: who does not look after users gives
 * himself neither, by his own record or by becoming somebody's supervisor (SEC-05, SEC-06).
 * @throws MRT_RECORD_INVALID
 */
export async function guardStaff(
  { draft, previous }: BeforeWrite,
  context: Context,
  tx: Transaction,
): Promise<void> {
  if (context.access.mayUse('users.configure')) return;
  const me = context.actor.id;
  const isChanged = (name: string): boolean => !sameValue(draft[name] ?? null, previous?.[name] ?? null);
  const isMine = draft[STAFF.user] === me || previous?.[STAFF.user] === me;
  const own = isMine
    ? [STAFF.user, ...territoryFields(context.model).map(({ field }) => field)].filter(isChanged)
    : [];
  const supervisor = draft[STAFF.supervisor];
  const gains =
    typeof supervisor === 'string' &&
    isChanged(STAFF.supervisor) &&
    (await isUnder(context, tx, supervisor)) &&
    !(
      typeof previous?.[STAFF.supervisor] === 'string' &&
      (await isUnder(context, tx, previous[STAFF.supervisor] as string))
    );
  const faults = [...own, ...(gains ? [STAFF.supervisor] : [])].map((name) =>
    faultAt(
      `/${name}`,
      'MRT_VALUE_ROLE_HIGHER',
      '您不能以此扩大自己的数据范围,须由管理用户的人修改。',
      'You would widen what you see yourself by this; who looks after users can do it.',
    ),
  );
  if (faults.length > 0) throw invalidRecord(faults);
}

/** Is the staff record that of the actor, or of somebody below him? */
async function isUnder(context: Context, tx: Transaction, staff: string): Promise<boolean> {
  const { organisation } = await loadOrganisation(tx, context.model);
  const person = organisation.staff.find(({ id }) => id === staff)?.user;
  if (!person) return false;
  return (
    person === context.actor.id ||
    ledBy(organisation.staff, organisation.superiors, context.actor.id).includes(person)
  );
}
