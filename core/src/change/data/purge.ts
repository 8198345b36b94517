import { companionNames } from '../../model/money-companions.ts';
import type { Allocation } from '../../model/allocation.ts';
import { columnsOf } from '../../model/allocation.ts';
import { docFault } from '../../model/doc-fault.ts';
import type { Fault } from '../../errors/problem.ts';
import type { DataChange } from '../../http/contract.ts';
import type { EntityDocument } from '../../model/documents.ts';
import { documentKey, type EffectiveDocument } from '../../model/model.ts';
import { propertyLayer } from '../../model/merge-document.ts';
import type { Database } from '../../store/database.ts';
import { failpoint } from '../../store/failpoint.ts';
import { quote } from '../../store/quote.ts';
import { sentence } from '../change-text.ts';
import type { Snapshot } from '../prepare-change.ts';
import type { Overlay, Overlays } from '../stored-state.ts';
import { countOf, type DataWork } from './data-work.ts';

type Purge = Extract<DataChange, { type: 'purge' }>;

const reached = failpoint('change.purged');

/** The site's documents without what is purged. Only what is retired and the site's own can be. */
export function purgedOverlays(
  current: Snapshot,
  overlays: Overlays,
  purges: readonly { readonly purge: Purge; readonly path: string }[],
  faults: Fault[],
): Overlays {
  const result = new Map(overlays);
  for (const { purge, path } of purges) {
    const key = documentKey('entity', purge.entity);
    const effective = current.model.documents.get(key) as EffectiveDocument<EntityDocument> | undefined;
    const overlay = result.get(key);
    const own = effective?.provenance[''] === 'site';
    if (purge.field === undefined) {
      if (!own || effective?.document.retired !== true) faults.push(notRetired(path));
      else result.delete(key);
      continue;
    }
    const field = effective?.document.properties[purge.field];
    const site = effective && propertyLayer(effective.provenance, purge.field) === 'site';
    if (!site || field?.retired !== true || !overlay) {
      faults.push(notRetired(path));
      continue;
    }
    const document = overlay.document as EntityDocument;
    const { [purge.field]: _gone, ...properties } = document.properties;
    result.set(key, { ...overlay, document: { ...document, properties } } as Overlay);
  }
  return result;
}

function notRetired(path: string): Fault {
  return docFault(
    path,
    'MRT_PLAN_PURGE',
    '只能彻底删除本单位自建且已停用的字段或实体',
    'only what the site has made and what is retired can be purged',
  );
}

/** The places that a purge gives up, and what is left of the allocation. */
export function purgedPlaces(
  allocation: Allocation,
  purge: Purge,
): {
  readonly drops: readonly { readonly table: string; readonly column: string | null }[];
  readonly left: Allocation;
} {
  const drops: { table: string; column: string | null }[] = [];
  const left: Record<string, Allocation[string]> = {};
  for (const [key, place] of Object.entries(allocation)) {
    const [name = ''] = key.split('~');
    const wanted =
      purge.field === undefined
        ? name === purge.entity || name.startsWith(`${purge.entity}.`) || name.startsWith(`${purge.entity}/`)
        : [purge.field, ...companionNames(purge.field)].some((each) => name === `${purge.entity}.${each}`);
    if (!wanted || place.purged) {
      left[key] = place;
      continue;
    }
    if (purge.field === undefined) {
      if (place.column === undefined) drops.push({ table: place.table, column: null });
    } else for (const { column } of columnsOf(place)) drops.push({ table: place.table, column });
    left[name === key ? `${key}~${place.column ?? place.table}` : key] = { ...place, purged: true };
  }
  return { drops, left };
}

/** Drops columns or tables. What the plan shows of it, with the number of records that lose a value. */
export async function purgeWork(
  db: Database,
  current: Snapshot,
  purge: Purge,
  drops: ReturnType<typeof purgedPlaces>['drops'],
): Promise<DataWork> {
  const document = current.model.documents.get(documentKey('entity', purge.entity))?.document as
    | EntityDocument
    | undefined;
  const label = document?.label ?? sentence(purge.entity, purge.entity);
  const field =
    purge.field === undefined
      ? undefined
      : (document?.properties[purge.field]?.label ?? sentence(purge.field, purge.field));
  let rows = 0;
  for (const { table, column } of drops) {
    const filled = column === null ? 'true' : `${quote(column)} is not null`;
    rows = Math.max(
      rows,
      await countOf(db, `select count(*)::int as n from ${quote(table)} where ${filled}`),
    );
  }
  // Parts refer to the main table, so they go first.
  const sql = [...drops]
    .sort((a, b) => b.table.length - a.table.length)
    .map(({ table, column }) =>
      column === null
        ? `drop table ${quote(table)} cascade`
        : `alter table ${quote(table)} drop column ${quote(column)}`,
    );
  const [zh, en] = field
    ? [`${label['zh-CN']}.${field['zh-CN']}`, `${label.en}.${field.en}`]
    : [`实体“${label['zh-CN']}”`, `The entity “${label.en}”`];
  return {
    operation: {
      operation: field ? 'field.purge' : 'entity.purge',
      text: sentence(
        `${zh} 彻底删除:${rows} 条记录的数据将丢失,除备份外无法恢复;修改历史保留`,
        `${en} purged: the data of ${rows} record(s) is lost and cannot be brought back except from a backup; the history of changes stays`,
      ),
      risk: 'loses-data',
      sql,
      rows,
      lock: 'moment',
    },
    faults: [],
    touches: [],
    async run(tx) {
      for (const text of sql) await tx.query({ text });
      reached();
    },
  };
}
