import { problem } from '../errors/catalogue.ts';
import { quoteName } from '../access/quote-name.ts';
import type { Context } from '../context/context.ts';
import { isUuid } from '../fields/uuid.ts';
import type { Queryable, Row } from '../store/database.ts';
import { entityOf } from './entity-of.ts';
import { survivorOf } from './merge/merged-records.ts';
import { conjunction, QuerySource } from './query-source.ts';
import { localise } from '../text/locale.ts';
import { SHARE_CHANGE } from './history-row.ts';
import type { HistoryEntry, HistoryStep } from './records.ts';
import { reachable } from './row-state.ts';
import { StatementParameters } from './statement-parameters.ts';
import { namedStatement } from './named-statement.ts';
import { lineEntity, type Values } from './draft.ts';

const MAX_ENTRIES = 1000;
/** Steps of workflows taken, or passed on, by the write of a history row; a share has the version there was before. */
const STEPS = `SELECT json_agg(x.step ORDER BY x.id) FROM (
  SELECT s.id, json_build_object('transition', s.transition, 'labels', s.labels, 'opinion', s.opinion) AS step
  FROM mortise.workflow_step s WHERE s.entity = h.entity AND s.record_id = h.record_id AND s.version = h.version
  UNION ALL SELECT a.id, json_build_object('transition', 'reassign', 'labels', a.labels, 'opinion', NULL)
  FROM mortise.workflow_assignment a WHERE a.entity = h.entity AND a.record_id = h.record_id AND a.version = h.version) x
  WHERE h.action NOT IN ('share', 'unshare')`;

interface Entry {
  readonly id: string;
  readonly at: string;
  readonly action: HistoryEntry['action'];
  readonly by: string | null;
  readonly byName: string | null;
  readonly behalf: string | null;
  readonly behalfName: string | null;
  readonly source: string;
  readonly rule: string | null;
  readonly reason: string | null;
  readonly version: number;
  readonly changes: Readonly<Record<string, { readonly old: unknown; readonly new: unknown }>>;
  readonly steps: readonly StoredStep[] | null;
  readonly merged_id: string | null;
  readonly merged_name: string | null;
}

interface StoredStep {
  readonly transition: string;
  readonly labels: Pick<HistoryStep, 'label' | 'from' | 'to'>;
  readonly opinion: string | null;
}

/**
 * The history of a record, newest first, in one statement, with that of the records that were merged into it: those
 * are what it is made of, so what may be read of it may be read of them. Of a merged record, the history of the one
 * that it became. The right to a field is that to the record as it is now;
 * fields that the model no longer has are left out. @throws MRT_RECORD_NOT_FOUND
 */
