import type { EntityModel } from '../../model/model.ts';
import { typeName } from '../../model/generate-types.ts';
import { LIST_PARAMETERS, READ_PARAMETERS } from '../request/list-request.ts';

type Json = Readonly<Record<string, unknown>>;

const ref = (name: string): Json => ({ $ref: `#/components/schemas/${name}` });
const jsonContent = (schema: Json): Json => ({ content: { 'application/json': { schema } } });

const PARAMETERS: Readonly<
  Record<
    (typeof LIST_PARAMETERS)[number] | (typeof READ_PARAMETERS)[number],
    { readonly description: string; readonly schema: Json }
  >
> = {
  filter: {
    description: 'JSON: { "field": value | { "$gte": … }, "$or": [ … ] }',
    schema: { type: 'string' },
  },
  sort: { description: 'Fields, descending with a minus: -created_at,name', schema: { type: 'string' } },
  fields: {
    description: 'Comma-separated; owner.name reaches one reference away',
    schema: { type: 'string' },
  },
  search: { description: 'Words looked for in the fields marked for search', schema: { type: 'string' } },
  limit: {
    description: 'Rows of the page',
    schema: { type: 'integer', minimum: 1, maximum: 1000, default: 50 },
  },
  offset: {
    description: 'Rows to leave out; not together with cursor',
    schema: { type: 'integer', minimum: 0 },
  },
  cursor: { description: 'The `next` of the page before', schema: { type: 'string' } },
  count: { description: 'How `total` is found', schema: { enum: ['exact', 'estimate', 'none'] } },
  display: { description: 'Adds `<field>$display`, the text people read', schema: { type: 'boolean' } },
  state: { description: 'Which rows', schema: { enum: ['live', 'all', 'void', 'deleted'], default: 'live' } },
  include: { description: 'Names of child tables to read along', schema: { type: 'string' } },
};

const query = (names: readonly (keyof typeof PARAMETERS)[]): Json[] =>
  names.map((name) => ({ name, in: 'query', ...PARAMETERS[name] }));
const id: Json = { name: 'id', in: 'path', required: true, schema: { type: 'string', format: 'uuid' } };
const ifMatch: Json = {
  name: 'If-Match',
  in: 'header',
  required: true,
  description: 'The version that was read, in quotes',
  schema: { type: 'string', example: '"3"' },
};
const reason: Json = {
  name: 'reason',
  in: 'query',
  description: 'Kept in the history',
  schema: { type: 'string' },
};

/** Adds what every operation may answer. */
function operation(summary: string, tag: string, success: Json, more: Json = {}): Json {
  return {
    summary,
    tags: [tag],
    ...more,
    responses: { ...success, default: { $ref: '#/components/responses/Problem' } },
  };
}

/** Paths of one entity's records (DESIGN §12). */
export function recordPaths(entity: EntityModel): Json {
  const at = `/api/v1/records/${entity.name}`;
  const name = typeName(entity.name);
  const label = entity.label.en;
  const one = {
    description: 'The record',
    headers: { ETag: { schema: { type: 'string' } } },
    ...jsonContent(ref(name)),
  };
  const reasonBody = {
    requestBody: jsonContent({
      type: 'object',
      properties: { reason: { type: 'string' } },
      additionalProperties: false,
    }),
  };
  const list = {
    type: 'object',
    required: ['items'],
    properties: {
      items: { type: 'array', items: ref(name) },
      total: { type: 'integer' },
      next: { type: 'string' },
    },
  };
  const post = (summary: string): Json => ({
    parameters: [id],
    post: operation(summary, label, { 200: one }, reasonBody),
  });
  return {
    [at]: {
      get: operation(
        'List',
        label,
        { 200: { description: 'A page', ...jsonContent(list) } },
        { parameters: query(LIST_PARAMETERS) },
      ),
      post: operation(
        'Create',
        label,
        { 201: { ...one, description: 'Created' } },
        { parameters: [reason], requestBody: { required: true, ...jsonContent(ref(`${name}Create`)) } },
      ),
    },
    [`${at}/{id}`]: {
      parameters: [id],
      get: operation('Read', label, { 200: one }, { parameters: query(READ_PARAMETERS) }),
      patch: operation(
        'Change',
        label,
        { 200: one },
        {
          parameters: [ifMatch, reason],
          requestBody: { required: true, ...jsonContent(ref(`${name}Patch`)) },
        },
      ),
      delete: operation(
        'Move to the recycle bin',
        label,
        { 204: { description: 'Deleted' } },
        { parameters: [reason] },
      ),
    },
    [`${at}/{id}/restore`]: post('Restore from the recycle bin'),
    [`${at}/{id}/void`]: post('Mark as void'),
    [`${at}/{id}/unvoid`]: post('Take the void mark back'),
    [`${at}/{id}/history`]: {
      parameters: [id],
      get: operation('History', label, {
        200: { description: 'Entries, newest first', ...jsonContent({ type: 'object' }) },
      }),
    },
    [`${at}/aggregate`]: {
      post: operation(
        'Group and measure',
        label,
        { 200: { description: 'Rows', ...jsonContent({ type: 'object' }) } },
        { requestBody: jsonContent(ref('Aggregate')) },
      ),
    },
    [`${at}/bulk`]: {
      post: operation(
        'Many rows at once',
        label,
        { 200: { description: 'Results in the order sent', ...jsonContent({ type: 'object' }) } },
        { requestBody: jsonContent(ref('Bulk')) },
      ),
    },
  };
}

