import type { ErrorObject } from 'ajv';
import type { Fault } from '../errors/problem.ts';
import { pointerSegment } from './query-problem.ts';
import { faultAt } from './value-fault.ts';

const TYPE_TEXT: Readonly<Record<string, readonly [string, string]>> = {
  string: ['文本', 'a text'],
  number: ['数字', 'a number'],
  integer: ['整数', 'an integer'],
  boolean: ['真或假', 'true or false'],
  array: ['列表', 'a list'],
  object: ['对象', 'an object'],
  null: ['空', 'null'],
};

const FORMAT_TEXT: Readonly<Record<string, readonly [string, string]>> = {
  date: ['日期,如 2026-03-31', 'a date such as 2026-03-31'],
  'date-time': ['时间,如 2026-03-31T08:00:00+08:00', 'a moment such as 2026-03-31T08:00:00+08:00'],
  email: ['电子邮件地址', 'an e-mail address'],
  uri: ['网址', 'an address of the web'],
  uuid: ['记录的 id(uuid)', 'the id of a record (a uuid)'],
};

type Parameters = Readonly<Record<string, unknown>>;

function typeFault(path: string, parameters: Parameters): Fault {
  const types = (Array.isArray(parameters['type']) ? parameters['type'] : [parameters['type']]).filter(
    (type) => type !== 'null',
  );
  const [zh, en] = TYPE_TEXT[String(types[0])] ?? [String(types[0]), String(types[0])];
  return faultAt(path, 'MRT_VALUE_TYPE', `应为${zh}。`, `It must be ${en}.`);
}

function limitFault(path: string, error: ErrorObject): Fault {
  const limit = String((error.params as Parameters)['limit']);
  switch (error.keyword) {
    case 'maxLength':
      return faultAt(
        path,
        'MRT_VALUE_TOO_LONG',
        `最多 ${limit} 个字符。`,
        `At most ${limit} characters are allowed.`,
      );
    case 'minLength':
      return faultAt(
        path,
        'MRT_VALUE_TOO_SHORT',
        `至少 ${limit} 个字符。`,
        `At least ${limit} characters are needed.`,
      );
    case 'maxItems':
      return faultAt(path, 'MRT_VALUE_COUNT', `最多 ${limit} 项。`, `At most ${limit} items are allowed.`);
    case 'minItems':
      return faultAt(path, 'MRT_VALUE_COUNT', `至少 ${limit} 项。`, `At least ${limit} items are needed.`);
    default: {
      const sign = String((error.params as Parameters)['comparison'] ?? '');
      return faultAt(path, 'MRT_VALUE_RANGE', `须 ${sign} ${limit}。`, `It must be ${sign} ${limit}.`);
    }
  }
}

/** One error of the validator in our words, with the exact path of the fault. */
export function schemaFault(error: ErrorObject, isKnown: (pointer: string) => boolean): Fault {
  const parameters = error.params as Parameters;
  const path = error.instancePath;
  switch (error.keyword) {
    case 'required':
      return faultAt(
        `${path}/${pointerSegment(String(parameters['missingProperty']))}`,
        'MRT_VALUE_REQUIRED',
        '必填。',
        'It is required.',
      );
    case 'additionalProperties':
    case 'unevaluatedProperties': {
      const name = String(parameters['additionalProperty'] ?? parameters['unevaluatedProperty']);
      const at = `${path}/${pointerSegment(name)}`;
      return isKnown(at)
        ? faultAt(
            at,
            'MRT_VALUE_READ_ONLY',
            `字段“${name}”由系统填写,不能提交。`,
            `The field “${name}” is kept by the system and cannot be sent.`,
          )
        : faultAt(at, 'MRT_VALUE_UNKNOWN_FIELD', `没有字段“${name}”。`, `There is no field “${name}”.`);
    }
    case 'type':
      return typeFault(path, parameters);
    case 'format': {
      const [zh, en] = FORMAT_TEXT[String(parameters['format'])] ?? [
        String(parameters['format']),
        String(parameters['format']),
      ];
      return faultAt(path, 'MRT_VALUE_FORMAT', `应为${zh}。`, `It must be ${en}.`);
    }
    case 'pattern':
      return faultAt(path, 'MRT_VALUE_PATTERN', '格式不正确。', 'The form of the value is not right.');
    case 'enum':
    case 'const':
      return faultAt(path, 'MRT_VALUE_OPTION', '不是可选的值。', 'It is not one of the values.');
    case 'uniqueItems':
      return faultAt(path, 'MRT_VALUE_REPEATED', '有重复的值。', 'A value is repeated.');
    case 'maxLength':
    case 'minLength':
    case 'maxItems':
    case 'minItems':
    case 'maximum':
    case 'minimum':
    case 'exclusiveMaximum':
    case 'exclusiveMinimum':
      return limitFault(path, error);
    default:
      return faultAt(path, 'MRT_VALUE_INVALID', '内容不正确。', 'The value is not valid.');
  }
}
