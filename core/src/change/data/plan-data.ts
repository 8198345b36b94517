import { problem } from '../../errors/catalogue.ts';
import { docFault } from '../../model/doc-fault.ts';
import type { DataChange, Mending, RowReport } from '../../http/contract.ts';
import type { Allocation } from '../../model/allocation.ts';
import { fieldType } from '../../fields/registry.ts';
import type { EntityModel, FieldModel, Model } from '../../model/model.ts';
import type { Database } from '../../store/database.ts';
import { quote } from '../../store/quote.ts';
import type { Dictionaries } from '../../store/dictionaries.ts';
import { sentence } from '../change-text.ts';
import type { Snapshot } from '../prepare-change.ts';
import { acceptor, type ConversionScope, valueConverter } from './convert-value.ts';
import { convertColumn, type Conversion, surveyColumn, unfitProblem } from './convert-column.ts';
import type { DataWork } from './data-work.ts';
import { emptyReport, fillEmpty } from './fill-empty.ts';
import { moveCodes } from './move-codes.ts';
import { planRounds } from './plan-rounds.ts';
import { purgedPlaces, purgeWork } from './purge.ts';

/** All that a change does to stored values, with the places as they are afterwards. */
export interface PlannedData {
  /** In the order in which they are carried out: conversions, what was asked for, what is dropped. */
  readonly works: readonly DataWork[];
  readonly allocation: Allocation;
}

/** @param data as sent, in its order: the faults name its index */
export async function planData(
  db: Database,
  current: Snapshot,
  next: { readonly model: Model; readonly allocation: Allocation },
  dictionaries: Dictionaries,
  data: readonly DataChange[],
): Promise<PlannedData> {
  const { settings } = next.model;
  const scope: ConversionScope = { timeZone: settings.timeZone, locale: settings.locale, dictionaries };
  const works: DataWork[] = [];
  const allocation: Record<string, Allocation[string]> = { ...next.allocation };
  for (const { entity, field, before } of knownFields(current.model, next.model)) {
    const mending = data.find(
      (each) => each.type === 'convert' && each.entity === entity.name && each.field === field.name,
    ) as Mending | undefined;
    const conversion = conversionOf(allocation, entity, field, before, scope, mending);
    if (conversion) works.push(await convertWork(db, conversion));
    const report =
      field.required && !before.required && before.column
        ? await emptyReport(db, entity, field, before.column)
        : null;
    const filled = data.some(
      (each) => each.type === 'fill' && each.entity === entity.name && each.field === field.name,
    );
    if (report && !filled) works.push(reportWork(entity, field, report));
  }
  let left: Allocation = allocation;
  const drops: DataWork[] = [];
  for (const [index, each] of data.entries()) {
    const path = `/data/${index}`;
    if (each.type === 'join' || each.type === 'split')
      works.push(await moveCodes(db, next.model, dictionaries, each, path));
    if (each.type === 'fill') {
      const entity = next.model.entities.get(each.entity);
      const field = entity?.fields.get(each.field);
      if (!entity || !field?.column || field.system) throw unknownField(path, each.entity, each.field);
      if (field.def.compute !== undefined || field.def.rollup !== undefined)
        throw calculatedField(path, field);
      const known = current.model.entities.get(each.entity);
      const before = known ? (known.fields.get(each.field)?.column ?? 'new field') : 'new entity';
      works.push(await fillEmpty(db, entity, field, before, each.value, acceptor(field.def, scope), path));
    }
    if (each.type === 'convert' && !next.model.entities.get(each.entity)?.fields.has(each.field))
      throw unknownField(path, each.entity, each.field);
    if (each.type === 'purge') {
      const purged = purgedPlaces(left, each);
      left = purged.left;
      drops.push(await purgeWork(db, current, each, purged.drops));
    }
  }
  const rounds = await planRounds(db, current.model, next.model, data);
  return { works: [...works, ...rounds, ...drops], allocation: left };
}

function unknownField(path: string, entity: string, field: string): Error {
  const name = `${entity}.${field}`;
  return problem('MRT_PLAN_REFUSED', {}, [
    docFault(path, 'MRT_DOC_REFERENCE', `“${name}”不存在`, `“${name}” does not exist`),
  ]);
}

function calculatedField(path: string, { label }: FieldModel): Error {
  return problem('MRT_PLAN_REFUSED', {}, [
    docFault(
      path,
      'MRT_VALUE_TYPE',
      `“${label['zh-CN']}”由系统计算,不能补填`,
      `“${label.en}” is calculated and cannot be filled`,
    ),
  ]);
}

/** Fields that are there before and after, renamed ones included. */
function* knownFields(
  current: Model,
  next: Model,
): Iterable<{ entity: EntityModel; field: FieldModel; before: FieldModel }> {
  for (const entity of next.entities.values()) {
    const previous = current.entities.get(entity.name);
    if (!previous || previous === entity) continue;
    for (const field of entity.fields.values()) {
      const known = (name: string | undefined): FieldModel | undefined =>
        name === undefined ? undefined : (previous.fields.get(name) ?? previous.retiredFields.get(name));
      const before = known(field.name) ?? known(field.def.renamedFrom);
      if (before) yield { entity, field, before };
    }
  }
}

