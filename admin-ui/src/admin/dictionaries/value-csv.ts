import Papa from 'papaparse';
import type { DictionaryDocument, DictionaryValueDocument } from '@mortise/core/contract';
import type { ValuePatch } from './dictionary-draft';

/** Columns of the table, each with the headings it is known by; the attributes of the dictionary come after them. */
const HEADINGS = {
  code: ['code', '代码', '编码'],
  parent: ['parent', '上级', '上级代码'],
  label_zh: ['label_zh', '中文名称', '名称', 'label'],
  label_en: ['label_en', '英文名称'],
  sort: ['sort', '排序', '顺序'],
  active: ['active', '启用', '可用'],
  color: ['color', '颜色', 'colour'],
} as const;
type Column = keyof typeof HEADINGS;

const YES = new Set(['1', 'true', 'yes', 'y', '是', '启用']);
const NO = new Set(['0', 'false', 'no', 'n', '否', '停用']);

/** What is wrong with the table: a text key with its parameters; `line` counts from the heading as 1. */
export interface CsvFault {
  readonly key:
    | 'unknownColumn'
    | 'noCode'
    | 'repeated'
    | 'noLabel'
    | 'number'
    | 'flag'
    | 'color'
    | 'broken'
    | 'nothing';
  readonly line: number;
  readonly value: string;
}

/** The values of a dictionary as a table that spreadsheets open, in the order they are shown. */
export function valuesToCsv(
  document: DictionaryDocument,
  values: Readonly<Record<string, DictionaryValueDocument>>,
): string {
  const attributes = Object.keys(document.attributes ?? {});
  const rows = Object.entries(values).map(([code, value]) => ({
    code,
    parent: value.parent ?? '',
    label_zh: value.label['zh-CN'],
    label_en: value.label.en,
    sort: value.sort ?? '',
    active: value.active === false ? '0' : '1',
    color: value.color ?? '',
    ...Object.fromEntries(attributes.map((name) => [name, value.data?.[name] ?? ''])),
  }));
  // Without the mark of UTF-8 a spreadsheet takes Chinese for another encoding.
  return `\uFEFF${Papa.unparse({ fields: [...Object.keys(HEADINGS), ...attributes], data: rows })}\r\n`;
}

/**
 * Reads a table of values; a column that is missing leaves what it stands for as it is, and so do values that the
 * table lacks. Codes decide which value is meant.
 */
export function csvToPatches(
  text: string,
  document: DictionaryDocument,
): { readonly patches: ReadonlyMap<string, ValuePatch>; readonly faults: readonly CsvFault[] } {
  const { data, errors } = Papa.parse<string[]>(text.replace(/^\uFEFF/, ''), { skipEmptyLines: 'greedy' });
  const faults: CsvFault[] = errors
    .filter(({ type }) => type === 'Quotes')
    .map(({ row, message }) => ({ key: 'broken', line: (row ?? 0) + 1, value: message }));
  const [heading = [], ...rows] = data;
  const columns = heading.map((name) => columnOf(name.trim(), document));
  columns.forEach((column, index) => {
    if (column === null) faults.push({ key: 'unknownColumn', line: 1, value: heading[index] ?? '' });
  });
  if (!columns.includes('code')) faults.push({ key: 'noCode', line: 1, value: '' });
  const patches = new Map<string, ValuePatch>();
  if (faults.length > 0) return { patches, faults };
  if (rows.length === 0) faults.push({ key: 'nothing', line: 1, value: '' });
  rows.forEach((cells, index) => {
    const line = index + 2;
    const row = new Map(columns.map((column, at) => [column ?? '', (cells[at] ?? '').trim()]));
    const code = row.get('code') ?? '';
    if (code === '') faults.push({ key: 'noCode', line, value: '' });
    else if (patches.has(code)) faults.push({ key: 'repeated', line, value: code });
    else patches.set(code, patchOf(row, document.values[code], document, line, faults));
  });
  return { patches, faults };
}

function columnOf(name: string, document: DictionaryDocument): string | null {
  const known = (Object.entries(HEADINGS) as [Column, readonly string[]][]).find(([, names]) =>
    names.includes(name.toLowerCase()),
  );
  if (known) return known[0];
  const attribute = Object.entries(document.attributes ?? {}).find(
    ([key, { label }]) => key === name || label['zh-CN'] === name || label.en === name,
  );
  return attribute ? `data:${attribute[0]}` : null;
}

function patchOf(
  row: ReadonlyMap<string, string>,
  before: DictionaryValueDocument | undefined,
  document: DictionaryDocument,
  line: number,
  faults: CsvFault[],
): ValuePatch {
  const patch: ValuePatch = {};
  const zh = row.get('label_zh') || before?.label['zh-CN'] || row.get('label_en') || '';
  if (zh === '') faults.push({ key: 'noLabel', line, value: row.get('code') ?? '' });
  patch.label = { 'zh-CN': zh, en: row.get('label_en') || before?.label.en || zh };
  const given = (column: Column, take: (value: string) => void): void => {
    const value = row.get(column);
    if (value !== undefined) take(value);
  };
  given('parent', (value) => (patch.parent = value === '' ? undefined : value));
  given('sort', (value) => {
    if (value === '') return;
    if (/^-?\d{1,9}$/.test(value)) patch.sort = Number(value);
    else faults.push({ key: 'number', line, value });
  });
  given('active', (value) => {
    const word = value.toLowerCase();
    if (NO.has(word)) patch.active = false;
    else if (word === '' || YES.has(word)) patch.active = undefined;
    else faults.push({ key: 'flag', line, value });
  });
  given('color', (value) => {
    if (value === '' || /^#[0-9a-f]{6}$/i.test(value)) patch.color = value === '' ? undefined : value;
    else faults.push({ key: 'color', line, value });
  });
  const data = attributesOf(row, before, document);
  if (data !== null) patch.data = Object.keys(data).length > 0 ? data : undefined;
  return patch;
}

/** The attributes of a value after the table; null when it says nothing of them. */
function attributesOf(
  row: ReadonlyMap<string, string>,
  before: DictionaryValueDocument | undefined,
  document: DictionaryDocument,
): Record<string, string | number | boolean> | null {
  const named = Object.keys(document.attributes ?? {}).filter((name) => row.has(`data:${name}`));
  if (named.length === 0) return null;
  const data: Record<string, string | number | boolean> = { ...before?.data };
  for (const name of named) {
    const value = row.get(`data:${name}`) ?? '';
    // What says the same keeps its type: a table knows only texts.
    if (value === '') delete data[name];
    else if (String(data[name]) !== value) data[name] = value;
  }
  return data;
}

/** The text of a file. Spreadsheets in China save tables as GB 18030 unless told otherwise. */
export async function readTable(file: Blob): Promise<string> {
  const bytes = await file.arrayBuffer();
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('gb18030').decode(bytes);
  }
}
