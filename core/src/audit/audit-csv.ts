import type { Context } from '../context/context.ts';
import { localise, type LocaleText } from '../text/locale.ts';
import type { AuditEntry, AuditLog, AuditQuestion } from './audit.ts';

const PAGE = 500;
const COLUMNS: readonly (readonly [LocaleText, (entry: AuditEntry, context: Context) => unknown])[] = [
  [{ 'zh-CN': '时间', en: 'Time' }, ({ at }, { timeZone }) => wallTime(at, timeZone)],
  [{ 'zh-CN': '人员', en: 'Person' }, ({ userName }) => userName],
  [{ 'zh-CN': '动作', en: 'Action' }, ({ action }) => action],
  [
    { 'zh-CN': '对象', en: 'Object' },
    ({ entity }, { model, locale }) => {
      const label = model.entities.get(entity ?? '')?.label;
      return label ? localise(label, locale) : entity;
    },
  ],
  [{ 'zh-CN': '记录', en: 'Record' }, ({ recordName }) => recordName],
  [{ 'zh-CN': '编号', en: 'Id' }, ({ record }) => record],
  [{ 'zh-CN': '条数', en: 'Records' }, ({ records }) => records],
  [{ 'zh-CN': '次数', en: 'Times' }, ({ times }) => times],
  [
    { 'zh-CN': '字段', en: 'Fields' },
    ({ fields }, { locale }) => fields.map(({ label }) => localise(label, locale)).join(', '),
  ],
  [{ 'zh-CN': '事由', en: 'Reason' }, ({ reason }) => reason],
  [{ 'zh-CN': '来源', en: 'Source' }, ({ source }) => source],
  [{ 'zh-CN': '网络地址', en: 'Address' }, ({ address }) => address],
  [
    { 'zh-CN': '详情', en: 'Detail' },
    ({ detail }) => (Object.keys(detail).length > 0 ? JSON.stringify(detail) : ''),
  ],
];

/** The log as a CSV table, a piece for each page: UTF-8 with a mark for spreadsheets, RFC 4180. */
export async function* auditCsv(
  audit: AuditLog,
  context: Context,
  question: Omit<AuditQuestion, 'limit' | 'cursor'>,
): AsyncGenerator<string> {
  let text = `\uFEFF${line(COLUMNS.map(([title]) => localise(title, context.locale)))}`;
  let cursor: string | null = null;
  do {
    const { items, next } = await audit.list(context, {
      ...question,
      limit: PAGE,
      ...(cursor === null ? {} : { cursor }),
    });
    text += items.map((entry) => line(COLUMNS.map(([, cell]) => cell(entry, context)))).join('');
    yield text;
    text = '';
    cursor = next;
  } while (cursor !== null);
}

function line(cells: readonly unknown[]): string {
  return `${cells.map((cell) => quoted(String(cell ?? ''))).join(',')}\r\n`;
}

/** A text that a spreadsheet would take for a formula is marked as text: names are typed by whoever tries to sign in. */
function quoted(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

function wallTime(at: string, timeZone: string): string {
  return new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'medium', timeZone }).format(
    new Date(at),
  );
}
