import type { seededRandom } from '../../core/src/demo/random.ts';
import type { Operation } from './api-surface.ts';
import type { Json } from './client.ts';

type Random = ReturnType<typeof seededRandom>;

/** A request as bytes on the wire. */
export interface RawRequest {
  /** `POST /api/v1/records/{entity}`, to name it in the report. */
  readonly of: string;
  readonly bytes: Buffer;
}

/** What a request needs besides being wrong. */
export interface Material {
  readonly token: string;
  /** Ids of records that exist. */
  readonly ids: readonly string[];
  readonly entities: readonly string[];
}

const TEXTS = [
  '',
  ' ',
  '\u0000',
  'a\u0000b',
  '\ud800',
  '\uffff',
  '🧨'.repeat(50),
  'x'.repeat(5000),
  '%',
  '%%%',
  '\\',
  "'; drop table customer; --",
  '$me',
  '$today',
  '__proto__',
  'constructor',
  'null',
  '-0',
  '1e400',
  '9'.repeat(60),
  '0x1f',
  '2026-02-30',
  '2026-11-22',
  '0000-00-00',
  '+275760-09-13T00:00:00Z',
  '00000000-0000-0000-0000-000000000000',
  '019ab3c2-7f5e-7000-9d2f-3b6c1f0a5e44',
  '../../etc/passwd',
  '{{7*7}}',
  '<b>',
  '酒业',
  '\u202e',
  'a,b',
  '-created_at',
  'name',
  'id',
  'owner.name',
  'owner.owner.owner',
  'version',
];
const NUMBERS = [0, -1, 1, 2, 1e308, -1e308, 2 ** 31, 2 ** 53, 2 ** 63, 1e-320, 0.1, -0.5, 1e21, 1.5e300];
const OPERATORS = [
  '$eq',
  '$ne',
  '$gt',
  '$gte',
  '$lt',
  '$lte',
  '$in',
  '$nin',
  '$like',
  '$ilike',
  '$contains',
  '$startsWith',
  '$null',
  '$and',
  '$or',
  '$not',
  '$under',
  '$me',
  '$today',
  '$where',
  '$regex',
  '',
];
const FIELDS = [
  'name',
  'id',
  'version',
  'owner',
  'unit',
  'created_at',
  'deleted_at',
  'is_void',
  'code',
  'counter',
  'amount',
  'lines',
  'kind',
  'capital',
  'industry',
  'customer',
  'owner.name',
  'owner.unit',
  'nothing',
  '',
];

/** Makes requests that are wrong in some way, and now and then right; the same seed makes the same ones. */
export class Malformed {
  readonly #random: Random;
  readonly #material: Material;

  constructor(random: Random, material: Material) {
    this.#random = random;
    this.#material = material;
  }

