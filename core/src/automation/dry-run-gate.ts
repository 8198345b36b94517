import type { Context } from '../context/context.ts';
import type { EntityModel } from '../model/model.ts';
import { namedStatement } from '../records/named-statement.ts';
import { QuerySource } from '../records/query-source.ts';
import { notDeleted } from '../records/row-state.ts';
import { StatementParameters } from '../records/statement-parameters.ts';
import { targetEntity } from '../records/type-of-field.ts';
import type { Database, Queryable, Row } from '../store/database.ts';
import type { Rule } from '../workflow/automation.ts';
import type { PastEvent } from './past-events.ts';

const PAGE = 1000;

/** What expressions look at: fields of the record, and behind its references fields of others. */
interface Looked {
  readonly own: ReadonlySet<string>;
  readonly related: ReadonlyMap<string, ReadonlySet<string>>;
}

/** Fields that hold the states between which the transitions of the trigger lead. */
function stateFields(context: Context, entity: EntityModel, rule: Rule): readonly string[] {
  const wanted = Object.keys(rule.document.trigger.transitions ?? {});
  return [...context.model.workflows.values()]
    .filter((workflow) => workflow.entity === entity.name || workflow.entity === '*')
    .flatMap((workflow) => Object.values(workflow.regions))
    .filter(({ transitions }) => wanted.some((name) => transitions[name] !== undefined))
    .map(({ field }) => field);
}

/** Every path that tells something in whether a rule fires and what it does. */
export function rulePaths(context: Context, entity: EntityModel, rule: Rule): readonly string[] {
  const { trigger } = rule.document;
  const expressions = [
    rule.when,
    rule.becomes,
    ...rule.actions.flatMap((action) => [action.when, ...action.values.map(({ expression }) => expression)]),
  ];
  return [
    ...expressions.flatMap((expression) => expression?.reads ?? []),
    // That it has changed, and when it is due, tells of a field too.
    ...Object.keys(trigger.fields ?? {}),
    ...(trigger.field === undefined ? [] : [trigger.field]),
    ...stateFields(context, entity, rule),
  ];
}

/** Paths of expressions over an entity (`owner`, `old.owner`, `customer.name`) by where they lead. */
export function lookedAt(entity: EntityModel, paths: Iterable<string>): Looked {
  const own = new Set<string>();
  const related = new Map<string, Set<string>>();
  for (const path of paths) {
    const [first = '', second] = path.replace(/^old\./, '').split('.');
    const field = entity.fields.get(first);
    if (!field) continue;
    own.add(first);
    if (second !== undefined && targetEntity(field) !== null)
      related.set(first, (related.get(first) ?? new Set<string>()).add(second));
  }
  return { own, related };
}

/** Those of the records that the actor may see with every one of the fields in the clear. */
export async function readableIn(
  db: Queryable,
  context: Context,
  entity: EntityModel,
  ids: readonly string[],
  fields: Iterable<string>,
): Promise<ReadonlySet<string>> {
  const roles = context.access.compiled;
  const rights = roles.entity(entity);
  const asked = [...fields].flatMap((name) => entity.fields.get(name) ?? []);
  const found = new Set<string>();
  if (rights.visible.length === 0 || asked.some((field) => rights.field(field).read.length === 0))
    return found;
  for (let at = 0; at < ids.length; at += PAGE) {
    const parameters = new StatementParameters();
    const source = new QuerySource({ roles, parameters, nextAlias: 1 }, entity);
    const conditions = [
      source.visible(),
      notDeleted(source),
      ...asked.map(({ name }) => source.cell(name, '').readable),
      `${source.alias}.id = ANY(${parameters.bind(ids.slice(at, at + PAGE))}::uuid[])`,
    ];
    const text = `SELECT ${source.alias}.id FROM ${source.from()} WHERE ${conditions.join(' AND ')}`;
    for (const { id } of await db.query<Row>(namedStatement(context, text, parameters.values)))
      found.add(String(id));
  }
  return found;
}

/**
 * Leaves the events of which the asker may read all that the rule reads, in that very record and behind its
 * references: whether a rule fires tells what its conditions look at. The others are not counted either.
 */
export async function openEvents(
  db: Database,
  context: Context,
  rule: Rule,
  events: readonly PastEvent[],
): Promise<readonly PastEvent[]> {
  const { entity } = rule;
  if (entity === null) return events;
  const { own, related } = lookedAt(entity, rulePaths(context, entity, rule));
  const ids = [...new Set(events.flatMap(({ record }) => record ?? []))];
  const readable = await readableIn(db, context, entity, ids, own);
  let open = events.filter(({ record }) => record !== null && readable.has(record));
  for (const [reference, fields] of related) {
    const target = context.model.entities.get(targetEntity(entity.fields.get(reference)!) ?? '');
    const led = (event: PastEvent): readonly string[] =>
      [event.values[reference], event.previous?.[reference]].filter((id) => typeof id === 'string');
    const others = [...new Set(open.flatMap(led))];
    const known = target ? await readableIn(db, context, target, others, fields) : new Set<string>();
    open = open.filter((event) => led(event).every((id) => known.has(id)));
  }
  return open;
}
