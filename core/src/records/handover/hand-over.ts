import { quoteName } from '../../access/quote-name.ts';
import type { Context } from '../../context/context.ts';
import { invalidRecord, problem } from '../../errors/catalogue.ts';
import { isUuid } from '../../fields/uuid.ts';
import type { EntityModel } from '../../model/model.ts';
import type { Queryable, Row, Transaction } from '../../store/database.ts';
import { uuid7 } from '../../store/uuid7.ts';
import { checkReason } from '../check-reason.ts';
import type { Values } from '../draft.ts';
import { entityOf } from '../entity-of.ts';
import { guardVersion } from '../guard-version.ts';
import { gateLoaded, loadRecord, type LoadedRecord } from '../load-record.ts';
import { namedStatement } from '../named-statement.ts';
import { logOperation } from '../operations/operation-log.ts';
import { QuerySource } from '../query-source.ts';
import type { WriteOptions } from '../records.ts';
import { leadsTo } from '../rewrite/referring-fields.ts';
import { rewriteRecords } from '../rewrite/rewrite-records.ts';
import { notDeleted } from '../row-state.ts';
import { StatementParameters } from '../statement-parameters.ts';
import { updateRecord } from '../update-record.ts';
import { faultAt } from '../value-fault.ts';
import { writeProblem } from '../write-errors.ts';
import { inTransaction, type WriteScope } from '../write-scope.ts';
import { Dealer, inOrder } from './deal.ts';
import { endDeputies } from './end-deputies.ts';
import { passAssignments } from './pass-assignments.ts';
import type { HandOverAnswer, HandOverRequest, Responsibility } from './handover.ts';
import { finalStates, responsibleFields, type ResponsibleField } from './responsibilities.ts';

/** The function permissions to hand everything of a person over. */
const HAND_OVER_RIGHTS = ['users.configure', 'assign'] as const;
/** Most who can take over at once. */
const MOST_TAKERS = 50;

/** What handing over needs besides the road to records. */
export interface HandOverScope extends WriteScope {
  /** Ends the sessions of a user and revokes his tokens; how many sessions there were. */
  readonly signOut: (tx: Transaction, user: string) => Promise<number>;
  readonly countSessions: (db: Queryable, user: string) => Promise<number>;
}

/** An account, with the cards that stand for it. */
interface Person {
  readonly id: string;
  readonly values: Readonly<Values>;
}

/**
 * Hands over what a person answers for when he leaves (SCN-09): his records, the people and departments below him,
 * and the open steps that wait for him or were passed on to him, in every entity; in one transaction, as an operation that can be undone. The
 * account is switched off with it. What the actor may not know of is handed over as well, but not counted to him.
 * @throws MRT_ACCESS_FUNCTION, MRT_RECORD_NOT_FOUND, MRT_ACCESS_DENIED, MRT_RECORD_INVALID, MRT_MODEL_STALE
 */
export async function handOver(
  scope: HandOverScope,
  context: Context,
  userId: string,
  request: HandOverRequest,
): Promise<HandOverAnswer> {
  for (const right of HAND_OVER_RIGHTS)
    if (!context.access.mayUse(right)) throw problem('MRT_ACCESS_FUNCTION', { function: right });
  const entity = entityOf(context, 'user');
  checkReason(request.options);
  const leaver = userId.toLowerCase();
  const takers = checkedTakers(leaver, request);
  if (request.disable && leaver === context.actor.id)
    throw invalidRecord([
      faultAt('/disable', 'MRT_HAND_OVER', '不能停用自己的账户。', 'You cannot switch your own account off.'),
    ]);
  const operation = uuid7();
  const options: WriteOptions = { ...request.options, operation };
  try {
    return await inTransaction(scope, undefined, async (tx) => {
      await guardVersion(tx, context);
      const people = await loadPeople(context, tx, entity, [leaver, ...takers]);
      const from = people.get(leaver)!;
      const to = takers.map((id) => people.get(id)!);
      const all = await listResponsibilities(context, tx, from, to);
      if (request.preview)
        return { operation: null, items: all, sessions: await scope.countSessions(tx, leaver) };
      const chosen = chosenOf(all, request.fields);
      const moved = await moveAll(scope, context, tx, from, to, chosen, options);
      const ended = request.disable ? await endDeputies(scope, context, tx, leaver, options) : 0;
      if (request.disable) await switchOff(scope, context, tx, from, options);
      const sessions = request.disable ? await scope.signOut(tx, leaver) : 0;
      await logOperation(tx, context, {
        kind: 'hand-over',
        entity: entity.name,
        records: moved + ended + (request.disable ? 1 : 0),
        options,
      });
      return { operation, items: chosen, sessions };
    });
  } catch (error) {
    throw writeProblem(error, context, entity);
  }
}

