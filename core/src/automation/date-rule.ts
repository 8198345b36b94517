import type { Context } from '../context/context.ts';
import type { AutomationRuleDocument } from '../model/rule-document.ts';
import type { EntityModel, FieldModel } from '../model/model.ts';
import { namedStatement } from '../records/named-statement.ts';
import { QuerySource } from '../records/query-source.ts';
import { stateCondition } from '../records/row-state.ts';
import { StatementParameters } from '../records/statement-parameters.ts';
import type { Queryable, Row } from '../store/database.ts';
import { addDays, dateIn, momentOf } from '../workflow/business-time.ts';

const DAY = 86_400_000;

/** Behind `from`, up to and with `to`. */
export interface TimeWindow {
  readonly from: Date;
  readonly to: Date;
}

type Trigger = AutomationRuleDocument['trigger'];

/** When the rule is due for a value of its date field; null for none. */
export function dueAt(trigger: Trigger, value: unknown, timeZone: string): Date | null {
  if (typeof value !== 'string' || value === '') return null;
  const days = trigger.days ?? 0;
  const isDate = /^\d{4}-\d\d-\d\d$/.test(value);
  if (!isDate && trigger.at === undefined)
    return new Date(Date.parse(value) + days * DAY + (trigger.hours ?? 0) * 3_600_000);
  const day = addDays(isDate ? value : dateIn(timeZone, value), days);
  return day === null ? null : momentOf(day, trigger.at ?? '00:00', timeZone);
}

/** Values of the field that are due within a window: the least, the first that is not; null when none can be. */
function valueRange(
  trigger: Trigger,
  field: FieldModel,
  { from, to }: TimeWindow,
  timeZone: string,
): { readonly least: string; readonly below: string } | null {
  const days = trigger.days ?? 0;
  if (field.type === 'datetime' && trigger.at === undefined) {
    const shift = days * DAY + (trigger.hours ?? 0) * 3_600_000;
    const move = (moment: Date): string => new Date(moment.getTime() - shift + 1).toISOString();
    return { least: move(from), below: move(to) };
  }
  const found: string[] = [];
  const last = dateIn(timeZone, to);
  for (let day: string | null = dateIn(timeZone, from); day !== null && day <= last; day = addDays(day, 1)) {
    const due = momentOf(day, trigger.at ?? '00:00', timeZone);
    if (due > from && due <= to) found.push(day);
  }
  const [first] = found;
  const least = first === undefined ? null : addDays(first, -days);
  const below = first === undefined ? null : addDays(found.at(-1)!, 1 - days);
  if (least === null || below === null) return null;
  if (field.type === 'date') return { least, below };
  return {
    least: momentOf(least, '00:00', timeZone).toISOString(),
    below: momentOf(below, '00:00', timeZone).toISOString(),
  };
}

/** Live records that the acting roles may read, a page behind `after` in the order of their ids. */
export async function readableRecords(
  db: Queryable,
  context: Context,
  entity: EntityModel,
  after: string | null,
  most: number,
  where: (source: QuerySource, parameters: StatementParameters) => readonly string[] = () => [],
): Promise<readonly string[]> {
  const rights = context.access.compiled.entity(entity);
  if (rights.visible.length === 0 || rights.rows('read').length === 0) return [];
  const parameters = new StatementParameters();
  const source = new QuerySource({ roles: context.access.compiled, parameters, nextAlias: 1 }, entity);
  const conditions = [
    // What a list shows is more than what may be opened: who acts for a record must be able to open it.
    source.visible(),
    source.rows(rights.rows('read')),
    stateCondition(source, 'live'),
    ...(after === null ? [] : [`${source.alias}.id > ${parameters.bind(after)}::uuid`]),
    ...where(source, parameters),
  ];
  const text = `SELECT ${source.alias}.id FROM ${source.from()} WHERE ${conditions.join(' AND ')} ORDER BY ${source.alias}.id LIMIT ${parameters.bind(most)}::integer`;
  const rows = await db.query<Row>(namedStatement(context, text, parameters.values));
  return rows.map(({ id }) => String(id));
}

/** Records for which a date rule is due within a window, as far as its roles may read them. */
export async function dueRecords(
  db: Queryable,
  context: Context,
  entity: EntityModel,
  trigger: Trigger,
  window: TimeWindow,
  after: string | null,
  most: number,
): Promise<readonly string[]> {
  const field = entity.fields.get(trigger.field ?? '');
  const range = field ? valueRange(trigger, field, window, context.timeZone) : null;
  if (!field?.column || range === null) return [];
  return await readableRecords(db, context, entity, after, most, (source, parameters) => {
    const column = source.rawColumn(field);
    const type = field.type === 'date' ? 'date' : 'timestamptz';
    return [
      `${column} >= ${parameters.bind(range.least)}::${type}`,
      `${column} < ${parameters.bind(range.below)}::${type}`,
    ];
  });
}
