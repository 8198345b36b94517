import { ENTITY_NAMING } from '../../access/entity-naming.ts';
import type { EntityDocument } from '../../model/documents.ts';
import { clockMark } from '../../model/clock-mark.ts';
import { documentKey, type Model } from '../../model/model.ts';
import type { Queryable, Transaction } from '../../store/database.ts';
import { failpoint } from '../../store/failpoint.ts';
import { quote } from '../../store/quote.ts';
import { sentence } from '../change-text.ts';
import { MANY_ROWS } from '../count-rows.ts';
import { type ChangeMark, countOf, type DataWork } from '../data/data-work.ts';
import { rewriteColumn } from '../data/rewrite-column.ts';
import { type EntityRenames, renamedDocument, rewritten } from './entity-mentions.ts';

const reached = failpoint('change.entity-renamed');

/** Keys that are made outside of the writes: dropped here, and made anew in the background after the swap. */
const KEPT_KEYS = ['search_key', 'search_pending', 'search_entity'].flatMap((name) => [
  name,
  name.replace('search', 'duplicate'),
]);
/** What tells what was, under the name that it had: nobody may change it. */
const AS_IT_WAS = ['output_log', 'security_log'];

/** What the platform keeps of the records of renamed entities: it takes their new name. */
export function renameRows(db: Queryable, model: Model, renames: EntityRenames): Promise<DataWork[]> {
  return Promise.all([...renames].map(([from, to]) => renameWork(db, model, from, to)));
}

async function renameWork(db: Queryable, model: Model, from: string, to: string): Promise<DataWork> {
  const { label } = model.documents.get(documentKey('entity', to))!.document as EntityDocument;
  const rows = await countOf(db, 'select count(*)::int as n from mortise.history where entity = $1', [from]);
  return {
    operation: {
      operation: 'entity.rename',
      text: sentence(
        `实体“${label['zh-CN']}” 改名 ${from} → ${to}:数据、修改历史、权限、表单、列表、流程、规则与模板一并跟随;接口地址变为 /records/${to},外部系统须改用新地址`,
        `The entity “${label.en}” renamed ${from} → ${to}: data, history, rights, forms, lists, workflows, rules and templates follow; its address becomes /records/${to}, and other systems must use it`,
      ),
      risk: rows > MANY_ROWS ? 'locks' : 'none',
      sql: [`update mortise.… set entity = '${to}' where entity = '${from}'`],
      rows,
      lock: rows > MANY_ROWS ? 'writers' : 'moment',
    },
    faults: [],
    touches: [],
    async run(tx, mark) {
      await rename(tx, from, to);
      await renameValues(tx, model, from, to, mark);
      await renameClocks(tx, model, from, to);
      reached();
    },
  };
}

async function rename(tx: Transaction, from: string, to: string): Promise<void> {
  await tx.query({ text: `set local mortise.renames_entity = 'on'` });
  for (const table of await tablesByEntity(tx)) {
    const [text, values] = KEPT_KEYS.includes(table)
      ? [`delete from mortise.${quote(table)} where entity in ($1, $2)`, [from, to]]
      : [`update mortise.${quote(table)} set entity = $2 where entity = $1`, [from, to]];
    await tx.query({ text, values });
  }
  await tx.query({ text: `set local mortise.renames_entity = 'off'` });
  await renameKeys(tx, from, to);
  const renames = new Map([[from, to]]);
  await renameJson(tx, 'workflow_definition', 'hash', 'document', renames);
  await renameJson(tx, 'timer', 'id', 'document', renames);
  await renameJson(tx, 'online_step', 'id', 'payload', renames);
  await renameSettings(tx, renames);
}

/** Every table of the platform that says of which entity a row is, whatever it is for. */
async function tablesByEntity(tx: Queryable): Promise<readonly string[]> {
  const found = await tx.query<{ name: string }>({
    text: `select c.relname::text as name from pg_class c join pg_attribute a on a.attrelid = c.oid
      where c.relnamespace = 'mortise'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
        and a.attname = 'entity' and a.atttypid = 'text'::regtype and c.relname <> all($1::text[])
      order by 1`,
    values: [AS_IT_WAS],
  });
  return found.map(({ name }) => name);
}

