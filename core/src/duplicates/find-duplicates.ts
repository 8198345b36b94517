import { quoteName } from '../access/quote-name.ts';
import type { Context } from '../context/context.ts';
import type { EntityModel, FieldModel } from '../model/model.ts';
import { denied, entityOf } from '../records/entity-of.ts';
import { namedStatement } from '../records/named-statement.ts';
import type { Records } from '../records/records.ts';
import type { Database, Row } from '../store/database.ts';
import type { Dictionaries } from '../store/dictionaries.ts';
import { checkedFields, type CheckedFields } from './checked-fields.ts';
import { describeCandidates } from './describe-candidates.ts';
import type { DuplicateCandidate, DuplicateQuestion } from './duplicates.ts';
import { factsOf, type Facts } from './facts.ts';
import { factFields, factsSql, readFacts, type FactsRow } from './load-facts.ts';
import type { Places } from './places.ts';
import { recordKeys } from './record-keys.ts';
import { scoreFacts, THRESHOLD, type Score } from './score-facts.ts';

/** What the search for duplicates is made of. */
export interface FindOptions {
  readonly db: Database;
  readonly dictionaries: Dictionaries;
  readonly records: Pick<Records, 'list' | 'read'>;
  readonly places: () => Places;
}

const MOST = 10;
/** Candidates compared of each tier of keys. */
const TIER = 200;
const MAX_TEXT = 500;
const ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

interface Found extends Score {
  readonly id: string;
}

/** A candidate with its id, which not everybody may be told. */
export interface Likely {
  readonly id: string;
  readonly candidate: DuplicateCandidate;
}

/**
 * Latest written records whose keys are not made yet: they are compared without keys, so that nobody waits and none is
 * missed who enters the same twice in a row.
 */
const UNKEYED = 50;

/** Records of the keys, less those judged to be others than the record that is edited (ENT-03). */
const CANDIDATES = `ARRAY(SELECT likely.id FROM (
    SELECT mortise.duplicate_candidates($1, $2::int[], $3::int[], $4::int[], ${TIER}) AS id
    UNION
    (SELECT record_id FROM mortise.duplicate_pending WHERE entity = $1 ORDER BY position DESC LIMIT ${UNKEYED})
  ) likely
  WHERE likely.id IS DISTINCT FROM $5::uuid AND NOT EXISTS (
    SELECT FROM mortise.duplicate_judgement j
    WHERE j.entity = $1 AND j.one = least(likely.id, $5::uuid) AND j.other = greatest(likely.id, $5::uuid)))`;

const STATEMENTS = new WeakMap<CheckedFields, string>();

/** Candidates with what they are compared by, in one statement. */
function candidatesSql(fields: CheckedFields): string {
  let text = STATEMENTS.get(fields);
  if (text === undefined)
    STATEMENTS.set(fields, (text = factsSql(fields, CANDIDATES, living(fields.entity))));
  return text;
}

/** @see Duplicates.find */
export async function findDuplicates(
  options: FindOptions,
  context: Context,
  entityName: string,
  question: DuplicateQuestion,
): Promise<readonly Likely[]> {
  const { db, dictionaries } = options;
  const entity = entityOf(context, entityName);
  const access = context.access.entity(entity);
  if (!access.may('query') && !access.may('read') && !access.may('create') && !access.may('update'))
    throw denied(context, entity, 'query');
  const fields = checkedFields(context.model, entity);
  if (!fields) return [];
  const places = options.places();
  const asked = await askedFacts(db, context, fields, question, places);
  const keys = recordKeys(asked, places);
  if (keys.strong.length + keys.near.length + keys.wide.length === 0) return [];
  const values = [entity.name, keys.strong, keys.near, keys.wide, question.exclude ?? null];
  const rows = await db.query<FactsRow>(namedStatement(context, candidatesSql(fields), values));
  const candidates = readFacts(fields, rows, places);
  const best = Array.from(candidates, ([id, facts]): Found => ({ id, ...scoreFacts(asked, facts, places) }))
    .filter(({ score }) => score >= THRESHOLD)
    .sort((a, b) => Number(b.exact) - Number(a.exact) || b.score - a.score || (a.id < b.id ? -1 : 1))
    .slice(0, MOST);
  return await present(options, context, entity, best, dictionaries);
}

