import type { Fault } from '../errors/problem.ts';

/** A fault of a document at a JSON Pointer inside it. */
export function docFault(path: string, code: string, zh: string, en: string): Fault {
  return { path, code, message: { 'zh-CN': zh, en } };
}
