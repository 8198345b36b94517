import { quoteName } from '../../access/quote-name.ts';
import type { Context } from '../../context/context.ts';
import type { EntityModel, FieldModel, Model } from '../../model/model.ts';
import type { Row, Transaction } from '../../store/database.ts';
import type { Dictionaries } from '../../store/dictionaries.ts';
import type { Machine, MachineRegion } from '../../workflow/machine.ts';
import { machinesOf } from '../../workflow/machines-of.ts';
import { keepWritten } from '../derived/keep-derived.ts';
import { evaluate, type Calculated, type CalculationScope } from '../evaluate-record.ts';
import { guardVersion } from '../guard-version.ts';
import { decodeColumns, ownColumns } from '../load-record.ts';
import { QuerySource } from '../query-source.ts';
import { RelatedValues } from '../related-values.ts';
import { rewriteRecords } from '../rewrite/rewrite-records.ts';
import { StatementParameters } from '../statement-parameters.ts';
import { machinesRuling } from './ruling.ts';
import { setTimers } from './state-timers.ts';

/** Records of one piece: locked until its commit, so few enough that nobody waits long. */
export const PLACED_AT_ONCE = 500;

const REASON = '升级时按已有内容确定状态 / State found by the upgrade from what the record says';

/** A field with states in which older records are to be placed. */
export interface PlacedField {
  readonly entity: EntityModel;
  readonly field: FieldModel;
  /** Differs when it is to be asked anew. */
  readonly mark: string;
}

/** The state fields with `initialFrom` of a model, by key (`entity.field`). */
export function placedFields(model: Model): ReadonlyMap<string, PlacedField> {
  const found = new Map<string, PlacedField>();
  const asks = [...model.workflows.values()].some(({ regions }) =>
    Object.values(regions).some(({ initialFrom }) => initialFrom !== undefined),
  );
  for (const entity of asks ? model.entities.values() : []) {
    const regions = machinesOf(model, entity).flatMap((machine) => machine.regions);
    for (const [field, of] of Map.groupBy(regions, (region) => region.field)) {
      if (!of.some(({ isCalculated, initialFrom }) => initialFrom !== null && !isCalculated)) continue;
      const mark = JSON.stringify([of.map(({ document }) => document.initialFrom ?? null), field.column]);
      found.set(`${entity.name}.${field.name}`, { entity, field, mark });
    }
  }
  return found;
}

/**
 * Gives some of the records behind `after` that have no state yet the one that `initialFrom` names, with history; the
 * others of them the initial one, without: it is what no state means. So each record is asked once, and nobody comes
 * into a state later by writing what the expression reads.
 * @returns the ids that were looked at, in their order; fewer than {@link PLACED_AT_ONCE} at the end
 * @throws MRT_MODEL_STALE
 */
export async function placeBatch(
  tx: Transaction,
  context: Context,
  dictionaries: Dictionaries,
  { entity, field }: PlacedField,
  after: string | null,
): Promise<readonly string[]> {
  await guardVersion(tx, context);
  const rows = await lockStateless(tx, context, entity, field, after);
  const calculation = { context, dictionaries, related: new RelatedValues(context.model) };
  const named = new Map<string, string>();
  const initial = new Map<string, string>();
  for (const row of rows) {
    const values = decodeColumns(entity, row);
    const place = await placeOf(tx, calculation, { entity, values, previous: values, at: '' }, field);
    if (!place) continue;
    const id = String(values['id']);
    const { machine, region, state } = place;
    if (state === null) {
      initial.set(id, region.document.initial);
      keepWritten(context, tx, entity, values, { ...values, [field.name]: region.document.initial });
      continue;
    }
    named.set(id, state);
    if ((values['deleted_at'] ?? null) === null)
      await setTimers(context, tx, { entity, id }, machine, region, state);
  }
  await writeInitial(tx, entity, field, initial);
  const rewrite = {
    entity,
    fields: [field],
    where: (source: QuerySource, bind: (value: unknown) => string) =>
      `${source.alias}.id = any(${bind([...named.keys()])}::uuid[])`,
    change: (record: Readonly<Record<string, unknown>>) => ({
      [field.name]: named.get(String(record['id'])),
    }),
  };
  if (named.size > 0) await rewriteRecords({}, context, tx, rewrite, { reason: REASON });
  return rows.map((row) => String(row['id']));
}

async function lockStateless(
  tx: Transaction,
  context: Context,
  entity: EntityModel,
  field: FieldModel,
  after: string | null,
): Promise<readonly Row[]> {
  const parameters = new StatementParameters();
  const source = new QuerySource({ roles: context.access.compiled, parameters, nextAlias: 1 }, entity);
  const columns = ownColumns(source).join(', ');
  const state = source.rawColumn(field);
  const behind = after === null ? '' : ` AND ${source.alias}.id > ${parameters.bind(after)}::uuid`;
  const rows = await tx.query<Row>({
    text: `SELECT ${columns} FROM ${source.from()} WHERE (${state} IS NULL OR ${state} = '')${behind}
      ORDER BY ${source.alias}.id LIMIT ${PLACED_AT_ONCE} FOR UPDATE OF ${source.alias}`,
    values: parameters.values,
  });
  const { table } = field.column!;
  // A part that was added later has no row for records of before.
  if (table !== entity.table)
    await tx.query({
      text: `INSERT INTO ${quoteName(table)} (id) SELECT unnest($1::uuid[]) ON CONFLICT (id) DO NOTHING`,
      values: [rows.map((row) => row['id'])],
    });
  return rows;
}

interface Place {
  readonly machine: Machine;
  readonly region: MachineRegion;
  /** Null: the initial one. */
  readonly state: string | null;
}

async function placeOf(
  tx: Transaction,
  calculation: CalculationScope,
  record: Calculated,
  field: FieldModel,
): Promise<Place | null> {
  const machines = machinesOf(calculation.context.model, record.entity);
  for (const machine of await machinesRuling(calculation, tx, record, machines)) {
    const region = machine.regions.find((each) => each.field === field);
    if (!region) continue;
    if (region.initialFrom === null || region.isCalculated) return null;
    await calculation.related.load(tx, [record], [machine.related]);
    const state = evaluate(region.initialFrom, record, calculation);
    const { states, initial } = region.document;
    const isNamed = typeof state === 'string' && Object.hasOwn(states, state) && state !== initial;
    return { machine, region, state: isNamed ? state : null };
  }
  return null;
}

async function writeInitial(
  tx: Transaction,
  entity: EntityModel,
  field: FieldModel,
  initial: ReadonlyMap<string, string>,
): Promise<void> {
  if (initial.size === 0) return;
  const { table, name } = field.column!;
  await tx.query({
    text: `UPDATE ${quoteName(table)} t SET ${quoteName(name)} = x.state
      FROM unnest($1::uuid[], $2::text[]) AS x(id, state) WHERE t.id = x.id`,
    values: [[...initial.keys()], [...initial.values()]],
  });
}
