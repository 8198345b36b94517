/** Turns the text form of one column value into the value that the program sees. */
export type ParseValue = (text: string) => unknown;

const asText: ParseValue = (text) => text;

const UTC_TIMESTAMP = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,6})?\+00$/;

/** `2026-11-21 23:38:11.5+00` (the session's zone is UTC) → `2026-11-21T23:38:11.500Z`; `infinity` stays text. */
function timestamp(text: string): string {
  // What nearly every moment looks like, without a detour over Date.
  if (UTC_TIMESTAMP.test(text))
    return `${text.slice(0, 10)}T${text.slice(11, 19)}.${text.slice(20, -3).slice(0, 3).padEnd(3, '0')}Z`;
  const plain = /^\d{4,}-\d\d-\d\d \d\d:\d\d:\d\d/.test(text) && !text.endsWith('BC');
  if (!plain) return text;
  const zoned = text.replace(' ', 'T').replace(/([+-]\d\d)$/, '$1:00');
  return new Date(/[+-]\d\d:\d\d$/.test(zoned) ? zoned : `${zoned}Z`).toISOString();
}

const json: ParseValue = (text) => JSON.parse(text) as unknown;

/** Base type OID → its parser and the OID of its array type. Types that are missing come back as text. */
const TYPES: readonly { readonly oid: number; readonly array: number; readonly parse: ParseValue }[] = [
  { oid: 16, array: 1000, parse: (text) => text === 't' }, // bool
  { oid: 20, array: 1016, parse: asText }, // int8: may exceed what a JS number holds
  { oid: 21, array: 1005, parse: Number }, // int2
  { oid: 23, array: 1007, parse: Number }, // int4
  { oid: 26, array: 1028, parse: Number }, // oid
  { oid: 25, array: 1009, parse: asText }, // text
  { oid: 1043, array: 1015, parse: asText }, // varchar
  { oid: 1042, array: 1014, parse: asText }, // char
  { oid: 19, array: 1003, parse: asText }, // name
  { oid: 700, array: 1021, parse: Number }, // float4
  { oid: 701, array: 1022, parse: Number }, // float8
  { oid: 1700, array: 1231, parse: asText }, // numeric: money must stay exact
  { oid: 1082, array: 1182, parse: asText }, // date
  { oid: 1083, array: 1183, parse: asText }, // time
  { oid: 1114, array: 1115, parse: timestamp },
  { oid: 1184, array: 1185, parse: timestamp },
  { oid: 2950, array: 2951, parse: asText }, // uuid
  { oid: 114, array: 199, parse: json },
  { oid: 3802, array: 3807, parse: json },
];

/** Reads PostgreSQL's array literal, `{a,"b c",NULL}`, also nested, into a JS array. */
export function parseArray(text: string, element: ParseValue): unknown[] {
  // Codes and ids mostly: nothing quoted, nested or with bounds of its own.
  if (text.startsWith('{') && text.endsWith('}') && !/["\\{]/.test(text.slice(1)))
    return text === '{}'
      ? []
      : text
          .slice(1, -1)
          .split(',')
          .map((item) => (item === 'NULL' ? null : element(item)));
  let at = text.indexOf('{');
  const list = (): unknown[] => {
    const items: unknown[] = [];
    at += 1;
    while (text[at] !== '}') {
      if (at >= text.length) throw new Error(`unfinished array literal: ${text}`);
      if (text[at] === ',') at += 1;
      else if (text[at] === '{') items.push(list());
      else items.push(text[at] === '"' ? element(quoted()) : bare());
    }
    at += 1;
    return items;
  };
  const quoted = (): string => {
    let value = '';
    for (at += 1; text[at] !== '"'; at += 1) {
      if (at >= text.length) throw new Error(`unfinished array literal: ${text}`);
      if (text[at] === '\\') at += 1;
      value += text[at] ?? '';
    }
    at += 1;
    return value;
  };
  const bare = (): unknown => {
    const start = at;
    while (at < text.length && text[at] !== ',' && text[at] !== '}') at += 1;
    const value = text.slice(start, at);
    return value === 'NULL' ? null : element(value);
  };
  return list();
}

/**
 * OID → parser, used by both engines so that a value looks the same from either: dates `YYYY-MM-DD`, timestamps
 * ISO 8601 UTC with milliseconds, numeric and int8 as strings, json parsed with its key order.
 */
export const VALUE_PARSERS: ReadonlyMap<number, ParseValue> = new Map(
  TYPES.flatMap(({ oid, array, parse }): [number, ParseValue][] => [
    [oid, parse],
    [array, (text) => parseArray(text, parse)],
  ]),
);

function arrayElement(value: unknown): string {
  if (value === null || value === undefined) return 'NULL';
  if (Array.isArray(value)) return toArrayLiteral(value);
  return `"${(toParameter(value) ?? '').replace(/[\\"]/g, '\\$&')}"`;
}

function toArrayLiteral(values: readonly unknown[]): string {
  return `{${values.map(arrayElement).join(',')}}`;
}

/**
 * A JS value as the text that both drivers send, so that neither guesses differently: arrays become array
 * literals, objects JSON, dates ISO 8601. An array meant for a json column must be sent as `JSON.stringify(…)`.
 */
export function toParameter(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return toArrayLiteral(value);
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return `\\x${Buffer.from(value).toString('hex')}`;
  if (typeof value === 'object') return JSON.stringify(value);
  return String(value as number | boolean | bigint);
}
