import { shapeOf } from './fixed-schemas.ts';
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
  {
    method: 'get',
    path: '/api/v1/search',
    tag: 'Records',
    summary: 'Records of every entity by text, pinyin, initials, telephone, number: ?q=&limit=&entities=',
  },
  { method: 'get', path: '/api/v1/me', tag: 'Session', summary: 'User, roles, functions, settings' },
  { method: 'patch', path: '/api/v1/me', tag: 'Session', summary: 'Merge personal settings: {settings}' },
  { method: 'get', path: '/api/v1/me/password', tag: 'Session', summary: 'What a password must be' },
  {
    method: 'post',
    path: '/api/v1/me/password',
    tag: 'Session',
    summary: 'Change the own password: {old, new, revoke_tokens?}',
  },
  {
    method: 'get',
    path: '/api/v1/me/notifications',
    tag: 'Session',
    summary: 'What one was told, newest first, and how much is unread: ?limit=&unread=',
  },
  {
    method: 'post',
    path: '/api/v1/me/notifications/read',
    tag: 'Session',
    summary: 'Mark notifications as read: {ids?}, all without ids',
  },
  {
    method: 'get',
    path: '/api/v1/me/todo',
    tag: 'Session',
    summary: 'What waits for one, by entity and state',
  },
  {
    method: 'get',
    path: '/api/v1/me/agenda',
    tag: 'Session',
    summary: 'What lies on the own calendar: ?from=&to=, days',
  },
  {
    method: 'post',
    path: '/api/v1/me/feeds',
    tag: 'Session',
    summary: 'Make a secret address of the own calendar: {name} → its path, once',
  },
  {
    method: 'get',
    path: '/api/v1/me/reminders',
    tag: 'Session',
    summary: 'The own running reminders',
  },
  {
    method: 'post',
    path: '/api/v1/me/reminders',
    tag: 'Session',
    summary: 'Be reminded: {entity, record, field, days_before?, time?, note?} or {at, note}',
  },
  {
    method: 'post',
    path: '/api/v1/me/reminders/{id}/snooze',
    tag: 'Session',
    summary: 'Put a reminder off: {until}',
  },
  {
    method: 'post',
    path: '/api/v1/me/reminders/{id}/done',
    tag: 'Session',
    summary: 'End a reminder',
  },
  {
    method: 'get',
    path: '/api/v1/mail/unsubscribe',
    tag: 'Session',
    summary: 'Page that asks whether to stop all mail: ?token=',
    public: true,
  },
  {
    method: 'post',
    path: '/api/v1/mail/unsubscribe',
    tag: 'Session',
    summary: 'Stop all mail to the person of the link: ?token=',
    public: true,
  },
  {
    method: 'get',
    path: '/calendar/{file}',
    tag: 'Session',
    summary: 'A calendar by its secret address, as iCalendar',
    public: true,
  },
  {
    method: 'get',
    path: '/api/v1/me/absent/{user}/records/{entity}',
    tag: 'Session',
    summary: 'What waits for a colleague for whom one stands in; parameters as of any list',
  },
  {
    method: 'get',
    path: '/api/v1/me/absent/{user}/records/{entity}/{id}',
    tag: 'Session',
    summary: 'One record that waits for a colleague: ?display=',
  },
  {
    method: 'get',
    path: '/api/v1/me/absent/{user}/records/{entity}/{id}/transitions',
    tag: 'Session',
    summary: 'Steps that may be taken for a colleague',
  },
  {
    method: 'post',
    path: '/api/v1/me/absent/{user}/records/{entity}/{id}/transitions/{name}',
    tag: 'Session',
    summary: 'Take a step for a colleague: {version, input?, opinion?}',
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
  {
    method: 'get',
    path: '/api/v1/operations',
    tag: 'Operations',
    summary: 'Writes of many records, newest first; ?all=true for those of everybody',
  },
  {
    method: 'post',
    path: '/api/v1/operations/{id}/undo',
    tag: 'Operations',
    summary: 'Take an operation back: {preview?} → what becomes of each record, what stays and why',
  },
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
    method: 'get',
    path: '/api/v1/access/preview',
    tag: 'Access',
    summary: 'What a user sees (menu, records, fields), logged: ?user=',
  },
  {
    method: 'get',
    path: '/api/v1/access/conflicts',
    tag: 'Access',
    summary: 'Rights that contradict each other or do nothing',
  },
  {
    method: 'post',
    path: '/api/v1/users/{id}/password',
    tag: 'Users',
    summary: 'Set a password: {password, must_change?}; ends sessions, revokes tokens',
  },
  {
    method: 'get',
    path: '/api/v1/audit-log',
    tag: 'Operations',
    summary:
      'All logs in one, newest first: ?user=&action=a,b&entity=&record=&address=&from=&to=&limit=&cursor=',
  },
  {
    method: 'get',
    path: '/api/v1/audit-log/export',
    tag: 'Operations',
    summary: 'The same as a CSV table, without pages',
  },
  ...(['get', 'put', 'delete'] as const).map((method) => ({
    method,
    path: '/api/v1/drafts/{entity}/{record}',
    tag: 'Records',
    summary: {
      get: 'What you typed and have not saved; `new` for a new record',
      put: 'Keep what you typed: {version, values, base?}',
      delete: 'Forget what you typed',
    }[method],
  })),
  {
    method: 'get',
    path: '/api/v1/output-quotas',
    tag: 'Operations',
    summary: 'Limits of persons and groups, and what was used today',
  },
  {
    method: 'put',
    path: '/api/v1/output-quotas/{subject}/{id}',
    tag: 'Operations',
    summary: 'Limits of a user or group: {print?: {perJob?, perDay?}, export?, mail?}',
  },
  {
    method: 'get',
    path: '/api/v1/output-log',
    tag: 'Operations',
    summary: 'What was printed, exported and mailed: ?user=&kind=&entity=&from=&to=&refused=&limit=&offset=',
  },
  {
    method: 'get',
    path: '/api/v1/output-log/unusual',
    tag: 'Operations',
    summary: 'Use of the last 14 days that an administrator should look at',
  },
  {
    method: 'post',
    path: '/api/v1/output-log/requests',
    tag: 'Operations',
    summary: 'Ask for the release of a refused output: {entry, purpose}',
  },
  {
    method: 'post',
    path: '/api/v1/output-log/releases',
    tag: 'Operations',
    summary: 'Let somebody go past his quota once: {user, kind, records, reason?}',
  },
  {
    method: 'get',
    path: '/api/v1/workflow-figures',
    tag: 'Workflows',
    summary: 'How long the steps of a workflow take: ?entity=&workflow=&from=&to=&by=none|unit|person',
  },
  {
    method: 'get',
    path: '/api/v1/workflow-figures/workflows',
    tag: 'Workflows',
    summary: 'The workflows whose figures can be asked for',
  },
  {
    method: 'post',
    path: '/api/v1/users/{id}/hand-over',
    tag: 'Users',
    summary:
      'Hand over what a leaving person answers for: {to, fields?, disable?, reason?, preview?} → what there is, the operation',
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
    method: 'post',
    path: '/api/v1/model/dictionaries/{name}/values',
    tag: 'Model',
    summary: 'Add a value while picking one, where the dictionary allows it: {label, parent?} → {code}',
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
    summary: 'Plan changes: {changes, data, note}',
  },
  {
    method: 'post',
    path: '/api/v1/metadata/apply',
    tag: 'Metadata',
    summary: 'Apply {token} or {changes, data, note, accept}',
  },
  {
    method: 'get',
    path: '/api/v1/metadata/documents/{kind}/{name}/provenance',
    tag: 'Metadata',
    summary: 'Who has set a part of a document, ?path= (JSON Pointer)',
  },
  {
    method: 'get',
    path: '/api/v1/metadata/compare',
    tag: 'Metadata',
    summary: 'What differs between two versions, in words, ?from=&to=',
  },
  {
    method: 'get',
    path: '/api/v1/metadata/change-sets/{id}',
    tag: 'Metadata',
    summary: 'One change set in full, as a JSON file',
  },
  {
    method: 'get',
    path: '/api/v1/metadata/package',
    tag: 'Metadata',
    summary: "The site's whole configuration as a package for another installation",
  },
  {
    method: 'post',
    path: '/api/v1/metadata/package/diff',
    tag: 'Metadata',
    summary: 'Where {package} and the configuration here differ',
  },
  {
    method: 'post',
    path: '/api/v1/metadata/package/plan',
    tag: 'Metadata',
    summary: 'Plan the taking of {package, prefer, resolve, exact, note}: conflicts, or a plan to apply',
  },
  {
    method: 'get',
    path: '/api/v1/metadata/conflicts',
    tag: 'Metadata',
    summary: "What newer files and the site's own changes disagree about",
  },
  {
    method: 'post',
    path: '/api/v1/metadata/conflicts/{id}/decide',
    tag: 'Metadata',
    summary: 'Decide a conflict: {side: site | shipped}',
  },
  { method: 'get', path: '/api/v1/metadata/versions', tag: 'Metadata', summary: 'Change sets, newest first' },
  {
    method: 'get',
    path: '/api/v1/metadata/steps',
    tag: 'Metadata',
    summary: 'What changes have left to be done after their commit, with progress and failure',
  },
  {
    method: 'post',
    path: '/api/v1/metadata/steps/{id}/retry',
    tag: 'Metadata',
    summary: 'Try a failed step once more',
  },
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
  { method: 'get', path: '/api/v1/rules', tag: 'Rules', summary: 'Automation rules and how they have done' },
  {
    method: 'get',
    path: '/api/v1/rules/runs',
    tag: 'Rules',
    summary: 'Run log: ?rule, state, entity, record, before, limit',
  },
  { method: 'get', path: '/api/v1/rules/runs/{id}', tag: 'Rules', summary: 'One run with what it sends' },
  { method: 'post', path: '/api/v1/rules/runs/{id}/retry', tag: 'Rules', summary: 'Do a failed run again' },
  {
    method: 'post',
    path: '/api/v1/rules/deliveries/{id}/retry',
    tag: 'Rules',
    summary: 'Send once more what could not be delivered',
  },
  {
    method: 'post',
    path: '/api/v1/rules/deliveries/{id}/cancel',
    tag: 'Rules',
    summary: 'Send no more of it',
  },
  {
    method: 'post',
    path: '/api/v1/rules/secrets/{name}',
    tag: 'Rules',
    summary: 'Make or renew the secret that signs webhooks; told this once',
  },
  {
    method: 'post',
    path: '/api/v1/rules/dry-run',
    tag: 'Rules',
    summary: 'What {rule} would have done in the last {days}; nothing is written',
  },
  {
    method: 'post',
    path: '/api/v1/rules/{name}/switch',
    tag: 'Rules',
    summary: 'Switch a rule on or off: {active}',
  },
  {
    method: 'post',
    path: '/api/v1/workflows/try',
    tag: 'Workflows',
    summary: 'Walk a record through a workflow as a user; nothing is written',
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
  { method: 'get', path: '/api/v1/backups', tag: 'Backups', summary: 'Backups of this installation' },
  { method: 'post', path: '/api/v1/backups', tag: 'Backups', summary: 'Begin a backup' },
  { method: 'get', path: '/api/v1/backups/{name}', tag: 'Backups', summary: 'Download a backup' },
  { method: 'delete', path: '/api/v1/backups/{name}', tag: 'Backups', summary: 'Delete a backup' },
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
    const { query, body, answer } = shapeOf(method, path);
    const all = [...parameters, ...query];
    const more = {
      operationId: operationId(method, path),
      ...(all.length > 0 ? { parameters: all } : {}),
      ...body,
      ...(open ? { security: [] } : {}),
    };
    paths[path] = {
      ...paths[path],
      [method]: operation(summary, tag, { '2XX': { description: 'Done', ...answer } }, more),
    };
  }
  return paths;
}

/** `postMetadataPackagePlan`, `deleteMeTokensById`: a name for clients that are generated. */
function operationId(method: string, path: string): string {
  const words = path
    .replace('/api/v1', '')
    .replaceAll(/\{(\w+)\}/g, (_, name: string) => `by-${name}`)
    .split(/[^A-Za-z0-9]+/)
    .filter((word) => word !== '');
  return method + words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
}
