import type { Context } from '../context/context.ts';
import type { EntityModel } from '../model/model.ts';
import { uuid7 } from '../store/uuid7.ts';
import { isUuid } from '../fields/uuid.ts';
import { contentOf, type Draft, type Values } from './draft.ts';
import type { HistoryEntry, WriteOptions } from './records.ts';
import { isEmptyValue, sameValue } from './same-value.ts';
import type { StatementParameters } from './statement-parameters.ts';
import { BOOKKEEPING, writeFields } from './write-fields.ts';

/** Field → old and new value. */
export type Changes = Record<string, { readonly old: unknown; readonly new: unknown }>;

/** Under this name the history of a record keeps who it was shared with. No field can be named so. */
export const SHARE_CHANGE = '$share';

/** What a write changes, lines as a whole (DM-COM-13). */
export function changesOf(draft: Draft): Changes {
  const changes: Changes = {};
  for (const field of writeFields(draft.entity).told) {
    const before = draft.previous?.[field.name] ?? null;
    const after = draft.values[field.name] ?? null;
    if (before !== after && !sameValue(before, after)) changes[field.name] = { old: before, new: after };
  }
  for (const [name, lines] of draft.lines) {
    const entity = lines[0]?.entity ?? null;
    const stored = draft.previousLines.get(name) ?? [];
    const before = stored.map((line) => (entity ? contentOf(entity, line) : lineContent(line)));
    const after = lines.map((line) => contentOf(line.entity, line.values));
    if (!sameValue(normalised(before), normalised(after))) changes[name] = { old: before, new: after };
  }
  return changes;
}

/** Names of the fields whose value differs; of a new record, of those it has. */
export function changedFields(
  entity: EntityModel,
  previous: Readonly<Values> | null,
  values: Readonly<Values>,
): ReadonlySet<string> {
  const changed = writeFields(entity).told.filter(
    ({ name }) => !sameValue(previous?.[name] ?? null, values[name] ?? null),
  );
  return new Set(changed.map(({ name }) => name));
}

function lineContent(line: Readonly<Values>): Values {
  return Object.fromEntries(Object.entries(line).filter(([name]) => !BOOKKEEPING.has(name) || name === 'id'));
}

function normalised(lines: readonly Values[]): Values[] {
  return lines.map((line) =>
    Object.fromEntries(Object.entries(line).filter(([, value]) => !isEmptyValue(value))),
  );
}

/** The one history row of a write. */
export interface HistoryRow {
  readonly id: string;
  readonly action: HistoryEntry['action'];
  readonly version: number;
  readonly changes: Changes;
  readonly options: WriteOptions | undefined;
}

const HISTORY_TYPES = [
  'uuid',
  null,
  'uuid',
  null,
  'jsonb',
  'uuid',
  null,
  null,
  'integer',
  'uuid',
  'text',
  'uuid',
] as const;

/** The parameters of {@link historySql}, in their order. */
export function historyValues(context: Context, entity: EntityModel, row: HistoryRow): unknown[] {
  return [
    uuid7(),
    entity.name,
    row.id,
    row.action,
    JSON.stringify(row.changes),
    isUuid(context.actor.id) ? context.actor.id : null,
    context.source,
    row.options?.reason ?? null,
    row.version,
    row.options?.operation ?? null,
    context.cause?.rule ?? null,
    context.behalf?.id ?? null,
  ];
}

/** INSERT of the one history row of a write. */
export function historySql(
  parameters: StatementParameters,
  context: Context,
  entity: EntityModel,
  row: HistoryRow,
): string {
  const values = historyValues(context, entity, row).map((value, index) => {
    const type = HISTORY_TYPES[index];
    return type ? `${parameters.bind(value)}::${type}` : parameters.bind(value);
  });
  return `INSERT INTO mortise.history (id, entity, record_id, action, changes, "by", source, reason, version, operation, rule, behalf) VALUES (${values.join(', ')})`;
}
