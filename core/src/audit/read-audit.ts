import type { Context } from '../context/context.ts';
import { problem } from '../errors/catalogue.ts';
import type { Records } from '../records/records.ts';
import type { Database, Row } from '../store/database.ts';
import type { AuditEntry, AuditLog } from './audit.ts';
import { auditSql } from './audit-sql.ts';
import { nameToday, type PastRename, pastRenames } from './former-names.ts';

/** Reads the logs. */
const READ = 'audit.read';

interface AuditRow extends Row, Omit<AuditEntry, 'recordName' | 'fields'> {}

/** The logs over a database. @param records by which the auditor's own rights decide which records he sees named */
export function createAuditLog(db: Database, records: Pick<Records, 'list'>): AuditLog {
  return {
    async list(context, question) {
      if (!context.access.mayUse(READ)) throw problem('MRT_ACCESS_FUNCTION', { function: READ });
      const renames = await pastRenames(db);
      const rows = await db.query<AuditRow>(auditSql(context, question, renames));
      const page = rows.slice(0, question.limit).map((row) => inNameOfToday(row, renames));
      const names = await namesOf(records, context, page);
      return {
        items: page.map(({ detail: { fields, ...detail }, ...row }) => ({
          ...row,
          recordName: names.get(`${row.entity} ${row.record}`) ?? null,
          fields: fieldsOf(context, row.entity, fields),
          detail,
        })),
        next: rows.length > question.limit ? (page.at(-1)?.id ?? null) : null,
      };
    },
  };
}

/** The logs of security and outputs keep the names that entities had. */
function inNameOfToday(row: AuditRow, renames: readonly PastRename[]): AuditRow {
  if (row.entity === null || row.log === 'record') return row;
  return { ...row, entity: nameToday(renames, row.entity, row.id) };
}

/** Fields that the model no longer has are named as they were; what the platform keeps for itself is left out. */
function fieldsOf(context: Context, entity: string | null, names: unknown): AuditEntry['fields'] {
  if (!Array.isArray(names)) return [];
  const known = context.model.entities.get(entity ?? '')?.fields;
  return names
    .filter((name): name is string => typeof name === 'string')
    .toSorted()
    .flatMap((name) => {
      const field = known?.get(name);
      if (field?.system === true || field?.def['hidden'] === true) return [];
      return [{ name, label: field?.label ?? { 'zh-CN': name, en: name } }];
    });
}

/** What records are called, within the gate: one question an entity, at most as many as a page has rows. */
async function namesOf(
  records: Pick<Records, 'list'>,
  context: Context,
  rows: readonly AuditRow[],
): Promise<ReadonlyMap<string, string>> {
  const names = new Map<string, string>();
  const named = rows.filter(({ entity, record }) => entity !== null && record !== null);
  for (const [name, of] of Map.groupBy(named, ({ entity }) => entity ?? '')) {
    const entity = context.model.entities.get(name);
    if (!entity || context.access.compiled.entity(entity).visible.length === 0) continue;
    const ids = [...new Set(of.map(({ record }) => String(record)))];
    const { items } = await records.list(context, name, {
      filter: { id: { $in: ids } },
      fields: ['id', entity.display],
      display: true,
      state: 'all',
      limit: ids.length,
      count: 'none',
    });
    for (const item of items) {
      const shown = item[`${entity.display}$display`] ?? item[entity.display];
      if (shown !== null && shown !== undefined && shown !== '')
        names.set(`${name} ${String(item['id'])}`, String(shown));
    }
  }
  return names;
}
