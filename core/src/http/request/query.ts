import { problem } from '../../errors/catalogue.ts';

/** Parameters after `?`, each at most once, only those a route knows. */
export interface Query {
  text(name: string): string | undefined;
  /** A whole number from `min` to `max`. @throws MRT_REQUEST_MALFORMED */
  integer(name: string, min: number, max: number): number | undefined;
  /** `1`, `true` or an empty value is true. */
  flag(name: string): boolean | undefined;
  oneOf<T extends string>(name: string, allowed: readonly T[]): T | undefined;
  /** A JSON object. */
  object(name: string): Readonly<Record<string, unknown>> | undefined;
  /** Comma-separated names. */
  list(name: string): readonly string[] | undefined;
}

/**
 * Reads a query string strictly: an unknown or repeated parameter is refused with 400, because a misspelt `filtre`
 * would otherwise silently show everything.
 * @throws MRT_REQUEST_MALFORMED
 */
export function readQuery(search: URLSearchParams, allowed: readonly string[]): Query {
  for (const name of new Set(search.keys())) {
    if (!allowed.includes(name))
      throw malformed(`unknown parameter / 未知参数 "${name}" (${allowed.join(', ') || '-'})`);
    if (search.getAll(name).length > 1) throw malformed(`parameter given twice / 参数重复 "${name}"`);
    if (search.get(name)?.includes('\0')) throw malformed(`${name}: U+0000`);
  }
  const text = (name: string): string | undefined => search.get(name) ?? undefined;
  return {
    text,
    integer(name, min, max) {
      const value = text(name);
      if (value === undefined) return undefined;
      const number = Number(value);
      if (!/^-?\d{1,15}$/.test(value) || number < min || number > max) {
        throw malformed(`${name}: ${min} … ${max}`);
      }
      return number;
    },
    flag(name) {
      const value = text(name);
      if (value === undefined) return undefined;
      if (['1', 'true', ''].includes(value)) return true;
      if (['0', 'false'].includes(value)) return false;
      throw malformed(`${name}: true | false`);
    },
    oneOf(name, values) {
      const value = text(name);
      if (value === undefined) return undefined;
      const found = values.find((each) => each === value);
      if (found === undefined) throw malformed(`${name}: ${values.join(' | ')}`);
      return found;
    },
    object(name) {
      const value = text(name);
      return value === undefined ? undefined : jsonObject(name, value);
    },
    list(name) {
      const value = text(name);
      if (value === undefined) return undefined;
      const items = value.split(',').map((each) => each.trim());
      if (items.some((each) => each === '')) throw malformed(`${name}: a,b,c`);
      return items;
    },
  };
}

function jsonObject(name: string, text: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw malformed(`${name}: ${(error as Error).message}`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw malformed(`${name}: { … }`);
  return value as Readonly<Record<string, unknown>>;
}

function malformed(reason: string) {
  return problem('MRT_REQUEST_MALFORMED', { reason });
}