/** The conversion that a field's new column asks for; notes in the allocation how to take it back. */
function conversionOf(
  allocation: Record<string, Allocation[string]>,
  entity: EntityModel,
  field: FieldModel,
  before: FieldModel,
  scope: ConversionScope,
  sent: Mending | undefined,
): Conversion | null {
  const [from, to] = [before.column, field.column];
  if (!from && !to) return null;
  if (!from || !to || from.table !== to.table) throw unfitted(entity, field);
  if (from.name === to.name) return null;
  const mending: Mending = {
    ...(sent?.mapping ? { mapping: sent.mapping } : {}),
    ...(sent && Object.hasOwn(sent, 'otherwise') ? { otherwise: sent.otherwise } : {}),
  };
  const key = `${entity.name}.${field.name}`;
  const place = allocation[key];
  const then = before.column && formerOf(place, to.name, from.name);
  if (place?.former) allocation[key] = { ...place, former: { ...place.former, mending } };
  const plain = valueConverter(before.def, field.def, scope);
  return {
    entity,
    field: field.name,
    table: to.table,
    from: { column: from.name, def: before.def },
    to: { column: to.name, def: field.def },
    convert: valueConverter(before.def, field.def, scope, mending),
    back: then ? { forward: valueConverter(field.def, before.def, scope, then) } : null,
    mended: (value) => value !== null && plain(value) === undefined,
  };
}

/** How the values of the column that a field goes back to were converted when it left; null when it goes to a new one. */
function formerOf(place: Allocation[string] | undefined, to: string, from: string): Mending | null {
  if (!place?.former || place.former.column !== from || !place.returned || place.column !== to) return null;
  return (place.returned as Mending | undefined) ?? {};
}

async function convertWork(db: Database, conversion: Conversion): Promise<DataWork> {
  const { entity, field, from, to, table } = conversion;
  const survey = await db.transaction((tx) => surveyOnly(tx, conversion));
  const [old, fresh] = [fieldType(from.def.field).label, fieldType(to.def.field).label];
  const left = survey.unfit > 0;
  return {
    operation: {
      operation: 'field.retype',
      text: sentence(
        `${entity.label['zh-CN']}.${to.def.label['zh-CN']} 类型 ${old['zh-CN']} → ${fresh['zh-CN']}:检查了 ${survey.rows} 条记录${left ? `,${survey.unfit} 条无法转换` : ',全部可以转换'}`,
        `${entity.label.en}.${to.def.label.en} type ${old.en} → ${fresh.en}: ${survey.rows} record(s) checked, ${left ? `${survey.unfit} cannot be converted` : 'all can be converted'}`,
      ),
      risk: 'rewrites',
      sql: [`update ${quote(table)} set ${quote(to.column)} = converted(${quote(from.column)})`],
      rows: survey.rows,
      lock: 'everybody',
      ...(left
        ? {
            report: {
              reason: 'unfit' as const,
              entity: entity.name,
              field,
              count: survey.unfit,
              rows: survey.ids.map((id) => ({ id })),
              blocks: true,
              ways: ['convert' as const],
            },
          }
        : {}),
    },
    faults: [],
    touches: [],
    carries: [{ entity: entity.name, field }],
    run: async (tx, mark) =>
      await convertColumn(tx, conversion, mark, (found) => unfitProblem(conversion, found)),
  };
}

async function surveyOnly(
  tx: Parameters<typeof surveyColumn>[0],
  conversion: Conversion,
): ReturnType<typeof surveyColumn> {
  const survey = await surveyColumn(tx, conversion);
  await tx.query({ text: 'drop table mortise_converted' });
  return survey;
}

function reportWork(entity: EntityModel, field: FieldModel, report: RowReport): DataWork {
  const [zh, en] = [
    `${entity.label['zh-CN']}.${field.label['zh-CN']}`,
    `${entity.label.en}.${field.label.en}`,
  ];
  return {
    operation: {
      operation: 'field.empty',
      text: sentence(
        `${zh} 设为必填:已有 ${report.count} 条记录为空,下次修改时须补填`,
        `${en} becomes required: ${report.count} record(s) have no value and must be given one when next changed`,
      ),
      risk: 'none',
      sql: [],
      rows: report.count,
      lock: 'none',
      report,
    },
    faults: [],
    touches: [],
    run: async () => {},
  };
}

function unfitted(entity: EntityModel, field: FieldModel): Error {
  return problem('MRT_PLAN_REFUSED', {}, [
    docFault(
      `entity/${entity.name}#/properties/${field.name}/field`,
      'MRT_PLAN_RETYPE',
      '这种类型之间不能转换,请另建字段',
      'there is no way between these types; add another field instead',
    ),
  ]);
}
