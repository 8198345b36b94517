import { isPower, lackingPower } from '../access/lacking-power.ts';
import { membershipsOf, personalOf, type Group } from '../access/standing.ts';
import type { Context } from '../context/context.ts';
import { invalidRecord } from '../errors/catalogue.ts';
import type { Fault } from '../errors/problem.ts';
import { holdsAddress, isNetwork, networksIn } from '../model/network.ts';
import type { BeforeWrite } from '../plugin/api.ts';
import { endDeputies } from '../records/handover/end-deputies.ts';
import type { BeforeWriteRunner, StateChange } from '../records/hooks.ts';
import type { RecordData } from '../records/records.ts';
import { faultAt } from '../records/value-fault.ts';
import type { Transaction } from '../store/database.ts';
import { guardDeputy, guardFilter, requireOwn, requireUsers } from './guard-filters.ts';
import { guardStaff, guardTree, guardTreeState } from './guard-staff.ts';
import { loadOrganisation } from './standings.ts';

/** Two who nest groups at once must not make a circle between them. */
const NESTING_LOCK = 'select pg_advisory_xact_lock(73016, 15)';

type Guard = (event: BeforeWrite, context: Context, tx: Transaction) => Promise<RecordData | void>;

/**
 * Looks at every write to what decides rights, after the plugins have: nobody gives by a group or a personal grant a
 * power he lacks, nor takes away a refusal of one (SEC-06), groups do not contain themselves, grants name what there is.
 * To bring a group or grant back is to give it.
 */
export function guardRights(inner: BeforeWriteRunner): BeforeWriteRunner {
  const guards = new Map<string, Guard>([
    ['user', guardUser],
    ['user_group', guardGroup],
    ['user_grant', guardGrant],
    ['department_filter', guardFilter],
    ['deputy', guardDeputy],
    ['staff', guardStaff],
  ]);
  return {
    async changeState(change, context, tx) {
      await inner.changeState?.(change, context, tx);
      if (change.entity === 'user') await guardUserState(change, context, tx);
      if (change.entity === 'department_filter') requireUsers(context);
      if (change.entity === 'deputy') requireOwn(change.record, context);
      if (change.entity === 'staff' || change.entity === 'user') await guardTreeState(change, context, tx);
      if (change.entity === 'user_group') await guardGroupState(change, context, tx);
      if (change.entity === 'user_grant') guardGrantState(change, context);
    },
    concerns: (entity, context) => guards.has(entity) || inner.concerns?.(entity, context) !== false,
    async run(event, context, tx) {
      const before = (await inner.run(event, context, tx)) ?? undefined;
      const draft = before ? { ...event.draft, ...before } : event.draft;
      const own = (await guards.get(event.entity)?.({ ...event, draft }, context, tx)) ?? undefined;
      return before || own ? { ...before, ...own } : undefined;
    },
  };
}

function idsIn(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((id): id is string => typeof id === 'string') : [];
}

function added(event: BeforeWrite, field: string): readonly string[] {
  const before = new Set(idsIn(event.previous?.[field]));
  return idsIn(event.draft[field]).filter((id) => !before.has(id));
}

/** Networks of a user are some, and his own hold the place where he is: nobody shuts himself out (NF-SEC-01). */
function networkFaults({ id, draft, previous }: BeforeWrite, { actor, address }: Context): Fault[] {
  const text = String(draft['networks'] ?? '');
  if (text === String(previous?.['networks'] ?? '')) return [];
  const networks = networksIn(text);
  const wrong = networks.filter((each) => !isNetwork(each));
  if (wrong.length > 0)
    return [
      faultAt(
        '/networks',
        'MRT_VALUE_NETWORK',
        `“${wrong.join(' ')}”不是网段，应如 10.0.0.0/8 或 fd00::/8。`,
        `“${wrong.join(' ')}” is no network such as 10.0.0.0/8 or fd00::/8.`,
      ),
    ];
  if (id !== actor.id || address === undefined || networks.length === 0 || holdsAddress(networks, address))
    return [];
  return [
    faultAt(
      '/networks',
      'MRT_NETWORK_OWN',
      `您现在的地址 ${address} 不在其中，保存后您将无法使用本系统。`,
      `Your present address ${address} is in none of them: you would shut yourself out.`,
    ),
  ];
}

