import type { ErrorObject } from 'ajv';
import type { Fault } from '../errors/problem.ts';
import { docFault } from './doc-fault.ts';
import { nearMiss } from './near-miss.ts';
import { pointer } from './pointer.ts';

const TYPES: Readonly<Record<string, readonly [string, string]>> = {
  string: ['文本', 'a text'],
  number: ['数字', 'a number'],
  integer: ['整数', 'a whole number'],
  boolean: ['true 或 false', 'true or false'],
  array: ['列表', 'a list'],
  object: ['对象', 'an object'],
  null: ['null', 'null'],
};

/** What each pattern asks for, where the pattern alone would not tell. */
const PATTERNS: readonly (readonly [RegExp, string, string])[] = [
  [
    /^\^(\\\$\?)?\[a-z\]\[a-z0-9_\]\{0,39\}\$$/,
    '小写字母开头,仅小写字母、数字和下划线,最多 40 个',
    'small letters, digits and underscores, beginning with a letter, at most 40',
  ],
  [
    /^\^\[a-z\]\[a-z0-9_\]\{0,39\}\\\./,
    '“实体.名称”,均为小写字母、数字和下划线',
    '"entity.name", both of small letters, digits and underscores',
  ],
  [
    /^\^\[A-Za-z0-9_\.\\-\]\{1,60\}\$$/,
    '字母、数字、_ . -,最多 60 个',
    'letters, digits and _ . -, at most 60',
  ],
  [/^\\S$/, '非空白文字', 'a text that is not blank'],
];

type Parameters = Readonly<Record<string, unknown>>;

function knownKeywords(error: ErrorObject): string[] {
  const { properties } = (error.parentSchema ?? {}) as { properties?: Parameters };
  return Object.keys(properties ?? {});
}

function meant(given: string, known: readonly string[]): readonly [string, string] {
  const near = nearMiss(given, known);
  return near === undefined ? ['', ''] : [`是否想写“${near}”?`, ` Did you mean “${near}”?`];
}

function unknownKeyword(error: ErrorObject): Fault {
  const given = String((error.params as Parameters)['additionalProperty']);
  const known = knownKeywords(error);
  const [zh, en] = meant(given, known);
  return docFault(
    pointer(error.instancePath, given),
    'MRT_DOC_UNKNOWN_KEYWORD',
    `此处没有“${given}”。${zh}可用:${known.join('、')}。`,
    `“${given}” is not known here.${en} Allowed: ${known.join(', ')}.`,
  );
}

function wrongType(error: ErrorObject): Fault {
  const wanted = (error.params as Parameters)['type'];
  const types = (Array.isArray(wanted) ? wanted : [wanted]).map(String);
  const { properties } = (error.parentSchema ?? {}) as { properties?: Parameters };
  if (properties?.['zh-CN'] !== undefined) {
    return docFault(
      error.instancePath,
      'MRT_DOC_TYPE',
      '应为双语文本:{"zh-CN": "…", "en": "…"}。',
      'It must be a text in both languages: {"zh-CN": "…", "en": "…"}.',
    );
  }
  const text = (index: 0 | 1, or: string): string =>
    types.map((type) => TYPES[type]?.[index] ?? type).join(or);
  return docFault(
    error.instancePath,
    'MRT_DOC_TYPE',
    `应为${text(0, '或')}。`,
    `It must be ${text(1, ' or ')}.`,
  );
}

function wrongWord(error: ErrorObject): Fault {
  const parameters = error.params as Parameters;
  const allowed = Array.isArray(parameters['allowedValues'])
    ? (parameters['allowedValues'] as unknown[])
    : [parameters['allowedValue']];
  const words = allowed.map((value) => (typeof value === 'string' ? value : JSON.stringify(value)));
  const [zh, en] = typeof error.data === 'string' ? meant(error.data, words) : ['', ''];
  const isFieldType = /\/properties\/[^/]+\/field$/.test(error.instancePath);
  return docFault(
    error.instancePath,
    isFieldType ? 'MRT_DOC_FIELD_TYPE' : 'MRT_DOC_VALUE',
    `不是允许的值。${zh}可用:${words.join('、')}。`,
    `It is not an allowed value.${en} Allowed: ${words.join(', ')}.`,
  );
}

function wrongPattern(error: ErrorObject): Fault {
  const pattern = String((error.params as Parameters)['pattern']);
  const [, zh, en] = PATTERNS.find(([form]) => form.test(pattern)) ?? [
    null,
    `须符合 ${pattern}`,
    `it must match ${pattern}`,
  ];
  if (error.propertyName === undefined) {
    return docFault(
      error.instancePath,
      'MRT_DOC_PATTERN',
      `格式不正确:${zh}。`,
      `It is not well formed: ${en}.`,
    );
  }
  return docFault(
    pointer(error.instancePath, error.propertyName),
    'MRT_DOC_NAME',
    `名称“${error.propertyName}”不正确:${zh}。`,
    `The name “${error.propertyName}” is not allowed: ${en}.`,
  );
}

/** One error of the validator as a fault of the document, or null for an error that only repeats another. */
export function shapeFault(error: ErrorObject): Fault | null {
  switch (error.keyword) {
    case 'if':
    case 'propertyNames':
    case 'allOf':
      return null;
    case 'additionalProperties':
      return unknownKeyword(error);
    case 'required': {
      const missing = String((error.params as Parameters)['missingProperty']);
      return docFault(
        pointer(error.instancePath, missing),
        'MRT_DOC_REQUIRED',
        `缺少“${missing}”。`,
        `“${missing}” is missing.`,
      );
    }
    case 'type':
      return wrongType(error);
    case 'enum':
    case 'const':
      return wrongWord(error);
    case 'pattern':
      return wrongPattern(error);
    default: {
      const limit = String((error.params as Parameters)['limit'] ?? '');
      const [zh, en] = LIMITS[error.keyword] ?? ['内容不正确', 'The value is not valid'];
      return docFault(
        error.instancePath,
        'MRT_DOC_RANGE',
        `${zh} ${limit}。`.replace(' 。', '。'),
        `${en} ${limit}.`.replace(' .', '.'),
      );
    }
  }
}

const LIMITS: Readonly<Record<string, readonly [string, string]>> = {
  minimum: ['不得小于', 'It must not be below'],
  maximum: ['不得大于', 'It must not be above'],
  minLength: ['字符数不得少于', 'Characters needed at least:'],
  maxLength: ['字符数不得超过', 'Characters allowed at most:'],
  minProperties: ['至少须有的项数:', 'Entries needed at least:'],
};