/** Names with the entity's in front or in a list: numbers, steps, tokens, open conflicts with the files. */
async function renameKeys(tx: Transaction, from: string, to: string): Promise<void> {
  const prefixed = (column: string): string => `left(${column}, length($1) + 1) = $1 || '.'`;
  const fresh = (column: string): string => `$2 || substr(${column}, length($1) + 1)`;
  const statements = [
    `update mortise.sequence set key = ${fresh('key')} where ${prefixed('key')}`,
    `update mortise.online_step set subject = ${fresh('subject')} where kind <> 'index' and ${prefixed('subject')}`,
    `update mortise.api_token set entities = array_replace(entities, $1, $2) where $1 = any(entities)`,
    `update mortise.layer_conflict set name = ${fresh('name')} where (kind = 'entity' and name = $1) or ${prefixed('name')}`,
  ];
  for (const text of statements) await tx.query({ text, values: [from, to] });
}

/** Records that name the entity: rights of persons, conditions of departments. All of them, the void and deleted too. */
async function renameValues(
  tx: Transaction,
  model: Model,
  from: string,
  to: string,
  mark: ChangeMark,
): Promise<void> {
  for (const [name, fields] of ENTITY_NAMING) {
    const entity = model.entities.get(name);
    for (const field of fields.flatMap((each) => entity?.fields.get(each) ?? [])) {
      if (!entity || !field.column) continue;
      const rewriting = {
        entity,
        field,
        value: '$2::text',
        where: `t.${quote(field.column.name)} = $1::text`,
        values: [from, to],
        note: `实体改名 ${from} → ${to} / Entity renamed ${from} → ${to}`,
      };
      await rewriteColumn(tx, rewriting, mark);
    }
  }
}

/** The clocks of its rules go on where they stand: nothing that was due meanwhile is left out. */
async function renameClocks(tx: Transaction, model: Model, from: string, to: string): Promise<void> {
  for (const rule of model.rules.values()) {
    if (rule.entity !== to) continue;
    await tx.query({
      text: 'update mortise.rule_clock set mark = $3 where rule = $1 and mark = $2',
      values: [rule.name, clockMark({ ...rule, entity: from }), clockMark(rule)],
    });
  }
}

/** Documents that rows keep: the definition of a round of a workflow, a deadline, a step that is left to be done. */
async function renameJson(
  tx: Transaction,
  table: string,
  key: string,
  column: string,
  renames: EntityRenames,
): Promise<void> {
  const rows = await tx.query<{ key: string; value: unknown }>({
    text: `select ${key}::text as key, ${column} as value from mortise.${table} where ${mentions(column)}`,
    values: [...renames.keys()],
  });
  for (const { key: of, value } of rows)
    await tx.query({
      text: `update mortise.${table} set ${column} = $2::json where ${key}::text = $1`,
      values: [of, JSON.stringify(rewritten(value, renames))],
    });
}

/** How people have arranged their lists, and what they have put on their desk. */
async function renameSettings(tx: Transaction, renames: EntityRenames): Promise<void> {
  const rows = await tx.query<{ user_id: string; settings: Settings }>({
    text: `select user_id, settings from mortise.user_setting where ${mentions('settings')}`,
    values: [...renames.keys()],
  });
  for (const { user_id, settings } of rows) {
    const views = Object.entries(settings.views ?? {}).map(([name, view]) => [
      renamedDocument('view', name, renames),
      view,
    ]);
    const shortcuts = settings.shortcuts?.map((each) => ({
      ...each,
      path: pathRenamed(each.path, renames),
    }));
    const next = {
      ...settings,
      ...(settings.views ? { views: Object.fromEntries(views) } : {}),
      ...(shortcuts ? { shortcuts } : {}),
    };
    await tx.query({
      text: 'update mortise.user_setting set settings = $2::json where user_id = $1',
      values: [user_id, JSON.stringify(next)],
    });
  }
}

interface Settings {
  readonly views?: Readonly<Record<string, unknown>>;
  readonly shortcuts?: readonly { readonly path: string }[];
}

/** `/e/project?view=project.all` */
function pathRenamed(path: string, renames: EntityRenames): string {
  return path
    .replace(/^\/e\/([a-z0-9_]+)/, (_match, name: string) => `/e/${renames.get(name) ?? name}`)
    .replace(
      /([?&]view=)([a-z0-9_.]+)/,
      (_match, key: string, name: string) => key + renamedDocument('view', name, renames),
    );
}

/** Only rows in which the name stands at all are read; which of them mean the entity is seen there. */
function mentions(column: string): string {
  return `strpos(${column}::text, $1) > 0`;
}
