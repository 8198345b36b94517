import type { JsonSchema } from '../../fields/field-type.ts';

/** What a fixed path takes and gives. */
interface Shape {
  readonly query?: Readonly<Record<string, JsonSchema>>;
  readonly body?: JsonSchema;
  readonly answer?: JsonSchema;
}

const text: JsonSchema = { type: 'string' };
const flag: JsonSchema = { type: 'boolean' };
const integer: JsonSchema = { type: 'integer' };
const any: JsonSchema = { type: 'object', additionalProperties: true };
const list = (items: JsonSchema): JsonSchema => ({ type: 'array', items });
/** An object; names with `?` may be left out. */
function object(properties: Readonly<Record<string, JsonSchema>>): JsonSchema {
  const entries = Object.entries(properties);
  const required = entries.flatMap(([name]) => (name.endsWith('?') ? [] : [name]));
  return {
    type: 'object',
    ...(required.length > 0 ? { required } : {}),
    properties: Object.fromEntries(entries.map(([name, schema]) => [name.replace(/\?$/, ''), schema])),
  };
}
const items = (item: JsonSchema): JsonSchema => object({ items: list(item) });
const AUDIT_FILTERS = {
  user: text,
  action: text,
  entity: text,
  record: text,
  address: text,
  from: text,
  to: text,
};
const label = object({ 'zh-CN': text, en: text });
/** Of a step and of what waits alike; times in seconds. */
const FIGURE = {
  region: text,
  state: text,
  label,
  group: { type: ['string', 'null'] },
  groupName: { type: ['string', 'null'] },
  mean: { type: 'number' },
  longest: { type: 'number' },
} as const;
const change = object({
  kind: text,
  name: text,
  'base?': text,
  document: { type: ['object', 'null'], additionalProperties: true },
});
const risks = list({ enum: ['none', 'locks', 'rewrites', 'hides-data', 'loses-data'] });
const plan = object({
  ready: flag,
  plan: list(
    object({
      operation: text,
      text: label,
      risk: text,
      sql: list(text),
      rows: { type: ['integer', 'null'] },
    }),
  ),
  risks,
  sql: list(text),
  warnings: list(label),
  token: text,
});
const document = object({ kind: text, name: text, document: any, base: text, provenance: any });
const version = object({ version: integer });
const binary: JsonSchema = { type: 'string', contentMediaType: 'application/octet-stream' };

