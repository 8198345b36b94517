import { toHalfWidth } from '../clean-text.ts';

const CLOCK = /^(\d+):([0-5]\d)(?::([0-5]\d))?$/;
const UNITS: readonly (readonly [RegExp, number])[] = [
  [/^(天|日|d|days?)$/i, 86_400],
  [/^(小时|个小时|时|h|hrs?|hours?)$/i, 3600],
  [/^(分钟|分|m|min|mins|minutes?)$/i, 60],
  [/^(秒钟|秒|s|secs?|seconds?)$/i, 1],
];
const PART = /(\d+(?:\.\d+)?)\s*([\p{L}]+)\s*/gu;

/**
 * Seconds of a duration as people write it: `1小时30分`, `1.5h`, `1 h 30 min`, `1:30` (hours and minutes), `1:30:15`,
 * `90` (minutes). Null when it is none.
 */
export function readDuration(cell: string): number | null {
  const text = toHalfWidth(cell).trim();
  if (/^\d+(\.\d+)?$/.test(text)) return seconds(Number(text) * 60);
  const clock = CLOCK.exec(text);
  if (clock) return seconds(Number(clock[1]) * 3600 + Number(clock[2]) * 60 + Number(clock[3] ?? 0));
  let sum = 0;
  let end = 0;
  let smallest = Number.POSITIVE_INFINITY;
  for (const match of text.matchAll(PART)) {
    const unit = UNITS.find(([name]) => name.test(match[2] ?? ''))?.[1];
    // Each unit once, the greater first: `30分1小时` is more likely a slip than a duration.
    if (unit === undefined || unit >= smallest || match.index !== end) return null;
    smallest = unit;
    sum += Number(match[1]) * unit;
    end += match[0].length;
  }
  return end > 0 && end === text.length ? seconds(sum) : null;
}

const seconds = (value: number): number | null =>
  Number.isSafeInteger(Math.round(value)) ? Math.round(value) : null;

/** `5400` → `1小时30分`, `1 h 30 min`. Hours are not turned into days: 40 hours of work are 40 hours. */
export function printDuration(value: number, locale: 'zh-CN' | 'en'): string {
  const units = locale === 'en' ? ([' h', ' min', ' s'] as const) : (['小时', '分', '秒'] as const);
  const parts = [Math.floor(value / 3600), Math.floor(value / 60) % 60, value % 60];
  const text = parts.flatMap((part, index) => (part === 0 ? [] : [`${part}${units[index]}`]));
  return text.length === 0 ? `0${units[1]}` : text.join(locale === 'en' ? ' ' : '');
}
