import type { Access } from '../../access/access.ts';
import type { JsonSchema } from '../../fields/field-type.ts';
import { typeName } from '../../model/type-name.ts';
import type { EntityModel, Model } from '../../model/model.ts';
import { recordSchemas } from '../../model/record-schema.ts';
import { SESSION_COOKIE } from '../middleware/session.ts';
import { levelOfField } from '../view-model/field-view.ts';
import { isVisible } from '../view-model/visible-entity.ts';
import { fixedPaths } from './fixed-paths.ts';
import { recordPaths } from './record-paths.ts';

const text = { type: 'string' };

const PROBLEM = {
  type: 'object',
  required: ['type', 'title', 'status', 'code', 'detail', 'errors'],
  properties: {
    type: { type: 'string', format: 'uri' },
    title: text,
    status: { type: 'integer' },
    code: { type: 'string', pattern: '^MRT_' },
    detail: text,
    errors: {
      type: 'array',
      items: {
        type: 'object',
        required: ['path', 'code', 'message'],
        properties: { path: text, code: text, message: text },
      },
    },
  },
};

const AGGREGATE = {
  type: 'object',
  required: ['measures'],
  additionalProperties: false,
  properties: {
    groupBy: { type: 'array', items: text },
    measures: {
      type: 'object',
      additionalProperties: {
        type: 'object',
        required: ['fn'],
        properties: { fn: { enum: ['count', 'sum', 'avg', 'min', 'max'] }, field: text },
      },
    },
    filter: { type: 'object' },
    sort: text,
    limit: { type: 'integer', minimum: 1, maximum: 1000 },
  },
};

const BULK = {
  type: 'object',
  required: ['operation', 'items'],
  additionalProperties: false,
  properties: {
    operation: { enum: ['create', 'update', 'delete', 'void', 'transition'] },
    transition: { ...text, description: 'Name, where operation is transition' },
    items: {
      type: 'array',
      minItems: 1,
      maxItems: 1000,
      items: { type: 'object' },
      description:
        'Records; with id and version to change them; with id, and perhaps version, input and opinion, to move them on',
    },
    each: { type: 'boolean', description: 'Every row by itself instead of all or nothing' },
    reason: text,
  },
};

const bilingual = {
  type: 'object',
  required: ['zh-CN', 'en'],
  properties: { 'zh-CN': text, en: text },
};

const TRANSITIONS = {
  type: 'object',
  required: ['version', 'states', 'transitions'],
  properties: {
    version: { type: 'integer' },
    states: {
      type: 'array',
      items: {
        type: 'object',
        required: ['workflow', 'region', 'field', 'label', 'state', 'stateLabel', 'final'],
        properties: {
          workflow: text,
          region: text,
          field: text,
          label: bilingual,
          state: text,
          stateLabel: bilingual,
          final: { type: 'boolean' },
        },
      },
    },
    transitions: {
      type: 'array',
      items: {
        type: 'object',
        required: ['name', 'workflow', 'region', 'label', 'to', 'opinion', 'fields', 'allowed', 'reasons'],
        properties: {
          name: text,
          workflow: text,
          region: text,
          label: bilingual,
          to: text,
          opinion: { enum: ['none', 'optional', 'required'] },
          fields: {
            type: 'object',
            additionalProperties: { type: 'object', properties: { required: { type: 'boolean' } } },
          },
          allowed: { type: 'boolean' },
          reasons: {
            type: 'array',
            items: { type: 'object', properties: { code: text, message: bilingual } },
          },
        },
      },
    },
  },
};

/** OpenAPI 3.1 description of the API for a person: one schema an entity, without what he may not see (DESIGN §12). */
export function createOpenApi(
  model: Model,
  access: Access,
  version: string,
): Readonly<Record<string, unknown>> {
  const entities = [...model.entities.values()].filter((entity) => isVisible(access, entity));
  const schemas: Record<string, unknown> = {
    Problem: PROBLEM,
    Aggregate: AGGREGATE,
    Bulk: BULK,
    Transitions: TRANSITIONS,
  };
  for (const entity of entities) Object.assign(schemas, entitySchemas(model, access, entity));
  return {
    openapi: '3.1.0',
    info: {
      title: `${model.settings.productName.en} API`,
      version,
      description: `Model version ${model.version}. Money and decimals travel as strings, dates as ISO 8601, choices as codes, references as ids.`,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/', description: 'The server that gave this description' }],
    security: [{ session: [], csrf: [] }, { token: [] }],
    paths: Object.assign(
      {},
      fixedPaths(),
      ...entities.filter((entity) => entity.ownership === 'user').map(recordPaths),
    ),
    components: {
      securitySchemes: {
        session: { type: 'apiKey', in: 'cookie', name: SESSION_COOKIE },
        csrf: {
          type: 'apiKey',
          in: 'header',
          name: 'X-CSRF-Token',
          description: 'Needed by every request that writes and is signed in by the cookie',
        },
        token: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'mrt_…',
          description: 'An API token of the user (/api/v1/me/tokens); needs no X-CSRF-Token',
        },
      },
      responses: {
        Problem: {
          description: 'What is wrong, RFC 9457',
          content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
        },
      },
      schemas,
    },
  };
}

function entitySchemas(model: Model, access: Access, entity: EntityModel): Record<string, unknown> {
  const hidden = new Set(
    [...entity.fields.values()]
      .filter((field) => levelOfField(access, entity, field) === 'hidden')
      .map((field) => field.name),
  );
  const schemas = recordSchemas(model, entity);
  const name = typeName(entity.name);
  return {
    [name]: without(schemas.read, hidden),
    [`${name}Create`]: without(schemas.create, hidden),
    [`${name}Patch`]: without(schemas.patch, hidden),
  };
}

function without(schema: JsonSchema, hidden: ReadonlySet<string>): JsonSchema {
  const { $schema: _dialect, ...rest } = schema;
  const properties = (schema['properties'] ?? {}) as Record<string, unknown>;
  const required = (schema['required'] ?? []) as readonly string[];
  return {
    ...rest,
    properties: Object.fromEntries(Object.entries(properties).filter(([name]) => !hidden.has(name))),
    ...(required.length > 0 ? { required: required.filter((name) => !hidden.has(name)) } : {}),
  };
}