  /** A request to one operation. */
  make(operation: Operation): RawRequest {
    const { int, chance, pick, weighted } = this.#random;
    const method = chance(0.03)
      ? pick(['PUT', 'OPTIONS', 'TRACE', 'PROPFIND', 'HEAD', 'GET', 'POST'])
      : operation.method;
    const path = this.#path(operation.path) + this.#query(operation);
    const hasBody = !['GET', 'HEAD', 'OPTIONS', 'TRACE'].includes(method) ? chance(0.95) : chance(0.03);
    const body = hasBody ? this.#body(operation) : Buffer.alloc(0);
    const headers: string[] = [`Host: 127.0.0.1`, 'Connection: close'];
    if (chance(0.97))
      headers.push(`Authorization: Bearer ${chance(0.98) ? this.#material.token : this.#header()}`);
    if (chance(0.1)) headers.push(`Accept-Language: ${pick(['en', 'zh-CN', 'xx;q=9', '*', this.#header()])}`);
    if (operation.method === 'PATCH' && chance(0.9))
      headers.push(
        `If-Match: ${weighted([
          ['"1"', 6],
          ['*', 1],
          ['"x"', 1],
          ['"99999999999999999999"', 1],
          ['1,2', 1],
          ['W/"1"', 1],
          [this.#header(), 1],
        ])}`,
      );
    if (hasBody && chance(0.97))
      headers.push(
        `Content-Type: ${weighted([
          ['application/json', 20],
          ['application/json; charset=utf-16', 1],
          ['text/plain', 1],
          ['application/x-www-form-urlencoded', 1],
          ['multipart/form-data; boundary=x', 1],
          [this.#header(), 1],
        ])}`,
      );
    if (chance(0.04))
      headers.push(
        pick([
          'Expect: 100-continue',
          'Expect: miracles',
          'Content-Encoding: gzip',
          'Transfer-Encoding: gzip',
          'Upgrade: h2c',
          'Range: bytes=0-1',
          'Cookie: mortise_session=\u00ff',
          'Cookie: ;;;=',
          'X-CSRF-Token: x',
          'X-Request-Id: ../../x',
          `X-Long: ${'y'.repeat(20_000)}`,
          'Bad Header: x',
          ': x',
          'Accept: nothing/at-all',
          'If-None-Match: "1"',
          'X-Forwarded-For: ::::',
        ]),
      );
    const length = weighted<number | null>([
      [body.length, 30],
      [body.length + int(1, 100), 1],
      [Math.max(0, body.length - 1), 1],
      [null, 1],
    ]);
    if (hasBody) headers.push(length === null ? 'Transfer-Encoding: chunked' : `Content-Length: ${length}`);
    const chunked = length === null && hasBody;
    const sent = chunked
      ? Buffer.concat([
          Buffer.from(`${body.length.toString(16)}\r\n`),
          body,
          Buffer.from(chance(0.7) ? '\r\n0\r\n\r\n' : '\r\n'),
        ])
      : body;
    const head = Buffer.from(
      `${method} ${path} ${chance(0.99) ? 'HTTP/1.1' : 'HTTP/9.9'}\r\n${headers.join('\r\n')}\r\n\r\n`,
      'latin1',
    );
    return { of: `${method} ${operation.path}`, bytes: Buffer.concat([head, sent]) };
  }

