import { type BeforeWrite, type HookScope, type RecordData, refuse } from '@mortise/core/plugin';

/** Refuses a vaccination in the future, and says when the next one is due. */
export function planBooster({ draft }: BeforeWrite, { today, settings }: HookScope): RecordData {
  const given = draft['vaccinated_on'];
  if (typeof given !== 'string') return { booster_due_on: null };
  if (given > today) {
    throw refuse(
      { 'zh-CN': '接种日期不能晚于今天', en: 'The vaccination is in the future' },
      '/vaccinated_on',
    );
  }
  const years = Number(settings['booster_years']);
  return { booster_due_on: `${Number(given.slice(0, 4)) + years}${anniversary(given)}` };
}

/** 29 February has no anniversary in most years; the day before is early enough. */
function anniversary(date: string): string {
  const day = date.slice(4);
  return day === '-02-29' ? '-02-28' : day;
}