/** Values of fields that the actor may neither read nor give take no part: they must not be probed. */
async function askedFacts(
  db: Database,
  context: Context,
  fields: CheckedFields,
  { values }: DuplicateQuestion,
  places: Places,
): Promise<Facts> {
  const access = context.access.entity(fields.entity);
  const given = (field: FieldModel): string | null => {
    const rights = access.field(field);
    const value = values[field.name];
    if (!rights.canRead && !rights.canWrite && !rights.canCreate) return null;
    return typeof value === 'string' && value.trim() !== '' ? value.slice(0, MAX_TEXT) : null;
  };
  const texts: Record<string, string | null> = Object.fromEntries(
    factFields(fields).map((field) => [field.name, given(field)]),
  );
  let companyName: string | null = null;
  if (fields.company) {
    const { name } = fields.company.field;
    const id = texts[name];
    const isId = typeof id === 'string' && ID.test(id);
    texts[name] = isId ? id.toLowerCase() : null;
    if (isId) companyName = await nameOf(db, context, fields.company, id);
  }
  return factsOf(fields, { values: texts, companyName }, places);
}

/** The name of the enterprise, when the actor may know of it. */
async function nameOf(
  db: Database,
  context: Context,
  { target, name }: NonNullable<CheckedFields['company']>,
  id: string,
): Promise<string | null> {
  const bound: unknown[] = [];
  const bind = (value: unknown): string => `$${bound.push(value)}`;
  const visible = context.access.entity(target).visible('t', bind);
  const rows = await db.query<Row & { name: string | null }>({
    text: `SELECT t.${quoteName(name.column?.name ?? name.name)} AS name FROM ${quoteName(target.table)} t WHERE t.id = ${bind(id)}::uuid AND (${visible})`,
    values: bound,
  });
  return rows[0]?.name ?? null;
}

/** Neither void nor in the recycle bin, as in lists. */
function living(entity: EntityModel): string {
  const column = (name: string): string | undefined => entity.fields.get(name)?.column?.name;
  const [deleted, isVoid] = [column('deleted_at'), column('is_void')];
  const conditions = [
    ...(deleted ? [`t.${quoteName(deleted)} IS NULL`] : []),
    ...(isVoid ? [`t.${quoteName(isVoid)} IS NOT TRUE`] : []),
  ];
  return conditions.join(' AND ') || 'true';
}

async function present(
  { db, records }: Pick<FindOptions, 'db' | 'records'>,
  context: Context,
  entity: EntityModel,
  best: readonly Found[],
  dictionaries: Dictionaries,
): Promise<readonly Likely[]> {
  const described = await describeCandidates(
    db,
    context,
    entity,
    best.map(({ id }) => id),
    dictionaries,
  );
  const readable = best.filter(({ id }) => described.get(id)?.readable).map(({ id }) => id);
  const more = await identifyingOf(records, context, entity, readable);
  return best.flatMap(({ id, score, exact, reasons }) => {
    const about = described.get(id);
    if (!about) return [];
    const link = about.readable ? { id, identifying: more.get(id) ?? {} } : {};
    return [{ id, candidate: { ...link, score, exact, reasons, ...about } }];
  });
}

/** The identifying fields that are not among the five, through the gate. */
async function identifyingOf(
  records: Pick<Records, 'list'>,
  context: Context,
  entity: EntityModel,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Readonly<Record<string, unknown>>>> {
  const access = context.access.entity(entity);
  const fields = [...entity.identifying].filter((name) => {
    const field = entity.fields.get(name);
    return field?.column && !FIVE.has(name) && name !== entity.display && access.field(field).canRead;
  });
  if (ids.length === 0 || fields.length === 0) return new Map();
  const { items } = await records.list(context, entity.name, {
    filter: { id: { $in: ids } },
    fields: ['id', ...fields],
    display: true,
    limit: ids.length,
    count: 'none',
  });
  return new Map(
    items.map((item) => [
      String(item['id']),
      Object.fromEntries(fields.map((name) => [name, item[`${name}$display`] ?? item[name] ?? null])),
    ]),
  );
}

const FIVE: ReadonlySet<string> = new Set(['city', 'owner', 'unit', 'last_modified_on', 'updated_at']);
