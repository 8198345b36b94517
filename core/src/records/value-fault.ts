import type { Fault } from '../errors/problem.ts';
import type { LocaleText } from '../text/locale.ts';

/** A fault at a JSON Pointer, in both languages. */
export function faultAt(path: string, code: string, zh: string, en: string): Fault {
  return { path, code, message: { 'zh-CN': zh, en } };
}

/** A fault whose text is made elsewhere (a field type, a rule of an entity). */
export function faultWith(path: string, code: string, message: LocaleText): Fault {
  return { path, code, message };
}