function checkedTakers(leaver: string, { to, preview }: HandOverRequest): readonly string[] {
  const takers = [...new Set(to.map((id) => id.toLowerCase()))];
  const isFit = takers.length <= MOST_TAKERS && takers.every(isUuid) && !takers.includes(leaver);
  // A preview may be asked for before anybody is chosen.
  if (isUuid(leaver) && isFit && (preview || takers.length > 0)) return takers;
  if (!isUuid(leaver)) throw problem('MRT_RECORD_NOT_FOUND');
  throw invalidRecord([
    faultAt(
      '/to',
      'MRT_HAND_OVER',
      `请选择 1 到 ${MOST_TAKERS} 位其他用户。`,
      `Choose 1 to ${MOST_TAKERS} other users.`,
    ),
  ]);
}

/** Locks the accounts in the order of their ids. @throws MRT_RECORD_INVALID when one who takes over is not active */
async function loadPeople(
  context: Context,
  tx: Transaction,
  entity: EntityModel,
  [leaver, ...takers]: readonly string[],
): Promise<ReadonlyMap<string, Person>> {
  const people = new Map<string, Person>();
  for (const id of [leaver!, ...takers].toSorted()) {
    const loaded: LoadedRecord | null = await loadRecord(tx, context, entity, id);
    gateLoaded(context, entity, loaded, id === leaver ? 'update' : 'query');
    const { values } = loaded;
    const isActive = (values['deleted_at'] ?? null) === null && values['status'] === 'active';
    if (id !== leaver && !isActive)
      throw invalidRecord([
        faultAt(`/to/${takers.indexOf(id)}`, 'MRT_HAND_OVER', '这位用户未启用。', 'This user is not active.'),
      ]);
    people.set(id, { id, values });
  }
  return people;
}

/** The id by which a field names a person: of the account, or of its card. */
function nameOf({ card }: ResponsibleField, { id, values }: Person): string | null {
  if (!card) return id;
  const value = values[card.name];
  return typeof value === 'string' ? value : null;
}

async function listResponsibilities(
  context: Context,
  tx: Transaction,
  from: Person,
  to: readonly Person[],
): Promise<readonly Responsibility[]> {
  const named = responsibleFields(context.model).filter((each) => nameOf(each, from) !== null);
  const parameters = new StatementParameters();
  const scope = { roles: context.access.compiled, parameters, nextAlias: 1 };
  const parts = named.map((each, index) => {
    const source = new QuerySource(scope, each.by, `r${index}`);
    const match = matchSql(each, source, (value) => parameters.bind(value), nameOf(each, from)!);
    const visible = source.visible();
    const live = notDeleted(source);
    return `SELECT ${index} AS part, count(*)::integer AS known FROM ${source.from()} WHERE ${match} AND ${live} AND ${visible}`;
  });
  if (parts.length === 0) return [];
  const rows = await tx.query<{ part: number; known: number } & Row>(
    namedStatement(context, parts.join(' UNION ALL '), parameters.values),
  );
  const known = new Map(rows.map((row) => [row.part, row.known]));
  return named.map((each, index) => {
    const without = to.some((person) => nameOf(each, person) === null);
    return {
      entity: each.by.name,
      field: each.field.name,
      kind: each.kind,
      records: known.get(index) ?? 0,
      proposed: each.kind !== 'other' && !without,
      lacking: without && each.card ? String(each.card.def['entity']) : null,
    };
  });
}

/** Records that name the person here and in which something is left to be done. */
function matchSql(
  { field, regions }: ResponsibleField,
  source: QuerySource,
  bind: (value: unknown) => string,
  name: string,
): string {
  const leads = leadsTo(field, source.rawColumn(field), `${bind([name])}::uuid[]`);
  const ended = regions.flatMap((region) => {
    const states = finalStates(region);
    return states.length === 0 ? [] : [`${source.rawColumn(region.field)} = ANY(${bind(states)}::text[])`];
  });
  // Over when every region is: one that has no end never is.
  return ended.length > 0 && ended.length === regions.length
    ? `(${leads} AND (${ended.join(' AND ')}) IS NOT TRUE)`
    : `(${leads})`;
}

/** @throws MRT_RECORD_INVALID for a field that names nobody, or that nobody who takes over can be named in */
function chosenOf(
  all: readonly Responsibility[],
  fields: readonly string[] | undefined,
): readonly Responsibility[] {
  if (!fields) return all.filter(({ proposed }) => proposed);
  const byName = new Map(all.map((each) => [`${each.entity}.${each.field}`, each]));
  const faults = fields.flatMap((name, index) => {
    const found = byName.get(name);
    if (found && found.lacking === null) return [];
    return [
      faultAt(`/fields/${index}`, 'MRT_HAND_OVER', '这个字段不能移交。', 'This field cannot be handed over.'),
    ];
  });
  if (faults.length > 0) throw invalidRecord(faults);
  return [...new Set(fields)].map((name) => byName.get(name)!);
}

