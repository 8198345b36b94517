import type { Context } from '../context/context.ts';
import { problem } from '../errors/catalogue.ts';
import type { Fault } from '../errors/problem.ts';
import { derivedGraph } from '../model/derived/derived-graph.ts';
import type { EntityModel, FieldModel, Model } from '../model/model.ts';
import { askDerived } from '../records/derived/keep-derived.ts';
import type { Database, Transaction } from '../store/database.ts';
import { failpoint } from '../store/failpoint.ts';
import { isSqlError, SQL_STATE } from '../store/sql-error.ts';
import { localise } from '../text/locale.ts';
import { aloneWithDemo } from './demo-lock.ts';
import { forgetComplete } from './demo-state.ts';

const reached = {
  rows: failpoint('demo.rows-removed'),
  marks: failpoint('demo.marks-removed'),
};

/**
 * Removes all marked sample records for good, with their history, in one transaction (NF-PERF-06). Records that
 * people made themselves are never touched: where one of them refers to sample data, nothing is removed and the
 * answer names which.
 * @returns how many records were removed
 * @throws MRT_RECORD_REFERENCED; MRT_RECORD_STATE when some of it belongs to a plugin that is disabled, or while it is
 * being loaded
 */
export async function removeDemo(db: Database, context: Context): Promise<number> {
  return aloneWithDemo(db, context, () => removeMarked(db, context));
}

/** {@link removeDemo} for who has the lock already. */
export async function removeMarked(db: Database, context: Context): Promise<number> {
  try {
    return await removeInTransaction(db, context);
  } catch (error) {
    // What the model does not show, the database still knows: records and fields of disabled plugins.
    if (isSqlError(error, SQL_STATE.foreignKey) || isSqlError(error, SQL_STATE.restrict))
      throw hiddenUse(context, error.table);
    throw error;
  }
}

async function removeInTransaction(db: Database, context: Context): Promise<number> {
  return db.transaction(async (tx) => {
    await tx.query({ text: 'select mortise.guard($1)', values: [context.model.version] });
    const marked = await tx.query<{ entity: string }>({
      text: 'select distinct entity from mortise.sample_mark',
    });
    const names = new Set(marked.map((row) => row.entity));
    refuseWhenHidden(context, names);
    await refuseWhenUsed(tx, context, names);
    await askRollups(tx, context, names);
    const removed = await removeRows(tx, context, names);
    reached.rows();
    await tx.query({ text: `set local mortise.removes_samples = 'on'` });
    for (const name of names) {
      await tx.query({
        text: 'delete from mortise.history where entity = $1 and record_id in (select id from mortise.sample_mark where entity = $1)',
        values: [name],
      });
    }
    await tx.query({
      text: `delete from mortise.credential where user_id in (select id from mortise.sample_mark where entity = 'user')`,
    });
    await tx.query({
      text: `delete from mortise.session where user_id in (select id from mortise.sample_mark where entity = 'user')`,
    });
    await tx.query({ text: 'delete from mortise.sample_mark' });
    await forgetComplete(tx);
    reached.marks();
    return removed;
  });
}

/** The rows of a disabled plugin stay, and other sample data refers to them and is referred to by them. */
function refuseWhenHidden({ model, locale }: Context, names: ReadonlySet<string>): void {
  const hidden = [...names].filter((name) => !model.entities.has(name)).sort();
  if (hidden.length === 0) return;
  throw problem('MRT_RECORD_STATE', {
    reason:
      locale === 'en'
        ? `some sample data belongs to a disabled plugin (${hidden.join(', ')}); enable the plugin first`
        : `部分示例数据属于已停用的插件(${hidden.join('、')}),请先启用该插件`,
  });
}

function hiddenUse({ locale }: Context, table = ''): Error {
  return problem(
    'MRT_RECORD_REFERENCED',
    { count: '≥1', entity: locale === 'en' ? 'records of a disabled plugin' : '已停用插件的记录' },
    [
      {
        path: '',
        code: 'MRT_RECORD_REFERENCED',
        message: {
          'zh-CN': `表 ${table} 中有记录指向示例数据;它可能属于已停用的插件,请先启用该插件`,
          en: `Records of the table ${table} refer to sample data; they may belong to a disabled plugin: enable it first`,
        },
      },
    ],
  );
}

/**
 * Deletes the marked rows of all tables in one statement: records refer to each other in circles (a customer to its
 * main contact, the contact to its customer), and `on delete restrict` is judged when a statement ends, never later.
 */