export async function recordHistory(
  db: Queryable,
  context: Context,
  name: string,
  id: string,
): Promise<readonly HistoryEntry[]> {
  const entity = entityOf(context, name);
  const rights = context.access.compiled.entity(entity);
  if (!isUuid(id) || rights.visible.length === 0) throw problem('MRT_RECORD_NOT_FOUND');
  const parameters = new StatementParameters();
  const source = new QuerySource({ roles: context.access.compiled, parameters, nextAlias: 1 }, entity);
  const idSql = `${parameters.bind(id)}::uuid`;
  const readable = new Map<string, string>();
  for (const field of entity.fields.values()) {
    if (rights.field(field).read.length > 0)
      readable.set(field.name, source.cell(field.name, '/fields').readable);
  }
  const conditions = [...new Set(readable.values())].filter((condition) => condition !== 'true');
  const flags = conditions.map((condition, index) => `(${condition}) AS ${quoteName(`flag${index}`)}`);
  const where = conjunction([`${source.alias}.id = ${idSql}`, source.visible(), reachable(source)]);
  const user = context.model.entities.get('user');
  const userName = user?.fields.get(user.display)?.column?.name;
  const nameOf = (column: string): string =>
    user && userName
      ? `(SELECT u.${quoteName(userName)}::text FROM ${quoteName(user.table)} u WHERE u.id = ${column})`
      : 'NULL';
  const entityName = parameters.bind(entity.name);
  const merged = `merged(id, display) AS (SELECT m.id, m.display FROM mortise.merged_record m WHERE m.entity = ${entityName} AND m.survivor = ${idSql} UNION SELECT m.id, m.display FROM merged JOIN mortise.merged_record m ON m.entity = ${entityName} AND m.survivor = merged.id)`;
  const entries = `SELECT h.id, h.at, h.action, h."by", ${nameOf('h."by"')} AS "byName", h.behalf, ${nameOf('h.behalf')} AS "behalfName", h.source, h.reason, h.version, h.changes, h.rule, (${STEPS}), m.id, m.display FROM mortise.history h LEFT JOIN merged m ON m.id = h.record_id WHERE h.entity = ${entityName} AND h.record_id IN (SELECT ${idSql} UNION ALL SELECT id FROM merged) ORDER BY h.version DESC, h.at DESC LIMIT ${MAX_ENTRIES}`;
  const text = `WITH RECURSIVE ${merged}, r AS (SELECT ${[`${source.alias}.id`, ...flags].join(', ')} FROM ${source.from()} WHERE ${where}) SELECT r.*, e.* FROM r LEFT JOIN (${entries}) e(entry, at, action, "by", "byName", behalf, "behalfName", source, reason, version, changes, rule, steps, merged_id, merged_name) ON true ORDER BY e.version DESC, e.at DESC`;
  const rows = await db.query<Row>(namedStatement(context, text, parameters.values));
  if (rows.length === 0) {
    const survivor = await survivorOf(db, entity.name, id);
    if (survivor === null) throw problem('MRT_RECORD_NOT_FOUND');
    return await recordHistory(db, context, name, survivor);
  }
  const shown = (field: string, row: Row): boolean => {
    const condition = readable.get(field);
    return (
      condition !== undefined &&
      (condition === 'true' || row[`flag${conditions.indexOf(condition)}`] === true)
    );
  };
  // Versions of several records say nothing of their order.
  const ordered = rows.some((row) => row['merged_id'] !== null)
    ? rows.toSorted((a, b) => String(b['at']).localeCompare(String(a['at'])))
    : rows;
  return ordered
    .filter((row) => row['entry'] !== null)
    .map((row) => {
      const entry = row as unknown as Entry & { readonly entry: string };
      const changes = Object.fromEntries(
        Object.entries(entry.changes)
          .filter(([field]) => shown(field, row))
          .map(([field, change]) => [
            field,
            {
              old: shownLines(context, name, field, change.old),
              new: shownLines(context, name, field, change.new),
            },
          ]),
      );
      return {
        id: entry.entry,
        at: entry.at,
        action: entry.action,
        by: entry.by,
        byName: entry.byName ?? ruleLabel(context, entry.rule),
        source: entry.source,
        rule: entry.rule,
        reason: entry.reason,
        version: entry.version,
        merged:
          entry.merged_id === null
            ? null
            : {
                id: entry.merged_id,
                display: shown(entity.display, row) ? (entry.merged_name ?? '') : '',
              },
        steps: (entry.steps ?? []).map(({ transition, labels, opinion }) => ({
          transition,
          ...labels,
          opinion,
        })),
        ...(entry.behalf === null ? {} : { behalf: { id: entry.behalf, name: entry.behalfName ?? '' } }),
        ...shareIn(entry),
        changes,
      };
    });
}

/** With whom the record was shared, or no more: that is for whoever may see the history. */
function shareIn({ changes }: Entry): Pick<HistoryEntry, 'share'> {
  const told = changes[SHARE_CHANGE] as HistoryEntry['share'];
  return told ? { share: told } : {};
}

/** What a rule with rights of its own is called now; its name where it is gone. */
function ruleLabel(context: Context, rule: string | null): string {
  if (rule === null) return '';
  const [workflow = '', region = '', state = '', deadline = ''] = rule.split('/');
  const states = context.model.workflows.get(workflow)?.regions[region]?.states;
  const label = context.model.rules.get(rule)?.label ?? states?.[state]?.deadlines?.[deadline]?.label;
  return label ? localise(label, context.locale) : rule;
}

/** Lines of a change without the fields that the reader can never see. */
function shownLines(context: Context, entityName: string, fieldName: string, value: unknown): unknown {
  const field = context.model.entities.get(entityName)?.fields.get(fieldName);
  if (field?.type !== 'lines' || !Array.isArray(value)) return value;
  const entity = lineEntity(context.model.entities, field);
  const rights = context.access.compiled.entity(entity);
  return (value as Values[]).map((line) =>
    Object.fromEntries(
      Object.entries(line).filter(([name]) => {
        const inner = entity.fields.get(name);
        return inner !== undefined && rights.field(inner).read.length > 0;
      }),
    ),
  );
}