async function guardUser(event: BeforeWrite, context: Context, tx: Transaction): Promise<RecordData | void> {
  throwFaults(networkFaults(event, context));
  const isNew = event.previous === null;
  await guardTree(event, context, tx);
  if (!isNew && event.draft['status'] === 'disabled' && event.previous?.['status'] !== 'disabled')
    await endDeputies({}, context, tx, event.id);
  const wanted = added(event, 'groups');
  if (!isNew && !isActive(event.previous) && isActive(event.draft))
    throwFaults(await accountFaults(context, tx, { ...event.previous, ...event.draft }, '/status'));
  const isBare = isNew && wanted.length === 0 && !event.sent.has('roles') && !event.sent.has('groups');
  if (wanted.length === 0 && !isBare) return;
  const { groups } = (await loadOrganisation(tx, context.model)).organisation;
  const joined = isBare
    ? [...groups.values()].filter(({ isDefault }) => isDefault === true).map(({ id }) => id)
    : wanted;
  throwFaults(powerFaults(context, groups, joined, '/groups'));
  return isBare && joined.length > 0 ? { groups: joined } : undefined;
}

/** Does the account let anybody in? Where its record says nothing of it, it does. */
function isActive(user: RecordData | null): boolean {
  return (user?.['status'] ?? 'active') === 'active';
}

/** To bring an account back is to give all that it has: its roles, those of its groups, its personal grants. */
async function accountFaults(
  context: Context,
  tx: Transaction,
  user: RecordData,
  path: string,
): Promise<readonly Fault[]> {
  const { groups, grants } = (await loadOrganisation(tx, context.model)).organisation;
  const roles = [
    ...idsIn(user['roles']),
    ...membershipsOf(groups, idsIn(user['groups'])).flatMap((group) => group.roles),
  ];
  const own = (grants.get(String(user['id'])) ?? []).map(personalOf);
  const lacking = lackingPower(context.model, context.access, roles, own);
  if (lacking === null) return [];
  return [
    faultAt(
      path,
      'MRT_VALUE_ROLE_HIGHER',
      `该账号有您没有的“${lacking}”功能权限,您不能重新启用。`,
      `The account holds the function permission “${lacking}”, which you lack; you cannot bring it back.`,
    ),
  ];
}

async function guardUserState(
  { action, record }: StateChange,
  context: Context,
  tx: Transaction,
): Promise<void> {
  if (action !== 'restore' && action !== 'unvoid') return;
  throwFaults(await accountFaults(context, tx, record, ''));
}

async function guardGroup(event: BeforeWrite, context: Context, tx: Transaction): Promise<void> {
  const { draft, previous } = event;
  const wanted = added(event, 'within');
  // Whoever comes to be without a group is put into it: to make it the default is to give it to them.
  const becomesDefault = draft['is_default'] === true && previous?.['is_default'] !== true;
  if (wanted.length === 0 && !becomesDefault) return;
  if (wanted.length > 0) await tx.query({ text: NESTING_LOCK });
  const { groups } = (await loadOrganisation(tx, context.model)).organisation;
  const faults = powerFaults(context, groups, wanted, '/within');
  const reached = membershipsOf(groups, wanted.length > 0 ? idsIn(draft['within']) : []);
  if (reached.some(({ id }) => id === event.id))
    faults.push(
      faultAt('/within', 'MRT_VALUE_CYCLE', '用户组会包含它自己。', 'The group would be a member of itself.'),
    );
  if (becomesDefault) faults.push(...ownPowerFaults(context, groups, draft, '/is_default'));
  throwFaults(faults);
}

async function guardGroupState(
  { action, record }: StateChange,
  context: Context,
  tx: Transaction,
): Promise<void> {
  // What leaves takes powers away: groups give, they do not refuse.
  if (action !== 'restore' && action !== 'unvoid') return;
  const { groups } = (await loadOrganisation(tx, context.model)).organisation;
  throwFaults(ownPowerFaults(context, groups, record, ''));
}

