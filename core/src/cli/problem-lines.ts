import type { Problem } from '../errors/problem.ts';
import { localise, type Locale } from '../text/locale.ts';

/** A problem for people on a terminal, in their language: what is wrong, then each place. */
export function problemLines(problem: Problem): readonly string[] {
  const locale: Locale = (process.env['MORTISE_LOCALE'] ?? process.env['LANG'] ?? '').startsWith('zh')
    ? 'zh-CN'
    : 'en';
  return [
    `mortise: ${localise(problem.text, locale)} (${problem.code})`,
    ...problem.faults.map(
      ({ path, code, message }) => `  ${path || '/'}: ${localise(message, locale)} (${code})`,
    ),
  ];
}
