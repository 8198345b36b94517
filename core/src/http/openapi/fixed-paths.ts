import { operation } from './operation.ts';

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
    summary: 'Change the own password: {old, new, revoke_tokens?}',
  },
  { method: 'get', path: '/api/v1/me/sessions', tag: 'Session', summary: 'The own live sessions' },
  {
    method: 'delete',
    path: '/api/v1/me/sessions/{id}',
    tag: 'Session',
    summary: 'End one of the own sessions',
  },
  { method: 'get', path: '/api/v1/me/tokens', tag: 'Session', summary: 'The own API tokens' },
  {
    method: 'post',
    path: '/api/v1/me/tokens',
    tag: 'Session',
    summary: 'Make an API token: {name, expires_on?, readOnly?, functions?, entities?} → the secret, once',
  },
  { method: 'delete', path: '/api/v1/me/tokens/{id}', tag: 'Session', summary: 'Revoke an API token' },
  { method: 'get', path: '/api/v1/sessions', tag: 'Users', summary: 'Live sessions, ?user=' },
  { method: 'delete', path: '/api/v1/sessions/{id}', tag: 'Users', summary: 'End a session' },
  {
    method: 'get',
    path: '/api/v1/access/explain',
    tag: 'Access',
    summary: 'Why may a user do this or not: ?user=&action=&entity=&id=&field=',
  },
  {
    method: 'get',
    path: '/api/v1/access/who',
    tag: 'Access',
    summary: 'Who may know of a record: ?entity=&id=',
  },
  {
    method: 'post',
    path: '/api/v1/users/{id}/password',
    tag: 'Users',
    summary: 'Set a password: {password, must_change?}; ends sessions, revokes tokens',
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
  { method: 'get', path: '/api/v1/demo', tag: 'Setup', summary: 'How many sample records there are' },
  { method: 'post', path: '/api/v1/demo', tag: 'Setup', summary: 'Load the sample data' },
  { method: 'delete', path: '/api/v1/demo', tag: 'Setup', summary: 'Remove the sample data' },
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
export function fixedPaths(): Readonly<Record<string, unknown>> {
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
