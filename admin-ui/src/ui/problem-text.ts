import { ApiProblem, OFFLINE } from '../api/client';
import { i18n } from '../locales';

/** One sentence for people: cause and remedy, never a trace (UI-09). */
export function problemText(error: unknown): string {
  if (error instanceof ApiProblem) {
    if (error.code === OFFLINE) return i18n.global.t('problem.offline');
    return error.message || i18n.global.t('problem.unknown');
  }
  return i18n.global.t('problem.unknown');
}
