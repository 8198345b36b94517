import type { Context } from '../context/context.ts';
import { problem } from '../errors/catalogue.ts';
import type { EntityModel } from '../model/model.ts';
import type { TemplateDocument } from '../model/documents.ts';
import { entityOf } from '../records/entity-of.ts';
import type { RecordData, Records } from '../records/records.ts';
import { isNumeric, typeOfField } from '../records/type-of-field.ts';
import type { Dictionaries } from '../store/dictionaries.ts';
import { localise } from '../text/locale.ts';
import { cellTexts, nestDotted } from './cell-text.ts';
import { compileBody } from './handlebars.ts';
import { pageOf } from './page.ts';

/** Body of `POST /api/v1/print`. */
export interface PrintRequest {
  readonly template: string;
  readonly entity: string;
  /** The records, in this order; or `filter`. */
  readonly ids?: readonly string[];
  readonly filter?: Readonly<Record<string, unknown>>;
  readonly sort?: string;
  /** Columns of a list, in order. */
  readonly fields?: readonly string[];
  /** Labels: first free place on the sheet, from 1. */
  readonly start?: number;
  /** Heading of a list. */
  readonly title?: string;
}

export interface Printed {
  readonly html: string;
  readonly count: number;
  /** The records on it. */
  readonly ids: readonly string[];
  /** Records that lack a value the template needs (PRN-06); they are printed all the same. */
  readonly missing: readonly {
    readonly id: string;
    readonly display: string;
    readonly fields: readonly string[];
  }[];
}

export interface PrintServices {
  readonly records: Records;
  readonly dictionaries: Dictionaries;
}

/** The most rows of one job; 5,000 labels are asked for (PRN-07). */
const MOST_ROWS = 10_000;
const PAGE = 1000;

/**
 * Renders records with a template, reading every value through the gate: only rows the actor may print, only
 * fields he may read.
 * @throws MRT_PRINT_UNKNOWN, MRT_ACCESS_DENIED, MRT_PRINT_TEMPLATE
 */
export async function printRecords(
  services: PrintServices,
  context: Context,
  request: PrintRequest,
): Promise<Printed> {
  const { model } = context;
  const template = model.templates.get(request.template);
  if (!template || (template.entity !== '*' && template.entity !== request.entity)) {
    throw problem('MRT_PRINT_UNKNOWN', { template: request.template });
  }
  const entity = entityOf(context, request.entity);
  if (!context.access.entity(entity).may('print')) {
    throw problem('MRT_ACCESS_DENIED', {
      action: context.locale === 'en' ? 'print' : '打印',
      entity: localise(entity.label, context.locale),
    });
  }

  const fields = template.kind === 'list' ? listFields(entity, request) : Object.keys(template.fields);
  const items = await readRows(services.records, context, request, fields);
  const rows = items.map((item) => cellTexts(item, entity, fields, context, services.dictionaries));
  const sources = await readSources(services, context, template);
  const heading = request.title ?? localise(entity.label, context.locale);
  const printedAt = new Intl.DateTimeFormat('sv-SE', {
    dateStyle: 'short',
    timeStyle: 'medium',
    timeZone: context.timeZone,
  }).format(context.now);
  const body = compileBody(template.body);
  const pieces =
    template.kind === 'list'
      ? [
          body({
            ...sources,
            ...tableOf(entity, fields, rows, context),
            title: heading,
            printedAt,
            count: rows.length,
          }),
        ]
      : rows.map((row) => body({ ...sources, ...nestDotted(row), printedAt }));

  return {
    html: pageOf({
      title: heading,
      locale: context.locale,
      paper: template.paper,
      kind: template.kind,
      pieces,
      start: request.start ?? 1,
      watermark: `${context.actor.displayName} ${printedAt}`,
    }),
    count: rows.length,
    ids: items.map((item) => String(item.id)),
    missing: missingOf(template, entity, items, rows),
  };
}

function listFields(entity: EntityModel, request: PrintRequest): readonly string[] {
  return request.fields && request.fields.length > 0 ? request.fields : [entity.display];
}

/** Pages through the records. Named ones are put into the asked order. */
async function readRows(
  records: Records,
  context: Context,
  request: PrintRequest,
  fields: readonly string[],
): Promise<readonly RecordData[]> {
  const filter = request.ids ? { id: { $in: request.ids } } : (request.filter ?? {});
  if (request.ids && request.ids.length > MOST_ROWS) throw problem('MRT_REQUEST_LIMIT', { max: MOST_ROWS });
  const items: RecordData[] = [];
  let cursor: string | undefined;
  do {
    const page = await records.list(context, request.entity, {
      filter,
      fields,
      display: true,
      limit: PAGE,
      count: 'none',
      action: 'print',
      ...(request.sort ? { sort: request.sort } : {}),
      ...(cursor ? { cursor } : {}),
    });
    items.push(...page.items);
    cursor = page.next;
    if (items.length > MOST_ROWS) throw problem('MRT_REQUEST_LIMIT', { max: MOST_ROWS });
  } while (cursor);
  if (!request.ids) return items;
  const place = new Map(request.ids.map((id, index) => [id, index]));
  return items.sort((a, b) => (place.get(String(a.id)) ?? 0) - (place.get(String(b.id)) ?? 0));
}

async function readSources(
  services: PrintServices,
  context: Context,
  template: TemplateDocument,
): Promise<Record<string, unknown>> {
  const result: Record<string, unknown> = {};
  for (const [name, source] of Object.entries(template.sources ?? {})) {
    const entity = context.model.entities.get(source.entity);
    if (!entity || !context.access.entity(entity).may('query')) continue;
    const fields = Object.keys(source.fields);
    const page = await services.records.list(context, source.entity, {
      fields,
      display: true,
      limit: 1,
      sort: 'created_at',
      count: 'none',
    });
    const [first] = page.items;
    if (first) result[name] = nestDotted(cellTexts(first, entity, fields, context, services.dictionaries));
  }
  return result;
}

interface Table {
  readonly columns: readonly { readonly name: string; readonly label: string; readonly align: string }[];
  readonly rows: readonly (readonly { readonly text: string; readonly align: string }[])[];
}

/** Columns with their headings and the cells under them; figures are aligned to the end. */
function tableOf(
  entity: EntityModel,
  fields: readonly string[],
  rows: readonly Readonly<Record<string, string>>[],
  context: Context,
): Table {
  const columns = fields.map((path) => {
    const [own = '', far] = path.split('.');
    const field = entity.fields.get(own);
    const target =
      far && field ? context.model.entities.get(String(field.def.entity))?.fields.get(far) : undefined;
    const shown = target ?? field;
    const typed = shown && typeOfField(shown);
    const numeric = typed !== undefined && isNumeric(typed.type, typed.def);
    const label = field ? localise(field.label, context.locale) : path;
    return {
      name: path,
      label: target ? `${label}·${localise(target.label, context.locale)}` : label,
      align: numeric ? 'end' : 'start',
    };
  });
  return {
    columns,
    rows: rows.map((row) => columns.map(({ name, align }) => ({ text: row[name] ?? '', align }))),
  };
}

function missingOf(
  template: TemplateDocument,
  entity: EntityModel,
  items: readonly RecordData[],
  rows: readonly Readonly<Record<string, string>>[],
): Printed['missing'] {
  const needed = Object.entries(template.fields)
    .filter(([, use]) => use.required === true)
    .map(([name]) => name);
  return rows.flatMap((row, index) => {
    const fields = needed.filter((name) => !row[name]);
    return fields.length === 0
      ? []
      : [{ id: String(items[index]?.id), display: row[entity.display] ?? '', fields }];
  });
}
