import type { Context } from '../context/context.ts';
import type { EntityModel, Model } from '../model/model.ts';
import type { RecordsEngine } from '../records/create-records.ts';
import type { RecordData } from '../records/records.ts';
import { targetEntity } from '../records/type-of-field.ts';
import type { Transaction } from '../store/database.ts';
import type { SecurityLog } from './security-log.ts';

/** The same person's looks at the same fields of the same record count once in this time. */
const AGAIN_MS = 3_600_000;
/** Looks that are remembered; beyond, the oldest is forgotten and may be noted once more. */
const MOST_REMEMBERED = 50_000;
/** Roads by which people read; rules, plugins and sample data show nobody anything. */
const BY_PEOPLE: ReadonlySet<string> = new Set(['screen', 'api']);

/** Entities with sensitive fields; most models have few. */
const SENSITIVE = new WeakMap<Model, ReadonlyMap<string, readonly string[]>>();

function sensitiveOf(model: Model): ReadonlyMap<string, readonly string[]> {
  let found = SENSITIVE.get(model);
  if (!found) {
    found = new Map(
      [...model.entities.values()].flatMap((entity) => {
        const fields = [...entity.fields.values()].filter(({ sensitive }) => sensitive);
        return fields.length === 0 ? [] : [[entity.name, fields.map(({ name }) => name)] as const];
      }),
    );
    SENSITIVE.set(model, found);
  }
  return found;
}

interface Look {
  readonly entity: string;
  readonly id: string;
  readonly field: string;
}

/**
 * Notes which sensitive fields of which records a person was shown (DESIGN §4, NF-SEC-02): opened, listed, printed or
 * read along with another record, and former values in the history. What is hidden, masked or empty was not shown.
 */
export function noteSensitiveReads(records: RecordsEngine, log: SecurityLog): RecordsEngine {
  const seen = new Map<string, number>();

  function isNew(context: Context, { entity, id, field }: Look, now: number): boolean {
    const key = `${context.actor.id} ${entity} ${id} ${field}`;
    const last = seen.get(key);
    if (last !== undefined && now - last < AGAIN_MS) return false;
    seen.delete(key);
    seen.set(key, now);
    const oldest = seen.keys().next();
    if (seen.size > MOST_REMEMBERED && !oldest.done) seen.delete(oldest.value);
    return true;
  }

  async function note(context: Context, looks: readonly Look[], tx?: Transaction): Promise<void> {
    const now = Date.now();
    const fresh = looks.filter((look) => isNew(context, look, now));
    for (const [entity, of] of Map.groupBy(fresh, (look) => look.entity))
      await log.note(
        {
          kind: 'sensitive-read',
          userId: context.actor.id,
          userName: context.actor.displayName,
          entity,
          records: [...new Set(of.map(({ id }) => id))],
          detail: { fields: [...new Set(of.map(({ field }) => field))].sort() },
          source: context.source,
          address: context.address ?? null,
        },
        tx,
      );
  }

  const concerns = (context: Context): boolean =>
    BY_PEOPLE.has(context.source) && sensitiveOf(context.model).size > 0;

  return {
    ...records,
    async read(context, entity, id, request, tx) {
      const record = await records.read(context, entity, id, request, tx);
      if (concerns(context)) await note(context, looksOf(context, entity, [record], id), tx);
      return record;
    },
    async list(context, entity, request, tx) {
      const answer = await records.list(context, entity, request, tx);
      if (concerns(context)) await note(context, looksOf(context, entity, answer.items), tx);
      return answer;
    },
    async history(context, entity, id) {
      const entries = await records.history(context, entity, id);
      const fields = sensitiveOf(context.model).get(entity) ?? [];
      if (fields.length > 0 && concerns(context))
        await note(
          context,
          fields.flatMap((field) =>
            entries.some(({ changes }) => changes[field]) ? [{ entity, id, field }] : [],
          ),
        );
      return entries;
    },
  };
}

/** What of the answer is sensitive and was shown. */
function looksOf(context: Context, name: string, records: readonly RecordData[], known?: string): Look[] {
  const all = sensitiveOf(context.model);
  const entity = context.model.entities.get(name);
  if (!entity) return [];
  return records.flatMap((record) => {
    const id = String(record['id'] ?? known ?? '');
    const own = (all.get(name) ?? []).flatMap((field) =>
      isShown(context, entity, field, record[field]) ? [{ entity: name, id, field }] : [],
    );
    const further = Object.entries(record).flatMap(([member, value]) =>
      member.includes('.')
        ? overReferences(context, entity, member, value, id)
        : readAlong(context, entity, member, value),
    );
    return [...own, ...further];
  });
}

/** A sensitive field over references (`contact.income`), noted with the record that was asked for. */
function overReferences(
  context: Context,
  start: EntityModel,
  path: string,
  value: unknown,
  id: string,
): Look[] {
  const names = path.split('.');
  const last = names.pop() ?? '';
  let entity: EntityModel | undefined = start;
  for (const name of names) {
    const field = entity.fields.get(name);
    entity = context.model.entities.get((field && targetEntity(field)) ?? '');
    if (!entity) return [];
  }
  const sensitive = entity.fields.get(last)?.sensitive ?? false;
  return sensitive && isShown(context, entity, last, value) ? [{ entity: start.name, id, field: path }] : [];
}

/** Records that were read along with another, and its lines. */
function readAlong(context: Context, entity: EntityModel, member: string, value: unknown): Look[] {
  const field = entity.fields.get(member);
  const target = field ? targetEntity(field) : null;
  if (target === null || !Array.isArray(value)) return [];
  const records = value.filter((each): each is RecordData => typeof each === 'object' && each !== null);
  return looksOf(context, target, records);
}

function isShown(context: Context, entity: EntityModel, name: string, value: unknown): boolean {
  if (value === null || value === undefined || value === '') return false;
  if (Array.isArray(value) && value.length === 0) return false;
  const field = entity.fields.get(name);
  if (!field) return false;
  const { read, masked } = context.access.compiled.entity(entity).field(field);
  if (read.length === 0) return false;
  // Where only some rows are masked, the value itself tells.
  return masked.length === 0 || typeof value !== 'string' || !value.endsWith('***');
}
