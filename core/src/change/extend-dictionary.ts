import { problem } from '../errors/catalogue.ts';
import type { Fault } from '../errors/problem.ts';
import type { DictionaryDocument } from '../model/documents.ts';
import type { Dictionaries, DictionaryValue } from '../store/dictionaries.ts';
import { sentence } from './change-text.ts';

/** A value as a person types it while picking one: one text for both languages. */
export interface TypedValue {
  readonly label: string;
  /** Code of the value above it; only in trees. */
  readonly parent?: string;
}

const LONGEST = 100;
const STEP = 10;

/**
 * The value that a text stands for: the one of that label where there is one, or a new one behind all others.
 * @throws MRT_DICTIONARY_CLOSED where people may not add values, MRT_DICTIONARY_VALUE for a text or a parent that will not do
 */
export function typedValue(
  document: DictionaryDocument,
  dictionaries: Dictionaries,
  typed: TypedValue,
): { readonly value: DictionaryValue; readonly isNew: boolean } {
  if (document.extensible !== true) throw problem('MRT_DICTIONARY_CLOSED', { dictionary: document.name });
  const label = typed.label.normalize('NFC').replaceAll(/\s+/gu, ' ').trim();
  if (label === '' || label.length > LONGEST)
    throw refused(
      '/label',
      'MRT_VALUE_LENGTH',
      `须为 1 到 ${LONGEST} 字`,
      `1 to ${LONGEST} characters are expected`,
    );
  const parent = typed.parent ?? null;
  if (parent !== null && (document.tree !== true || !dictionaries.value(document.name, parent)?.active))
    throw refused(
      '/parent',
      'MRT_DOC_REFERENCE',
      `没有可用的上级“${parent}”`,
      `there is no value “${parent}” to put it under`,
    );
  const stored = dictionaries.values(document.name);
  const same = stored.find((value) => value.parent === parent && isCalled(value, label));
  if (same && !same.active)
    throw refused(
      '/label',
      'MRT_VALUE_RETIRED',
      '此值已停用,请与管理员联系',
      'this value was retired; ask an administrator',
    );
  if (same) return { value: same, isNew: false };
  return {
    value: {
      code: freeCode(label, stored),
      label: { 'zh-CN': label, en: label },
      parent,
      sort: Math.max(0, ...stored.map(({ sort }) => sort)) + STEP,
      active: true,
      color: null,
      data: {},
      isSystem: false,
    },
    isNew: true,
  };
}

function isCalled({ label }: DictionaryValue, text: string): boolean {
  const wanted = text.toLowerCase();
  return Object.values(label).some((each) => each.toLowerCase() === wanted);
}

/** Of Latin labels something readable, of others a number. */
function freeCode(label: string, stored: readonly DictionaryValue[]): string {
  const used = new Set(stored.map(({ code }) => code));
  const word = /^[\x20-\x7E]+$/.test(label)
    ? label
        .toLowerCase()
        .replaceAll(/[^a-z0-9]+/g, '_')
        .replaceAll(/^_|_$/g, '')
        .slice(0, 40)
    : '';
  if (word !== '' && !used.has(word)) return word;
  for (let n = word === '' ? 1 : 2; ; n += 1) {
    const code = `${word === '' ? 'added' : word}_${n}`;
    if (!used.has(code)) return code;
  }
}

function refused(path: string, code: string, zh: string, en: string): Error {
  const fault: Fault = { path, code, message: sentence(zh, en) };
  return problem('MRT_DICTIONARY_VALUE', {}, [fault]);
}