/** Shapes by `method path`; what is not named takes and gives a plain object. A test holds the keys against the paths. */
export const SHAPES: Readonly<Record<string, Shape>> = {
  'get /health/live': { answer: any },
  'get /api/v1/setup': {
    answer: object({ productName: label, locale: text, firstRun: flag, version: text }),
  },
  'post /api/v1/setup': { body: object({ 'productName?': label, 'locale?': text, 'demo?': flag }) },
  'post /api/v1/session': {
    body: object({ username: text, password: text }),
    answer: object({
      user: object({ id: text, username: text, display_name: text }),
      csrf: text,
      model: version,
    }),
  },
  'get /api/v1/search': { query: { q: text, limit: integer, entities: text }, answer: any },
  'patch /api/v1/me': { body: object({ settings: any }) },
  'post /api/v1/me/password': { body: object({ old: text, new: text, 'revoke_tokens?': flag }) },
  'get /api/v1/me/sessions': { answer: items(any) },
  'get /api/v1/me/tokens': { answer: items(any) },
  'post /api/v1/me/tokens': {
    body: object({
      name: text,
      'expires_on?': { type: 'string', format: 'date' },
      'readOnly?': flag,
      'functions?': list(text),
      'entities?': list(text),
    }),
  },
  'get /api/v1/me/notifications': {
    query: { limit: integer, unread: flag },
    answer: object({ items: list(any), unread: integer }),
  },
  'get /api/v1/me/password': { answer: object({ rules: list(object({ code: text, message: text })) }) },
  'get /api/v1/me/todo': { answer: object({ groups: list(any), total: integer }) },
  'post /api/v1/me/notifications/read': { body: object({ 'ids?': list(text) }) },
  'get /api/v1/me/agenda': {
    query: { from: text, to: text },
    answer: object({ calendars: list(any), entries: list(any), more: flag }),
  },
  'post /api/v1/me/feeds': { body: object({ name: text }), answer: object({ id: text, path: text }) },
  'get /api/v1/me/reminders': { answer: items(any) },
  'post /api/v1/me/reminders': {
    body: object({
      'entity?': text,
      'record?': text,
      'field?': text,
      'days_before?': integer,
      'time?': text,
      'at?': text,
      'note?': text,
    }),
    answer: object({ id: text }),
  },
  'post /api/v1/me/reminders/{id}/snooze': { body: object({ until: text }) },
  'get /api/v1/mail/unsubscribe': { query: { token: text } },
  'post /api/v1/mail/unsubscribe': { query: { token: text } },
  'get /api/v1/operations': { query: { all: flag }, answer: items(any) },
  'post /api/v1/operations/{id}/undo': { body: object({ 'preview?': flag }) },
  'get /api/v1/audit-log': {
    query: { ...AUDIT_FILTERS, limit: integer, cursor: text },
    answer: object({ items: { type: 'array', items: any }, next: { type: ['string', 'null'] } }),
  },
  'get /api/v1/audit-log/export': { query: AUDIT_FILTERS },
  'get /api/v1/drafts/{entity}/{record}': { answer: object({ draft: { type: ['object', 'null'] } }) },
  'put /api/v1/drafts/{entity}/{record}': {
    body: object({ version: integer, values: any, 'base?': any }),
  },
  'get /api/v1/output-quotas': { answer: object({ subjects: list(any), today: list(any) }) },
  'put /api/v1/output-quotas/{subject}/{id}': {
    body: object({ 'print?': any, 'export?': any, 'mail?': any }),
  },
  'get /api/v1/output-log': {
    query: {
      user: text,
      kind: text,
      entity: text,
      from: text,
      to: text,
      refused: flag,
      limit: integer,
      offset: integer,
    },
    answer: object({ items: { type: 'array', items: any }, total: integer }),
  },
  'get /api/v1/output-log/unusual': { answer: items(any) },
  'post /api/v1/output-log/requests': {
    body: object({ entry: text, purpose: text }),
    answer: object({ id: text }),
  },
  'post /api/v1/output-log/releases': {
    body: object({ user: text, kind: text, records: integer, 'reason?': text }),
    answer: object({ id: text, until: text }),
  },
  'get /api/v1/workflow-figures': {
    query: {
      entity: text,
      workflow: text,
      from: text,
      to: text,
      by: { enum: ['none', 'unit', 'person'] },
    },
    answer: object({
      steps: list(
        object({
          ...FIGURE,
          steps: integer,
          returns: integer,
          overdue: { type: ['integer', 'null'] },
          slowest: list(text),
        }),
      ),
      waiting: list(object({ ...FIGURE, records: integer, oldest: list(text) })),
      overdueFrom: text,
    }),
  },
  'get /api/v1/workflow-figures/workflows': {
    answer: items(object({ entity: text, workflow: text, entityLabel: label, label })),
  },
  'post /api/v1/users/{id}/hand-over': {
    body: object({
      'to?': { type: 'array', items: text },
      'fields?': { type: 'array', items: text },
      'disable?': flag,
      'reason?': text,
      'preview?': flag,
    }),
  },
  'get /api/v1/sessions': { query: { user: text }, answer: items(any) },
  'get /api/v1/access/explain': {
    query: { user: text, action: text, entity: text, id: text, field: text },
  },
  'get /api/v1/access/who': { query: { entity: text, id: text } },
  'post /api/v1/users/{id}/password': { body: object({ password: text, 'must_change?': flag }) },
  'post /api/v1/model/dictionaries/{name}/values': {
    body: object({ label: text, 'parent?': text }),
    answer: object({ code: text }),
  },
  'get /api/v1/metadata/documents': { query: { kind: text }, answer: items(document) },
  'get /api/v1/metadata/documents/{kind}/{name}': { answer: document },
  'get /api/v1/metadata/documents/{kind}/{name}/provenance': { query: { path: text } },
  'get /api/v1/metadata/compare': { query: { from: integer, to: integer } },
  'post /api/v1/metadata/plan': {
    body: object({ 'changes?': list(change), 'data?': list(any), 'note?': text }),
    answer: plan,
  },
  'post /api/v1/metadata/apply': {
    body: object({
      'token?': text,
      'changes?': list(change),
      'data?': list(any),
      'note?': text,
      'accept?': risks,
    }),
    answer: version,
  },
  'get /api/v1/metadata/versions': { answer: items(any) },
  'get /api/v1/metadata/steps': { answer: items(any) },
  'get /api/v1/metadata/conflicts': { answer: items(any) },
  'post /api/v1/metadata/conflicts/{id}/decide': { body: object({ side: { enum: ['site', 'shipped'] } }) },
  'post /api/v1/metadata/versions/{version}/revert': {
    body: object({
      'preview?': flag,
      'changeSet?': text,
      'select?': list(any),
      'note?': text,
      'accept?': risks,
    }),
  },
  'post /api/v1/metadata/package/diff': { body: object({ package: any }) },
  'post /api/v1/metadata/package/plan': {
    body: object({ package: any, 'prefer?': text, 'resolve?': any, 'exact?': flag, 'note?': text }),
  },
  'get /api/v1/plugins': { answer: items(any) },
  'post /api/v1/files': { query: { name: text }, body: binary },
  'post /api/v1/print': {
    body: object({
      template: text,
      entity: text,
      'ids?': list(text),
      'filter?': any,
      'fields?': list(text),
      'start?': integer,
      format: { enum: ['html', 'pdf'] },
    }),
  },
  'get /api/v1/backups': { answer: items(any) },
};

/** Answers of these are no JSON. */
const MEDIA: Readonly<Record<string, string>> = {
  'get /api/v1/events': 'text/event-stream',
  'get /api/v1/backups/{name}': 'application/octet-stream',
  'get /api/v1/print/previews/{id}': 'text/html',
};

const WRITES: ReadonlySet<string> = new Set(['post', 'patch']);

/** Parameters after `?`, body and answer of a fixed path, as an operation of OpenAPI has them. */
export function shapeOf(
  method: string,
  path: string,
): {
  readonly query: readonly JsonSchema[];
  readonly body: Readonly<Record<string, unknown>>;
  readonly answer: Readonly<Record<string, unknown>>;
} {
  const key = `${method} ${path}`;
  const { query = {}, body, answer = any } = SHAPES[key] ?? {};
  const media = MEDIA[key];
  const sent = body === binary ? 'application/octet-stream' : 'application/json';
  return {
    query: Object.entries(query).map(([name, schema]) => ({ name, in: 'query', schema })),
    body: WRITES.has(method)
      ? { requestBody: { ...(body ? { required: true } : {}), content: { [sent]: { schema: body ?? any } } } }
      : {},
    answer: { content: media ? { [media]: { schema: text } } : { 'application/json': { schema: answer } } },
  };
}
