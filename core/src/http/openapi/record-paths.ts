import type { EntityModel } from '../../model/model.ts';
import { typeName } from '../../model/type-name.ts';
import { operation } from './operation.ts';
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
  rights: {
    description:
      'Adds `$rights`: which of update, delete, void, restore, print and share you may do with this record',
    schema: { type: 'boolean' },
  },
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
  const named = (verb: string, more: Json = {}): Json => ({ operationId: `${verb}${name}`, ...more });
  const post = (summary: string, verb: string): Json => ({
    parameters: [id],
    post: operation(summary, label, { 200: one }, named(verb, reasonBody)),
  });
  return {
    [at]: {
      get: operation(
        'List',
        label,
        { 200: { description: 'A page', ...jsonContent(list) } },
        named('list', { parameters: query(LIST_PARAMETERS) }),
      ),
      post: operation(
        'Create',
        label,
        { 201: { ...one, description: 'Created' } },
        named('create', {
          parameters: [reason],
          requestBody: { required: true, ...jsonContent(ref(`${name}Create`)) },
        }),
      ),
    },
    [`${at}/{id}`]: {
      parameters: [id],
      get: operation('Read', label, { 200: one }, named('read', { parameters: query(READ_PARAMETERS) })),
      patch: operation(
        'Change',
        label,
        { 200: one },
        named('update', {
          parameters: [ifMatch, reason],
          requestBody: { required: true, ...jsonContent(ref(`${name}Patch`)) },
        }),
      ),
      delete: operation(
        'Move to the recycle bin',
        label,
        { 204: { description: 'Deleted' } },
        named('delete', { parameters: [reason] }),
      ),
    },
    [`${at}/{id}/transitions`]: {
      parameters: [id],
      get: operation(
        'States, and transitions with reasons against those refused',
        label,
        {
          200: { description: 'What may be done', ...jsonContent(ref('Transitions')) },
        },
        named('transitionsOf'),
      ),
    },
    [`${at}/{id}/transitions/{name}`]: {
      parameters: [id, { name: 'name', in: 'path', required: true, schema: { type: 'string' } }],
      post: operation(
        'Move on by a transition of its workflow',
        label,
        { 200: one },
        named('transition', {
          parameters: [{ ...ifMatch, required: false }],
          requestBody: jsonContent({
            type: 'object',
            properties: {
              input: { type: 'object', description: 'Fields of the form of the transition' },
              opinion: { type: 'string', maxLength: 2000 },
            },
            additionalProperties: false,
          }),
        }),
      ),
    },
    [`${at}/{id}/restore`]: post('Restore from the recycle bin', 'restore'),
    [`${at}/{id}/void`]: post('Mark as void', 'void'),
    [`${at}/{id}/unvoid`]: post('Take the void mark back', 'unvoid'),
    [`${at}/{id}/history`]: {
      parameters: [id],
      get: operation(
        'History',
        label,
        {
          200: { description: 'Entries, newest first', ...jsonContent({ type: 'object' }) },
        },
        named('historyOf'),
      ),
    },
    [`${at}/{id}/shares`]: {
      parameters: [id],
      get: operation(
        'With whom the record is shared',
        label,
        { 200: { description: 'Shares, the newest first', ...jsonContent({ type: 'object' }) } },
        named('sharesOf'),
      ),
      post: operation(
        'Share the record, or say anew how far and until when',
        label,
        { 201: { description: 'Shared', ...jsonContent({ type: 'object' }) } },
        named('share', {
          requestBody: {
            required: true,
            ...jsonContent({
              type: 'object',
              properties: {
                user: { type: 'string', format: 'uuid' },
                unit: { type: 'string', format: 'uuid', description: 'A department, with those below it' },
                level: { enum: ['read', 'write'], default: 'read' },
                until: { type: ['string', 'null'], format: 'date', description: 'Last day' },
              },
              additionalProperties: false,
            }),
          },
        }),
      ),
    },
    [`${at}/{id}/shares/{share}`]: {
      parameters: [
        id,
        { name: 'share', in: 'path', required: true, schema: { type: 'string', format: 'uuid' } },
      ],
      delete: operation('Take a share back', label, { 204: { description: 'Taken back' } }, named('unshare')),
    },
    [`${at}/values/{field}`]: {
      parameters: [{ name: 'field', in: 'path', required: true, schema: { type: 'string' } }],
      get: operation(
        'Texts in use in a text or tags field',
        label,
        { 200: { description: 'The most used first', ...jsonContent({ type: 'object' }) } },
        named('valuesOf', {
          parameters: [
            {
              name: 'search',
              in: 'query',
              description: 'Only those that hold this text',
              schema: { type: 'string' },
            },
          ],
        }),
      ),
    },
    [`${at}/aggregate`]: {
      post: operation(
        'Group and measure',
        label,
        { 200: { description: 'Rows', ...jsonContent({ type: 'object' }) } },
        named('aggregate', { requestBody: jsonContent(ref('Aggregate')) }),
      ),
    },
    [`${at}/duplicates`]: {
      post: operation(
        'Likely duplicates of what is being typed',
        label,
        { 200: { description: 'Candidates, the likeliest first', ...jsonContent({ type: 'object' }) } },
        named('duplicatesOf', { requestBody: jsonContent({ type: 'object' }) }),
      ),
    },
    [`${at}/reassign`]: {
      post: operation(
        'Pass waiting steps of workflows on to another person',
        label,
        { 200: { description: 'How many records', ...jsonContent({ type: 'object' }) } },
        named('reassign', {
          requestBody: jsonContent({
            type: 'object',
            properties: {
              records: { type: 'array', items: { type: 'string', format: 'uuid' } },
              to: { type: 'string', format: 'uuid', description: 'The user who is asked from now on' },
              from: { type: 'string', format: 'uuid', description: 'Whose step; absent: one’s own' },
              reason: { type: 'string', maxLength: 300 },
            },
            required: ['records', 'to', 'reason'],
            additionalProperties: false,
          }),
        }),
      ),
    },
    [`${at}/merge`]: {
      post: operation(
        'Make several records one: {survivor, records: [{id, version}], choices?, reason?, preview?}',
        label,
        {
          200: {
            description: 'What moved and changed, and the operation that undoes it',
            ...jsonContent({ type: 'object' }),
          },
        },
        named('merge', { requestBody: jsonContent({ type: 'object' }) }),
      ),
    },
    [`${at}/{id}/judgements`]: {
      parameters: [id],
      get: operation(
        'What the record was judged different from',
        label,
        {
          200: { description: 'Newest first', ...jsonContent({ type: 'object' }) },
        },
        named('judgementsOf'),
      ),
    },
    [`${at}/bulk`]: {
      post: operation(
        'Many rows at once',
        label,
        { 200: { description: 'Results in the order sent', ...jsonContent({ type: 'object' }) } },
        named('bulk', { requestBody: jsonContent(ref('Bulk')) }),
      ),
    },
  };
}
