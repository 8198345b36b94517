import type { Application } from '../../app/application.ts';
import type { Context } from '../../context/context.ts';
import { Problem } from '../../errors/problem.ts';
import type { PlanAnswer, RowReport } from '../contract.ts';

/** A plan whose reports name the records as far as the person may read them: through the gate, like any list. */
export async function withReadableRows(
  app: Application,
  context: Context,
  answer: PlanAnswer,
): Promise<PlanAnswer> {
  const plan = [];
  for (const operation of answer.plan) {
    const { report } = operation;
    plan.push(report ? { ...operation, report: await readable(app, context, report) } : operation);
  }
  return { ...answer, plan };
}

async function readable(app: Application, context: Context, report: RowReport): Promise<RowReport> {
  const entity = context.model.entities.get(report.entity);
  if (!entity || report.rows.length === 0) return report;
  const ids = report.rows.map(({ id }) => id);
  const shows = entity.fields.has(report.field);
  const list = async (fields: readonly string[]): Promise<RowReport['rows']> => {
    const { items } = await app.records.list(context, entity.name, {
      filter: { id: { $in: ids } },
      fields,
      limit: ids.length,
      state: 'all',
    });
    return items.map((item) => ({
      id: String(item['id']),
      name: String(item[entity.display] ?? ''),
      ...(shows && Object.hasOwn(item, report.field) ? { value: item[report.field] } : {}),
    }));
  };
  try {
    return { ...report, rows: await list([entity.display, ...(shows ? [report.field] : [])]) };
  } catch (error) {
    // Who may not read the field, or no record at all, learns how many there are and no more.
    if (!(error instanceof Problem) || error.status >= 500) throw error;
    return { ...report, rows: [] };
  }
}
