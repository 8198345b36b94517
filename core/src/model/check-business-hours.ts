import type { Fault } from '../errors/problem.ts';
import { docFault } from './doc-fault.ts';
import type { SettingsDocument } from './documents.ts';
import { pointer } from './pointer.ts';

/** Working hours that begin before they end and do not overlap, days that the calendar has, and some work each week. */
export function checkBusinessHours({ businessHours }: SettingsDocument): Fault[] {
  if (!businessHours) return [];
  const { weekdays, hours, holidays = {}, makeUpDays = {} } = businessHours;
  const at = '/businessHours';
  const faults: Fault[] = [];
  const add = (path: string, zh: string, en: string): void =>
    void faults.push(docFault(path, 'MRT_DOC_BUSINESS_HOURS', zh, en));
  const spans = Object.entries(hours).toSorted(([, a], [, b]) => (a.from < b.from ? -1 : 1));
  for (const [index, [name, { from, to }]] of spans.entries()) {
    const own = pointer(`${at}/hours`, name);
    if (from >= to) add(own, '须先开始后结束', 'it must begin before it ends');
    const before = spans[index - 1]?.[1];
    if (before && before.to > from) add(own, '与另一时段重叠', 'it overlaps with another one');
  }
  if (spans.length === 0) add(`${at}/hours`, '须有工作时段', 'there must be working hours');
  if (!Object.values(weekdays).includes(true))
    add(`${at}/weekdays`, '须有工作日', 'there must be a working day');
  for (const [part, days] of Object.entries({ holidays, makeUpDays }))
    for (const day of Object.keys(days)) {
      const own = pointer(`${at}/${part}`, day);
      const moment = new Date(`${day}T00:00:00Z`);
      if (Number.isNaN(moment.getTime()) || moment.toISOString().slice(0, 10) !== day)
        add(own, '没有这一天', 'there is no such day');
      else if (part === 'makeUpDays' && Object.hasOwn(holidays, day))
        add(own, '这一天也是节假日', 'the day is a holiday as well');
    }
  return faults;
}
