import type { Json } from '../torture/client.ts';
import { operationsOf, type Operation } from '../torture/api-surface.ts';

/** One call that reads. */
export interface ReadCall {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: unknown;
}

/** What the calls are made with: ids of records by entity, of which some are out of the asker's reach. */
export interface Known {
  readonly ids: Readonly<Record<string, readonly string[]>>;
  /** What is asked for by name, in searches and as possible duplicates. */
  readonly words: readonly string[];
}

/** Reads that are not asked, and why: each tells of the server or the clock, none of records. */
const LEFT_OUT: Readonly<Record<string, string>> = {
  '/api/v1/events': 'never ends; what it tells is tested in events.test.ts',
  '/health/live': 'public, tells nothing of records',
  '/health/ready': 'public, tells nothing of records',
  '/api/v1/me/sessions': 'tells when the session was last seen',
  '/api/v1/mail/unsubscribe': 'public, tells nothing of records',
  '/calendar/{file}': 'asked with a secret that is told once',
  '/api/v1/print/previews/{id}': 'asked with the preview that a print has made',
};
const LISTS = [
  '?count=exact&display=true&sort=id',
  '?sort=id&count=estimate&limit=1',
  '?sort=id&state=all&count=exact',
  '?sort=id&state=deleted&count=exact',
  '?sort=id&state=void&count=exact',
];
const NOBODY = '00000000-0000-7000-8000-000000000000';

/**
 * Every read of an OpenAPI description, with parameters that lead somewhere. A route that is new there is asked here too.
 * @throws Error for a path parameter that nobody has said a value for
 */
export function readCalls(description: Json, known: Known): readonly ReadCall[] {
  const properties = (entity: string): readonly string[] => fieldsOf(description, entity);
  return operationsOf(description)
    .filter(({ method, path }) => method === 'GET' && !Object.hasOwn(LEFT_OUT, path))
    .flatMap((operation) => callsOf(operation, known, properties))
    .concat(postedReads(known, properties));
}

function callsOf(
  { path }: Operation,
  known: Known,
  properties: (entity: string) => readonly string[],
): readonly ReadCall[] {
  const get = (address: string): ReadCall => ({ method: 'GET', path: address });
  const entity = /^\/api\/v1\/records\/(\w+)/.exec(path)?.[1] ?? '';
  const ids = known.ids[entity] ?? [NOBODY];
  if (path === `/api/v1/records/${entity}`) return listsOf(path, known, properties(entity), ids).map(get);
  if (path === `/api/v1/records/${entity}/values/{field}`)
    return properties(entity)
      .filter((name) => ids[0] !== NOBODY || name === 'name')
      .map((name) => get(path.replace('{field}', name)));
  if (path === `/api/v1/records/${entity}/{id}`)
    return ids.flatMap((id) => [
      get(`${path.replace('{id}', id)}?rights=true&display=true`),
      get(`${path.replace('{id}', id)}?include=${CHILDREN[entity] ?? ''}`),
    ]);
  if (path === '/api/v1/search')
    return known.words.map((word) => get(`${path}?q=${encodeURIComponent(word)}`));
  if (path.startsWith('/api/v1/access/'))
    return Object.entries(known.ids).flatMap(([name, all]) =>
      all.map((id) => get(`${path}?entity=${name}&id=${id}&action=read`)),
    );
  return ids.map((id) =>
    get(
      path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
        const value = name === 'id' ? id : (known.ids[ID_OF[name] ?? '']?.at(-1) ?? PARAMETERS[name]);
        if (value === undefined) throw new Error(`say what {${name}} of ${path} is asked with`);
        return value;
      }),
    ),
  );
}

const PARAMETERS: Readonly<Record<string, string>> = {
  name: 'customer',
  entity: 'customer',
  kind: 'entity',
  version: '1',
  field: 'name',
  key: 'x',
};
/** Parameters that are ids, and of what: the last known one is asked with. */
const ID_OF: Readonly<Record<string, string>> = { user: 'user', record: 'customer' };
const CHILDREN: Readonly<Record<string, string>> = { customer: 'contacts' };

/** Lists of all kinds, also by fields that may not be read: those are refused, now and afterwards. */
function listsOf(
  path: string,
  { words }: Known,
  fields: readonly string[],
  ids: readonly string[],
): readonly string[] {
  const plain = LISTS.map((query) => `${path}${query}`);
  if (ids[0] === NOBODY) return plain.slice(0, 1);
  const filter = (value: unknown): string =>
    `${path}?sort=id&count=exact&fields=id&filter=${encodeURIComponent(JSON.stringify(value))}`;
  return [
    ...plain,
    `${path}?sort=id&fields=${fields.join(',')}`,
    ...words.map((word) => `${path}?sort=id&search=${encodeURIComponent(word)}`),
    ...fields.flatMap((name) => [filter({ [name]: null }), `${path}?fields=id&sort=${name},id`]),
    ...words.flatMap((word) =>
      ['name', 'address', 'remarks', 'supervisor_remarks', 'home_address']
        .filter((name) => fields.includes(name))
        .map((name) => filter({ [name]: { $contains: word } })),
    ),
  ];
}

/** Reads that are sent with POST. */
function postedReads(
  { ids, words }: Known,
  properties: (entity: string) => readonly string[],
): readonly ReadCall[] {
  const post = (path: string, body: unknown): ReadCall => ({ method: 'POST', path, body });
  return Object.entries(ids).flatMap(([entity, all]) => {
    const at = `/api/v1/records/${entity}`;
    return [
      post(`${at}/aggregate`, { groupBy: [], measures: { n: { fn: 'count' } } }),
      ...properties(entity).map((name) =>
        post(`${at}/aggregate`, { groupBy: [name], measures: { n: { fn: 'count' } }, sort: '-n' }),
      ),
      ...words.map((name) => post(`${at}/duplicates`, { name })),
      ...all.map((id) =>
        post(`${at}/merge`, {
          survivor: all[0],
          records: [all[0], id].map((each) => ({ id: each, version: 1 })),
          preview: true,
        }),
      ),
    ];
  });
}

/** Names of an entity's stored fields, as the description has them. */
function fieldsOf(description: Json, entity: string): readonly string[] {
  const schemas = (description['components'] as { schemas: Readonly<Record<string, Json>> }).schemas;
  const name = entity
    .split('_')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
  const properties = (schemas[name]?.['properties'] ?? {}) as Readonly<Record<string, Json>>;
  return Object.keys(properties).filter((each) => !each.includes('$'));
}
