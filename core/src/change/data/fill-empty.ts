import { docFault } from '../../model/doc-fault.ts';
import type { RowReport } from '../../http/contract.ts';
import { fieldType } from '../../fields/registry.ts';
import type { EntityModel, FieldModel } from '../../model/model.ts';
import { pointer } from '../../model/pointer.ts';
import type { Queryable } from '../../store/database.ts';
import { quote } from '../../store/quote.ts';
import { sentence } from '../change-text.ts';
import type { ConvertValue } from './convert-value.ts';
import { countOf, type DataWork } from './data-work.ts';
import { recordsWith, rewriteColumn, type Rewriting } from './rewrite-column.ts';

const MOST_NAMED = 50;

/**
 * The records without a value in a field that becomes required; null when there are none. They do not forbid the
 * change: each must be given one when it is next changed.
 * @param column where the field lies now
 */
export async function emptyReport(
  db: Queryable,
  entity: EntityModel,
  field: FieldModel,
  column: { readonly table: string; readonly name: string },
): Promise<RowReport | null> {
  const live = entity.ownership === 'user' ? 'm.deleted_at is null' : 'true';
  const where = `t.${quote(column.name)} is null and ${live}`;
  const from = recordsWith(entity, column.table);
  const count = await countOf(db, `select count(*)::int as n from ${from} where ${where}`);
  if (count === 0) return null;
  const rows = await db.query<{ id: string }>({
    text: `select m.id from ${from} where ${where} order by m.id limit ${MOST_NAMED}`,
  });
  return {
    reason: 'empty',
    entity: entity.name,
    field: field.name,
    count,
    rows,
    blocks: false,
    ways: ['fill'],
  };
}

/** Gives the records without a value in a field one, e.g. because it becomes required. */
export async function fillEmpty(
  db: Queryable,
  entity: EntityModel,
  field: FieldModel,
  before: { readonly table: string; readonly name: string } | 'new field' | 'new entity',
  value: unknown,
  accepts: ConvertValue,
  path: string,
): Promise<DataWork> {
  const accepted = accepts(value);
  const at = `entity/${entity.name}#${pointer('/properties', field.name)}`;
  const faults =
    accepted && accepted.value !== null
      ? []
      : [docFault(path, 'MRT_VALUE_TYPE', '该字段不接受此值', `the field does not take this value (${at})`)];
  const source =
    before === 'new entity'
      ? null
      : before === 'new field'
        ? quote(entity.table)
        : recordsWith(entity, before.table);
  const empty = typeof before === 'object' ? `t.${quote(before.name)} is null` : 'true';
  const rows =
    source === null ? 0 : await countOf(db, `select count(*)::int as n from ${source} where ${empty}`);
  const stored = JSON.stringify(fieldType(field.type).toColumn(accepted?.value ?? null, field.def));
  const { table, name } = field.column!;
  const rewriting: Rewriting = {
    entity,
    field,
    value: `(jsonb_populate_record(null::${quote(table)}, jsonb_build_object($1::text, $2::jsonb))).${quote(name)}`,
    where: `t.${quote(name)} is null and $1::text is not null and $2::jsonb is not null`,
    values: [name, stored],
    note: '补填空值 / Empty values were filled',
  };
  const label = `${entity.label['zh-CN']}.${field.label['zh-CN']}`;
  const text = String(typeof value === 'object' ? JSON.stringify(value) : value);
  return {
    operation: {
      operation: 'field.fill',
      text: sentence(
        `${label} 为 ${rows} 条空记录填入“${text}”`,
        `${entity.label.en}.${field.label.en}: “${text}” filled into ${rows} empty record(s)`,
      ),
      risk: 'rewrites',
      sql: [`update ${quote(table)} set ${quote(name)} = ${stored} where ${quote(name)} is null`],
      rows,
      lock: 'writers',
    },
    faults,
    touches: [{ entity: entity.name, field: field.name }],
    run: async (tx, mark) => void (await rewriteColumn(tx, rewriting, mark)),
  };
}
