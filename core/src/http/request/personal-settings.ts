import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { problem } from '../../errors/catalogue.ts';
import { NOTIFICATION_KINDS } from '../../notify/notify.ts';
import { LOCALES } from '../../text/locale.ts';

const name = { type: 'string', maxLength: 200 } as const;

/** Shape of a patch of the personal settings (DM-USR-05); null takes a setting back. */
const SCHEMA = {
  type: 'object',
  additionalProperties: false,
  properties: {
    locale: { enum: [...LOCALES, null] },
    theme: { enum: ['light', 'dark', 'system', null] },
    density: { enum: ['compact', 'normal', null] },
    showTaskPanel: { enum: [true, false, null] },
    views: {
      type: ['object', 'null'],
      maxProperties: 500,
      additionalProperties: {
        type: ['object', 'null'],
        additionalProperties: false,
        properties: {
          columns: { type: 'array', maxItems: 500, items: name },
          widths: {
            type: 'object',
            maxProperties: 500,
            additionalProperties: { type: 'number', minimum: 0, maximum: 5000 },
          },
          sort: name,
        },
      },
    },
    notifications: {
      type: ['object', 'null'],
      additionalProperties: false,
      properties: Object.fromEntries(NOTIFICATION_KINDS.map((kind) => [kind, { type: 'boolean' }])),
    },
    mail: {
      type: ['object', 'null'],
      additionalProperties: false,
      properties: {
        digest: { enum: ['off', 'daily'] },
        hour: { type: 'integer', minimum: 0, maximum: 23 },
        atOnce: {
          type: 'object',
          additionalProperties: false,
          properties: Object.fromEntries(NOTIFICATION_KINDS.map((kind) => [kind, { type: 'boolean' }])),
        },
      },
    },
    shortcuts: {
      type: ['array', 'null'],
      maxItems: 100,
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['label', 'path'],
        properties: { label: name, path: { type: 'string', maxLength: 1000, pattern: '^/(?!/)' } },
      },
    },
  },
} as const;

let compiled: ValidateFunction | undefined;
/** Compiled when it is first needed: a start does without it. */
function validator(): ValidateFunction {
  compiled ??= new Ajv2020({ allErrors: true, strict: true, allowUnionTypes: true }).compile(SCHEMA);
  return compiled;
}

/** @throws MRT_REQUEST_MALFORMED with the path of each fault */
export function checkSettings(patch: Readonly<Record<string, unknown>>): void {
  const validate = validator();
  if (validate(patch)) return;
  const faults = (validate.errors ?? []).map((each) => ({
    path: `/settings${each.instancePath}`,
    code: 'MRT_BODY_TYPE',
    message: { 'zh-CN': each.message ?? '', en: each.message ?? '' },
  }));
  throw problem(
    'MRT_REQUEST_MALFORMED',
    { reason: faults.map((each) => `${each.path} ${each.message.en}`).join('; ') },
    faults,
  );
}
