import { reachedBy } from '../access/supervisor-tree.ts';
import type { Organisation } from '../access/standing.ts';
import { STAFF, territoryFields } from '../access/territory.ts';
import type { Context } from '../context/context.ts';
import { invalidRecord } from '../errors/catalogue.ts';
import type { BeforeWrite } from '../plugin/api.ts';
import type { StateChange } from '../records/hooks.ts';
import type { RecordData } from '../records/records.ts';
import { sameValue } from '../records/same-value.ts';
import { faultAt } from '../records/value-fault.ts';
import type { Transaction } from '../store/database.ts';
import { loadOrganisation } from './standings.ts';

/** The fields of staff records and accounts by which people stand above each other. */
const TREE_FIELDS: Readonly<Record<string, readonly string[]>> = {
  staff: [STAFF.supervisor, STAFF.user],
  user: ['supervisor'],
};

/**
 * Scopes go by the territories of a staff record and by who stands above whom: who does not look after users gives
 * himself neither, by his own record or by anything that puts more people below him (SEC-05, SEC-06).
 * @throws MRT_RECORD_INVALID
 */
export async function guardStaff(event: BeforeWrite, context: Context, tx: Transaction): Promise<void> {
  if (context.access.mayUse('users.configure')) return;
  const { draft, previous } = event;
  const me = context.actor.id;
  const isMine = draft[STAFF.user] === me || previous?.[STAFF.user] === me;
  const own = isMine
    ? [STAFF.user, ...territoryFields(context.model).map(({ field }) => field)].filter((name) =>
        isChanged(event, name),
      )
    : [];
  refuse(own);
  await guardTree(event, context, tx);
}

/** The same of what a record of staff or an account says of who stands above it. @throws MRT_RECORD_INVALID */
export async function guardTree(event: BeforeWrite, context: Context, tx: Transaction): Promise<void> {
  if (context.access.mayUse('users.configure')) return;
  const changed = (TREE_FIELDS[event.entity] ?? []).filter((name) => isChanged(event, name));
  if (changed.length === 0) return;
  const { organisation } = await loadOrganisation(tx, context.model);
  const after = withRecord(organisation, event.entity, event.id, event.draft);
  if (grows(organisation, after, context.actor.id)) refuse(changed.slice(0, 1));
}

/** To bring a record of staff or an account back is to say again what it says. @throws MRT_RECORD_INVALID */
export async function guardTreeState(
  { entity, action, record }: StateChange,
  context: Context,
  tx: Transaction,
): Promise<void> {
  const isBack = action === 'restore' || action === 'unvoid';
  if (!isBack || context.access.mayUse('users.configure')) return;
  const me = context.actor.id;
  const { organisation } = await loadOrganisation(tx, context.model);
  const after = withRecord(organisation, entity, String(record['id']), record);
  const regions = territoryFields(context.model).map(({ field }) => record[field]);
  const bringsRegions =
    entity === STAFF.entity &&
    record[STAFF.user] === me &&
    regions.some((codes) => Array.isArray(codes) && codes.length > 0);
  if (bringsRegions || grows(organisation, after, me)) refuse(['']);
}

function isChanged({ draft, previous }: BeforeWrite, name: string): boolean {
  return !sameValue(draft[name] ?? null, previous?.[name] ?? null);
}

/** Does somebody stand below the actor who did not? People without an account count: others stand below them. */
function grows(before: Organisation, after: Organisation, me: string): boolean {
  const known = reachedBy(before.staff, before.superiors, me);
  return [...reachedBy(after.staff, after.superiors, me)].some((node) => !known.has(node));
}

function withRecord(from: Organisation, entity: string, id: string, record: RecordData): Organisation {
  const idIn = (name: string): string | null => {
    const value = record[name];
    return typeof value === 'string' ? value : null;
  };
  const supervisor = idIn('supervisor');
  if (entity === STAFF.entity) {
    const staff = {
      id,
      user: idIn(STAFF.user),
      supervisor: idIn(STAFF.supervisor),
      regions: {},
    };
    return {
      ...from,
      staff: [...from.staff.filter((each) => each.id !== id), staff],
    };
  }
  const user = { id, supervisor, status: idIn('status') };
  return {
    ...from,
    superiors: [...from.superiors.filter((each) => each.id !== id), user],
  };
}

function refuse(paths: readonly string[]): void {
  if (paths.length === 0) return;
  throw invalidRecord(
    paths.map((name) =>
      faultAt(
        name === '' ? '' : `/${name}`,
        'MRT_VALUE_ROLE_HIGHER',
        '您不能以此扩大自己的数据范围,须由管理用户的人修改。',
        'You would widen what you see yourself by this; who looks after users can do it.',
      ),
    ),
  );
}