async function moveAll(
  scope: WriteScope,
  context: Context,
  tx: Transaction,
  from: Person,
  to: readonly Person[],
  chosen: readonly Responsibility[],
  options: WriteOptions,
): Promise<number> {
  const { model } = context;
  const wanted = new Set(chosen.map(({ entity, field }) => `${entity}.${field}`));
  const fields = responsibleFields(model).filter(({ by, field }) => wanted.has(`${by.name}.${field.name}`));
  const byEntity = Map.groupBy(fields, ({ by }) => by);
  const dealer = new Dealer(model, to.length);
  let moved = 0;
  for (const by of inOrder(model, [...byEntity.keys()])) {
    const own = byEntity.get(by)!;
    const unit = own.some(({ kind }) => kind === 'owner') ? by.fields.get('unit') : undefined;
    const above = await aboveTakers(tx, own, to);
    const ids = await rewriteRecords(
      scope,
      context,
      tx,
      {
        entity: by,
        fields: [...own.map(({ field }) => field), ...(unit ? [unit] : [])],
        where: (source, bind) => {
          const names = own.map((each) => matchSql(each, source, bind, nameOf(each, from)!)).join(' OR ');
          // His own account stays his.
          const others = by.name === 'user' ? ` AND ${source.alias}.id <> ${bind(from.id)}::uuid` : '';
          return `(${names})${others}`;
        },
        change: (record) =>
          above.has(String(record['id']))
            ? underHisSuperior(own, record, from)
            : handedOver(own, record, from, to[dealer.placeOf(by, record)]!, unit !== undefined),
      },
      options,
    );
    moved += ids.length;
  }
  const display = entityOf(context, 'user').display;
  const passed = await passAssignments(
    scope,
    context,
    tx,
    from.id,
    ({ entity, values }) => {
      const { id, values: person } = to[dealer.placeOf(entity, values)]!;
      return { id, displayName: String(person[display] ?? person['username'] ?? '') };
    },
    // Without its operation: undoing it gives records back, not what was passed on.
    options.reason === undefined ? {} : { reason: options.reason },
  );
  return moved + passed;
}

/**
 * Those who take over, and who stands above them, where people stand above people: under one who takes over they would
 * stand under themselves.
 */
async function aboveTakers(
  tx: Transaction,
  own: readonly ResponsibleField[],
  to: readonly Person[],
): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  for (const each of own) {
    const { by, field } = each;
    if (field.type !== 'reference' || field.def['entity'] !== by.name) continue;
    const { table, name } = field.column!;
    const parent = quoteName(name);
    const rows = await tx.query<{ id: string }>({
      text: `WITH RECURSIVE up(id) AS (
          SELECT unnest($1::uuid[])
          UNION SELECT n.${parent} FROM ${quoteName(table)} n JOIN up ON n.id = up.id WHERE n.${parent} IS NOT NULL)
        SELECT id FROM up`,
      values: [to.flatMap((person) => nameOf(each, person) ?? [])],
    });
    for (const { id } of rows) found.add(id);
  }
  return found;
}

/** He who takes over stands where the leaving one stood. */
function underHisSuperior(own: readonly ResponsibleField[], record: Readonly<Values>, from: Person): Values {
  const values: Values = {};
  for (const each of own) {
    const { by, field } = each;
    if (field.def['entity'] !== by.name || record[field.name] !== nameOf(each, from)) continue;
    const superior = each.card ? null : (from.values[field.name] ?? null);
    values[field.name] = superior === record['id'] ? null : superior;
  }
  return values;
}

function handedOver(
  own: readonly ResponsibleField[],
  record: Readonly<Values>,
  from: Person,
  to: Person,
  withUnit: boolean,
): Values {
  const values: Values = {};
  for (const each of own) {
    const { name } = each.field;
    const before = nameOf(each, from);
    const after = nameOf(each, to);
    const value = record[name];
    if (isOver(each, record)) continue;
    if (Array.isArray(value) && value.includes(before))
      values[name] = [...new Set(value.map((id) => (id === before ? after : (id as unknown))))];
    else if (value === before) values[name] = after;
  }
  // A record of his department goes to the department of the one who takes it; another one was put there on purpose.
  if (withUnit && 'owner' in values && record['unit'] === from.values['unit'])
    values['unit'] = to.values['unit'] ?? null;
  return values;
}

/** Is nothing left to be done, in a record that another of its fields brought here? */
function isOver({ regions }: ResponsibleField, record: Readonly<Values>): boolean {
  return (
    regions.length > 0 &&
    regions.every((region) => finalStates(region).includes(String(record[region.field.name])))
  );
}

/** Through the gate: who may not change the account cannot switch it off. */
async function switchOff(
  scope: WriteScope,
  context: Context,
  tx: Transaction,
  { id }: Person,
  options: WriteOptions,
): Promise<void> {
  const entity = entityOf(context, 'user');
  const [row] = await tx.query<{ version: number }>({
    text: `SELECT version FROM ${quoteName(entity.table)} WHERE id = $1::uuid`,
    values: [id],
  });
  await updateRecord(
    scope,
    context,
    entity.name,
    id,
    Number(row?.version),
    { status: 'disabled' },
    options,
    tx,
  );
}