function powerFaults(
  context: Context,
  groups: ReadonlyMap<string, Group>,
  ids: readonly string[],
  path: string,
): Fault[] {
  return ids.flatMap((id) => {
    const roles = membershipsOf(groups, [id]).flatMap((group) => group.roles);
    return higherGroup(context, roles, groups.get(id)?.name ?? id, path);
  });
}

/** The same of a group as it will be: it need not be among those in force. */
function ownPowerFaults(
  context: Context,
  groups: ReadonlyMap<string, Group>,
  group: RecordData,
  path: string,
): Fault[] {
  const above = membershipsOf(groups, idsIn(group['within'])).flatMap(({ roles }) => roles);
  return higherGroup(context, [...idsIn(group['roles']), ...above], String(group['name'] ?? ''), path);
}

function higherGroup(context: Context, roles: readonly string[], name: string, path: string): Fault[] {
  const lacking = lackingPower(context.model, context.access, roles);
  if (lacking === null) return [];
  return [
    faultAt(
      path,
      'MRT_VALUE_ROLE_HIGHER',
      `用户组“${name}”含有您没有的“${lacking}”功能权限,您不能授予。`,
      `The group “${name}” holds the function permission “${lacking}”, which you lack; you cannot give it.`,
    ),
  ];
}

/** The power that a grant gives or refuses and the actor lacks, or null. */
function grantedPower(grant: RecordData | null, context: Context): string | null {
  const name = grant?.['about'] === 'function' ? String(grant['function'] ?? '') : '';
  return isPower(name) && !context.access.mayUse(name) ? name : null;
}

function grantFault(power: string, path: string): Fault {
  return faultAt(
    path,
    'MRT_VALUE_ROLE_HIGHER',
    `您没有“${power}”功能权限,不能给予、拒绝或解除对他人的拒绝。`,
    `You lack the function permission “${power}”; you can neither give nor refuse it, nor lift a refusal of it.`,
  );
}

function guardGrantState({ action, record }: StateChange, context: Context): void {
  const gives = action === 'restore' || action === 'unvoid';
  const power = gives || record['effect'] === 'deny' ? grantedPower(record, context) : null;
  if (power !== null) throwFaults([grantFault(power, '/function')]);
}

function guardGrant(event: BeforeWrite, context: Context): Promise<RecordData> {
  const { draft } = event;
  const text = (name: string): string => String(draft[name] ?? '');
  const about = text('about');
  const faults: Fault[] = [];
  // What it was counts as much as what it becomes: a refusal is also lifted by making it one of something else.
  const power = grantedPower(draft, context) ?? grantedPower(event.previous, context);
  if (power !== null) faults.push(grantFault(power, '/function'));
  const entity = context.model.entities.get(text('entity'));
  if (about !== 'function' && text('entity') !== '' && !entity)
    faults.push(
      faultAt(
        '/entity',
        'MRT_VALUE_CHOICE',
        `没有实体“${text('entity')}”。`,
        `There is no entity “${text('entity')}”.`,
      ),
    );
  if (about === 'field' && entity && text('field') !== '' && !entity.fields.has(text('field')))
    faults.push(
      faultAt(
        '/field',
        'MRT_VALUE_CHOICE',
        `“${entity.label['zh-CN']}”没有字段“${text('field')}”。`,
        `“${entity.label.en}” has no field “${text('field')}”.`,
      ),
    );
  throwFaults(faults);
  return Promise.resolve(withoutOthers(about));
}

/** What a grant of another kind says is not kept. */
function withoutOthers(about: string): RecordData {
  const empty = (...names: readonly string[]): RecordData =>
    Object.fromEntries(names.map((name) => [name, null]));
  if (about === 'function') return empty('entity', 'action', 'scope', 'field', 'level');
  return about === 'field' ? empty('action', 'function') : empty('field', 'level', 'function');
}

function throwFaults(faults: readonly Fault[]): void {
  if (faults.length > 0) throw invalidRecord(faults);
}
