import { problem } from '../../errors/catalogue.ts';
import type { Fault } from '../../errors/problem.ts';

/** A JSON body read member by member; a member of another type is refused with its path. */
export interface Body {
  text(name: string, max?: number): string;
  optionalText(name: string, max?: number): string | undefined;
  flag(name: string): boolean | undefined;
  integer(name: string): number | undefined;
  object(name: string): Readonly<Record<string, unknown>>;
  optionalObject(name: string): Readonly<Record<string, unknown>> | undefined;
  list(name: string): readonly unknown[];
  texts(name: string): readonly string[];
  has(name: string): boolean;
}

/**
 * Reads a body of which only the members in `allowed` may be given.
 * @throws MRT_REQUEST_MALFORMED with a JSON Pointer for each fault
 */
export function readBody(body: Readonly<Record<string, unknown>>, allowed: readonly string[]): Body {
  const unknown = Object.keys(body).filter((name) => !allowed.includes(name));
  if (unknown.length > 0) {
    throw malformed(unknown.map((name) => fault(name, 'MRT_BODY_UNKNOWN', '不认识的成员', 'unknown member')));
  }
  const given = (name: string): boolean => body[name] !== undefined && body[name] !== null;
  const optionalText = (name: string, max = 10_000): string | undefined => {
    if (!given(name)) return undefined;
    const value = body[name];
    if (typeof value !== 'string' || value.length > max)
      throw wrong(name, `应为不超过 ${max} 字的文本`, `a text of at most ${max} characters is expected`);
    refuseNul(name, value);
    return value;
  };
  const optionalObject = (name: string): Readonly<Record<string, unknown>> | undefined => {
    if (!given(name)) return undefined;
    const value = body[name];
    if (typeof value !== 'object' || Array.isArray(value))
      throw wrong(name, '应为对象', 'an object is expected');
    return value as Readonly<Record<string, unknown>>;
  };
  const list = (name: string): readonly unknown[] => {
    const value = body[name];
    if (!Array.isArray(value)) throw wrong(name, '应为列表', 'a list is expected');
    return value;
  };
  return {
    optionalText,
    optionalObject,
    list,
    has: given,
    text: (name, max) => optionalText(name, max) ?? missing(name),
    object: (name) => optionalObject(name) ?? missing(name),
    flag(name) {
      if (!given(name)) return undefined;
      const value = body[name];
      if (typeof value !== 'boolean') throw wrong(name, '应为 true 或 false', 'true or false is expected');
      return value;
    },
    integer(name) {
      if (!given(name)) return undefined;
      const value = body[name];
      if (typeof value !== 'number' || !Number.isSafeInteger(value))
        throw wrong(name, '应为整数', 'a whole number is expected');
      return value;
    },
    texts(name) {
      return list(name).map((value, index) => {
        if (typeof value !== 'string') throw wrong(`${name}/${index}`, '应为文本', 'a text is expected');
        refuseNul(`${name}/${index}`, value);
        return value;
      });
    },
  };
}

/** PostgreSQL cannot store it, in no text and no document. */
function refuseNul(name: string, value: string): void {
  if (value.includes('\0'))
    throw wrong(name, '含有不可用的字符(NUL)', 'it holds a character that cannot be stored (NUL)');
}

function missing(name: string): never {
  throw malformed([fault(name, 'MRT_BODY_MISSING', '必须提供', 'it must be given')]);
}

function wrong(name: string, zh: string, en: string) {
  return malformed([fault(name, 'MRT_BODY_TYPE', zh, en)]);
}

function fault(name: string, code: string, zh: string, en: string): Fault {
  return { path: `/${name}`, code, message: { 'zh-CN': zh, en } };
}

function malformed(faults: readonly Fault[]) {
  return problem(
    'MRT_REQUEST_MALFORMED',
    { reason: faults.map((each) => `${each.path} ${each.message.en}`).join('; ') },
    faults,
  );
}
