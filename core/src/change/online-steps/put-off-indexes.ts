import type { Model } from '../../model/model.ts';
import type { Database } from '../../store/database.ts';
import type { TablePlan, TableStatement } from '../../store/table-plan.ts';
import type { LocaleText } from '../../text/locale.ts';
import { sentence } from '../change-text.ts';
import { countRows, MANY_ROWS } from '../count-rows.ts';
import { concurrently, indexStep } from './index-step.ts';
import type { PlannedStep } from './online-step.ts';

/**
 * Takes the indexes of tables with many rows out of the transaction of a change, where building them would keep writers
 * out for seconds. The embedded engine has one connection: nobody could write meanwhile anyway.
 */
export async function putOffIndexes(
  db: Database,
  tables: TablePlan,
  model: Model,
): Promise<{
  readonly tables: TablePlan;
  readonly later: readonly TableStatement[];
  readonly steps: readonly PlannedStep[];
}> {
  const made = new Set(
    tables.statements.filter(({ kind }) => kind === 'table.add').map(({ table }) => table),
  );
  const added = tables.statements.filter(({ kind, table }) => kind === 'index.add' && !made.has(table));
  if (db.engine === 'pglite' || added.length === 0) return { tables, later: [], steps: [] };
  const rows = await countRows(db, [...new Set(added.map(({ table }) => table))]);
  const large = new Set(added.filter(({ table }) => (rows.get(table) ?? 0) > MANY_ROWS));
  return {
    tables: { ...tables, statements: tables.statements.filter((statement) => !large.has(statement)) },
    later: [...large].map((statement) => ({ ...statement, sql: concurrently(statement.sql) })),
    steps: [...large].map((statement) => indexStep(statement, indexText(model, statement))),
  };
}

/** «索引 客户(微信号) 建立». */
function indexText(model: Model, { table, columns }: TableStatement): LocaleText {
  const entity = [...model.entities.values()].find(
    (each) => each.table === table || [...each.parts.values()].includes(table),
  );
  const fields = columns.map(
    (name) => [...(entity?.fields.values() ?? [])].find(({ column }) => column?.name === name)?.label,
  );
  const text = (locale: keyof LocaleText): string =>
    `${entity?.label[locale] ?? table} (${fields.map((label, at) => label?.[locale] ?? columns[at]).join(', ')})`;
  return sentence(`索引 建立:${text('zh-CN')}`, `Index built: ${text('en')}`);
}