async function removeRows(tx: Transaction, { model }: Context, names: ReadonlySet<string>): Promise<number> {
  const values: string[] = [];
  const deletions: string[] = [];
  const counts: string[] = [];
  for (const entity of model.entities.values()) {
    if (!names.has(entity.name)) continue;
    values.push(entity.name);
    for (const table of [...entity.parts.values(), entity.table]) {
      const gone = `gone_${deletions.length}`;
      deletions.push(
        `${gone} as (delete from "${table}" where id in (select id from mortise.sample_mark where entity = $${values.length}) returning id)`,
      );
      if (table === entity.table) counts.push(`(select count(*) from ${gone})`);
    }
  }
  if (deletions.length === 0) return 0;
  const rows = await tx.query<{ n: number }>({
    text: `with ${deletions.join(', ')} select (${counts.join(' + ')})::int as n`,
    values,
  });
  return rows[0]?.n ?? 0;
}

/** Records that stay may roll up what goes: they follow before the commit. */
async function askRollups(tx: Transaction, context: Context, names: ReadonlySet<string>): Promise<void> {
  for (const node of derivedGraph(context.model).nodes.values()) {
    if (node.kind !== 'rollup') continue;
    const { child, by, entity, field } = node;
    const marked = names.has(child.name) ? child.name : child.parent?.entity;
    const link = names.has(child.name) ? 'id' : child.fields.get(child.parent?.field ?? '')?.column?.name;
    if (!by.column || marked === undefined || !names.has(marked) || link === undefined) continue;
    const rows = await tx.query<{ id: string }>({
      text: `select distinct r."${by.column.name}" as id from "${by.column.table}" r join "${child.table}" c on c.id = r.id
        join mortise.sample_mark m on m.entity = $1 and m.id = c."${link}" where r."${by.column.name}" is not null`,
      values: [marked],
    });
    askDerived(
      context,
      tx,
      entity,
      [field.name],
      rows.map(({ id }) => id),
    );
  }
}

async function refuseWhenUsed(tx: Transaction, context: Context, names: ReadonlySet<string>): Promise<void> {
  const faults: Fault[] = [];
  for (const { entity, field } of referencesTo(context.model, names)) {
    const column = `r."${field.column?.name ?? ''}"`;
    const points = field.type === 'references' ? `m.id = any(${column})` : `m.id = ${column}`;
    const ofParent = ofMarkedParent(context.model, entity);
    const rows = await tx.query<{ n: number }>({
      text: `select count(distinct r.id)::int as n from "${field.column?.table ?? ''}" r
        join mortise.sample_mark m on m.entity = $1 and ${points}
        where not exists (select from mortise.sample_mark own where own.entity = $2 and own.id = r.id)
        ${ofParent ? `and not ${ofParent.sql}` : ''}`,
      values: [String(field.def.entity), entity.name, ...(ofParent ? [ofParent.parent] : [])],
    });
    const n = rows[0]?.n ?? 0;
    if (n === 0) continue;
    const about = (locale: 'zh-CN' | 'en'): string =>
      `${localise(entity.label, locale)}.${localise(field.label, locale)}`;
    faults.push({
      path: `/${entity.name}/${field.name}`,
      code: 'MRT_RECORD_REFERENCED',
      message: {
        'zh-CN': `有 ${n} 条自建记录的“${about('zh-CN')}”指向示例数据`,
        en: `${n} record(s) of your own refer to sample data in “${about('en')}”`,
      },
    });
  }
  if (faults.length > 0) {
    throw problem(
      'MRT_RECORD_REFERENCED',
      { count: faults.length, entity: context.locale === 'en' ? 'your own records' : '自建记录' },
      faults,
    );
  }
}

/** Lines go with their parent: those of sample data are sample data. `$3` is the parent's name. */
function ofMarkedParent(model: Model, { parent, name }: EntityModel): { sql: string; parent: string } | null {
  const column = parent && model.entities.get(name)?.fields.get(parent.field)?.column;
  if (!column) return null;
  const sql = `exists (select from "${column.table}" line
    join mortise.sample_mark own on own.entity = $3 and own.id = line."${column.name}" where line.id = r.id)`;
  return { sql, parent: parent.entity };
}

/** Reference fields, retired ones too, that may point to a marked record. */
function* referencesTo(
  model: Model,
  names: ReadonlySet<string>,
): Iterable<{ entity: EntityModel; field: FieldModel }> {
  for (const entity of model.entities.values()) {
    for (const field of [...entity.fields.values(), ...entity.retiredFields.values()]) {
      const refers = field.type === 'reference' || field.type === 'references';
      if (refers && field.column && names.has(String(field.def.entity))) yield { entity, field };
    }
  }
}