interface Fixed {
  readonly method: string;
  readonly path: string;
  readonly tag: string;
  readonly summary: string;
  readonly public?: true;
}

/** Paths that do not depend on the model; a test holds them against the router. */
export const FIXED: readonly Fixed[] = [
  { method: 'get', path: '/health/live', tag: 'Health', summary: 'The process answers', public: true },
  { method: 'get', path: '/health/ready', tag: 'Health', summary: 'The database answers', public: true },
  {
    method: 'get',
    path: '/api/v1/setup',
    tag: 'Setup',
    summary: 'What the sign-in screen may know',
    public: true,
  },
  {
    method: 'post',
    path: '/api/v1/setup',
    tag: 'Setup',
    summary: 'Finish the first-run wizard: {productName?, locale?, demo?}',
  },
  {
    method: 'post',
    path: '/api/v1/session',
    tag: 'Session',
    summary: 'Sign in: {username, password} → cookie and CSRF token',
    public: true,
  },
  { method: 'delete', path: '/api/v1/session', tag: 'Session', summary: 'Sign out' },
  { method: 'get', path: '/api/v1/me', tag: 'Session', summary: 'User, roles, functions, settings' },
  { method: 'patch', path: '/api/v1/me', tag: 'Session', summary: 'Merge personal settings: {settings}' },
  {
    method: 'post',
    path: '/api/v1/me/password',
    tag: 'Session',
    summary: 'Change the own password: {old, new}',
  },
  {
    method: 'post',
    path: '/api/v1/users/{id}/password',
    tag: 'Users',
    summary: 'Set a password: {password, must_change?}',
  },
  {
    method: 'get',
    path: '/api/v1/model',
    tag: 'Model',
    summary: 'Entities, dictionaries and menus of the user',
  },
  {
    method: 'get',
    path: '/api/v1/model/entities/{name}',
    tag: 'Model',
    summary: 'An entity with fields, forms, views',
  },
  {
    method: 'get',
    path: '/api/v1/model/dictionaries/{name}',
    tag: 'Model',
    summary: 'A dictionary with its values',
  },
  {
    method: 'get',
    path: '/api/v1/metadata/documents',
    tag: 'Metadata',
    summary: 'Effective documents, ?kind=',
  },
  {
    method: 'get',
    path: '/api/v1/metadata/documents/{kind}/{name}',
    tag: 'Metadata',
    summary: 'A document with base and provenance',
  },
  {
    method: 'post',
    path: '/api/v1/metadata/plan',
    tag: 'Metadata',
    summary: 'Plan changes: {changes, note}',
  },
  {
    method: 'post',
    path: '/api/v1/metadata/apply',
    tag: 'Metadata',
    summary: 'Apply {token} or {changes, note, accept}',
  },
  { method: 'get', path: '/api/v1/metadata/versions', tag: 'Metadata', summary: 'Change sets, newest first' },
  {
    method: 'post',
    path: '/api/v1/metadata/versions/{version}/revert',
    tag: 'Metadata',
    summary: 'Take a change set back',
  },
  { method: 'get', path: '/api/v1/plugins', tag: 'Plugins', summary: 'Installed plugins' },
  { method: 'post', path: '/api/v1/plugins/{name}/enable', tag: 'Plugins', summary: 'Enable' },
  { method: 'post', path: '/api/v1/plugins/{name}/disable', tag: 'Plugins', summary: 'Disable, data kept' },
  {
    method: 'post',
    path: '/api/v1/files',
    tag: 'Files',
    summary: 'Upload bytes, ?name= → id for a files or images field',
  },
  {
    method: 'post',
    path: '/api/v1/print',
    tag: 'Print',
    summary: 'Print records with a template, as html preview or pdf',
  },
  { method: 'get', path: '/api/v1/print/previews/{id}', tag: 'Print', summary: 'The page of a preview' },
  {
    method: 'get',
    path: '/api/v1/events',
    tag: 'Events',
    summary: 'Server-sent events: metadata, dictionary, record',
  },
  { method: 'get', path: '/api/v1/openapi.json', tag: 'Model', summary: 'This description' },
];

/** The fixed paths as OpenAPI has them. */
export function fixedPaths(): Json {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const { method, path, tag, summary, public: open } of FIXED) {
    const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    const parameters = names.map((name) => ({
      name,
      in: 'path',
      required: true,
      schema: { type: 'string' },
    }));
    const more = { ...(parameters.length > 0 ? { parameters } : {}), ...(open ? { security: [] } : {}) };
    paths[path] = {
      ...paths[path],
      [method]: operation(summary, tag, { '2XX': { description: 'Done' } }, more),
    };
  }
  return paths;
}
