import { docFault } from '../../model/doc-fault.ts';
import type { Fault } from '../../errors/problem.ts';
import {
  checkExpression,
  compileSqlCondition,
  ExpressionError,
  parseExpression,
  toExpressionType,
} from '../../expression/index.ts';
import { dateIn } from '../../expression/calendar.ts';
import { fieldType } from '../../fields/registry.ts';
import type { EntityModel, FieldModel, Model } from '../../model/model.ts';
import { quote } from '../../store/quote.ts';

/** The ids of the records of `entity` that fulfil a condition on their own fields. */
export function conditionSql(
  model: Model,
  entity: EntityModel,
  when: string,
  values: unknown[],
  path: string,
  faults: Fault[],
): string | null {
  const now = new Date();
  const aliases = new Map([entity.table, ...entity.parts.values()].map((table, at) => [table, `r${at}`]));
  const column = (path: readonly string[]): FieldModel | undefined =>
    path.length === 1 ? entity.fields.get(path[0] ?? '') : undefined;
  try {
    const expression = parseExpression(when);
    checkExpression(expression, { field: (path) => typeOf(column(path)) });
    const condition = compileSqlCondition(expression, {
      column: (path) => {
        const field = column(path);
        const type = typeOf(field);
        return field?.column && type
          ? {
              sql: `${aliases.get(field.column.table)}.${quote(field.column.name)}`,
              type,
              ...storageOf(field),
            }
          : undefined;
      },
      bind: (value) => `$${values.push(value)}`,
      today: dateIn(model.settings.timeZone, now),
      now: now.toISOString(),
      timeZone: model.settings.timeZone,
      user: { id: '', unit: null, roles: [] },
    });
    const [main, ...parts] = [...aliases];
    const from = parts.map(([table, alias]) => `left join ${quote(table)} ${alias} on ${alias}.id = r0.id`);
    return `select r0.id from ${quote(main![0])} r0 ${from.join(' ')} where ${condition}`;
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    faults.push(docFault(path, 'MRT_DOC_EXPRESSION', error.text['zh-CN'], error.text.en));
    return null;
  }
}

function typeOf(field: FieldModel | undefined): ReturnType<typeof toExpressionType> | undefined {
  if (!field?.column) return undefined;
  return field.type === 'id' ? 'string' : toExpressionType(fieldType(field.type).expressionType(field.def));
}

function storageOf(field: FieldModel): { storage?: 'uuid' | 'uuid[]' } {
  const type = field.column?.type;
  return type === 'uuid' || type === 'uuid[]' ? { storage: type } : {};
}
