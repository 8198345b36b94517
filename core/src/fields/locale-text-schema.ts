import type { JsonSchema } from './field-type.ts';

/** Schema of a text in both languages; published schemas hold it once, under `$defs/localeText`. */
export const LOCALE_TEXT: JsonSchema = { $ref: '#/$defs/localeText' };

/** What {@link LOCALE_TEXT} refers to. */
export const LOCALE_TEXT_DEFINITION: JsonSchema = {
  type: 'object',
  title: '双语文本 / Text in both languages',
  required: ['zh-CN', 'en'],
  additionalProperties: false,
  properties: {
    'zh-CN': { type: 'string', minLength: 1, maxLength: 2000, pattern: '\\S', description: '中文 / Chinese' },
    en: { type: 'string', minLength: 1, maxLength: 2000, pattern: '\\S', description: '英文 / English' },
  },
};