  #header(): string {
    return this.#random.pick(['', 'x', '"', '\u00ff\u00fe', '\t', 'a'.repeat(4000), 'a;b;c=', '\\"', '%00']);
  }

  #path(template: string): string {
    const { pick, weighted } = this.#random;
    return template.replace(/\{(\w+)\}/g, (_, name: string) => {
      const right =
        name === 'entity'
          ? pick(this.#material.entities)
          : name === 'id'
            ? pick(this.#material.ids)
            : pick(['customer', 'torture_order', 'entity', '1']);
      return weighted([
        [right, 6],
        [encodeURIComponent(pick(TEXTS).toWellFormed()).slice(0, 3000), 3],
        [pick(['%ff%fe', '%', '%00', '..', '%2e%2e%2f', '%E4%B8', 'a%2Fb', '~', '@', "'"]), 1],
      ]);
    });
  }

  #query({ query }: Operation): string {
    const { chance, pick, weighted, int } = this.#random;
    if (!chance(query.length > 0 ? 0.8 : 0.1)) return '';
    const names = [...query, 'unknown', ''];
    const parts = Array.from({ length: int(1, 4) }, () => {
      const name = pick(names);
      const value =
        name === 'filter' || name === 'having'
          ? JSON.stringify(this.#filter(0))
          : weighted<string>([
              [pick(TEXTS).toWellFormed(), 3],
              [String(pick(NUMBERS)), 3],
              [pick(FIELDS), 4],
              [`-${pick(FIELDS)},${pick(FIELDS)}`, 1],
              ['true', 1],
              [JSON.stringify(this.#json(0)) ?? '', 1],
            ]);
      const text = encodeURIComponent(value.toWellFormed()).slice(0, 6000);
      return `${encodeURIComponent(name)}${chance(0.95) ? '=' : ''}${chance(0.03) ? '%zz' : ''}${chance(0.02) ? '%ff' : ''}${text}`;
    });
    return `?${parts.join(chance(0.97) ? '&' : '&&')}`;
  }

  #filter(depth: number): unknown {
    const { chance, pick, int } = this.#random;
    if (depth > 4 || chance(0.1)) return this.#json(depth);
    return Object.fromEntries(
      Array.from({ length: int(1, 3) }, () => {
        const operator = chance(depth === 0 ? 0.15 : 0.6);
        const key = operator ? pick(OPERATORS) : pick(FIELDS);
        return [
          key,
          chance(0.4)
            ? this.#filter(depth + 1)
            : ['$and', '$or', '$in', '$nin'].includes(key)
              ? Array.from({ length: int(0, 3) }, () => this.#filter(depth + 1))
              : this.#json(depth + 1),
        ];
      }),
    );
  }

  /** Any JSON value. */
  #json(depth: number): unknown {
    const { pick, int, weighted } = this.#random;
    return weighted<() => unknown>([
      [() => pick(TEXTS), 5],
      [() => pick(NUMBERS), 4],
      [() => null, 2],
      [() => pick([true, false]), 2],
      [() => (depth > 3 ? [] : Array.from({ length: int(0, 4) }, () => this.#json(depth + 1))), 2],
      [
        () =>
          depth > 3
            ? {}
            : Object.fromEntries(
                Array.from({ length: int(0, 4) }, () => [pick([...FIELDS, ...TEXTS]), this.#json(depth + 1)]),
              ),
        2,
      ],
    ])();
  }

  /** A value that a schema more or less asks for. */
  #valueFor(schema: Json, depth: number): unknown {
    const { pick, int, chance } = this.#random;
    if (chance(0.12) || depth > 4) return this.#json(depth);
    const types = ([] as unknown[]).concat(schema['type'] ?? []);
    if (Array.isArray(schema['enum'])) return pick(schema['enum'] as unknown[]);
    if (schema['const'] !== undefined) return schema['const'];
    const options = (schema['anyOf'] ?? schema['oneOf']) as readonly Json[] | undefined;
    if (options && options.length > 0) return this.#valueFor(pick(options), depth + 1);
    switch (pick(types.length > 0 ? types : ['string'])) {
      case 'object':
        return this.#objectFor(schema, depth);
      case 'array':
        return Array.from({ length: int(0, 3) }, () =>
          this.#valueFor((schema['items'] as Json | undefined) ?? {}, depth + 1),
        );
      case 'integer':
      case 'number':
        return chance(0.5) ? int(0, 100) : pick(NUMBERS);
      case 'boolean':
        return chance(0.5);
      case 'null':
        return null;
      default:
        if (schema['format'] === 'uuid') return pick(this.#material.ids);
        if (schema['format'] === 'date') return '2026-11-22';
        return chance(0.5) ? `text ${int(0, 1e6)}` : pick(TEXTS);
    }
  }

  #objectFor(schema: Json, depth: number): Record<string, unknown> {
    const { chance } = this.#random;
    const properties = Object.entries((schema['properties'] ?? {}) as Readonly<Record<string, Json>>);
    const required = new Set((schema['required'] ?? []) as readonly string[]);
    const made: Record<string, unknown> = {};
    for (const [name, each] of properties)
      if (chance(required.has(name) ? 0.95 : 0.25)) made[name] = this.#valueFor(each, depth + 1);
    if (chance(0.1)) made['surplus'] = this.#json(depth);
    return made;
  }

  #body(operation: Operation): Buffer {
    const { chance, pick, int, weighted } = this.#random;
    const value = operation.body
      ? this.#valueFor(operation.body, 0)
      : Object.fromEntries(operation.members.filter(() => chance(0.8)).map((name) => [name, this.#json(1)]));
    const text = JSON.stringify(value) ?? 'undefined';
    return weighted<() => Buffer>([
      [() => Buffer.from(text), 20],
      [() => Buffer.from(text.slice(0, int(0, text.length))), 2],
      [() => Buffer.concat([Buffer.from(text.slice(0, -1)), Buffer.from([0xff, 0xc3, 0x28, 0x80])]), 1],
      [() => Buffer.from(`{"a":${'['.repeat(int(50, 30_000))}`), 1],
      [() => Buffer.from(`{"a":${'{"a":'.repeat(90)}1${'}'.repeat(91)}`), 1],
      [() => Buffer.from(text, 'utf16le'), 1],
      [() => Buffer.from(`\ufeff${text}`), 1],
      [
        () =>
          Buffer.from(
            pick([
              'null',
              '[]',
              '1',
              '"x"',
              '{',
              '}',
              '',
              '\u0000',
              '{"__proto__":{"a":1}}',
              '{"a":1,"a":2}',
              '{"a":1e999}',
              '{"\\u0000":1}',
              'NaN',
              '{"id":"\\ud800"}',
            ]),
          ),
        3,
      ],
      [() => Buffer.from(JSON.stringify({ name: 'x'.repeat(int(1000, 300_000)) })), 1],
    ])();
  }
}
