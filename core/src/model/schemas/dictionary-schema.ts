import type { JsonSchema } from '../../fields/field-type.ts';
import { CODE_PATTERN } from '../../fields/choice/choice-definition.ts';
import { publish } from './publish.ts';
import { closed, described, flag, LABEL, mapOf, NAME, name, setOf } from './vocabulary.ts';

/** Schema of dictionary documents: the definition, and the values it is seeded with. */
export function dictionarySchema(): JsonSchema {
  const value = closed(
    {
      label: described(LABEL, '标签 / Label'),
      parent: { type: 'string', pattern: CODE_PATTERN, description: '上级代码 / Code of the value above it' },
      sort: { type: 'integer', minimum: -2147483648, maximum: 2147483647, description: '排序 / Order' },
      color: { type: 'string', pattern: '^#[0-9a-fA-F]{6}$', description: '颜色,如 #c0392b / Colour' },
      active: flag('false 为停用 / False: retired'),
      data: {
        type: 'object',
        description: '附加属性 / Attributes that the dictionary declares',
        propertyNames: { pattern: NAME },
        additionalProperties: { type: ['string', 'number', 'boolean'] },
      },
    },
    ['label'],
  );
  return publish('dictionary', {
    title: '字典 / Dictionary',
    description: '选项列表,可为树 / A list of values, possibly a tree',
    name: name('字典名 / Name of the dictionary'),
    required: ['label', 'values'],
    properties: {
      label: described(LABEL, '名称 / Label'),
      help: described(LABEL, '说明 / Help text'),
      tree: flag('树形 / The values form a tree'),
      extensible: flag('录入时可添加新值 / Values may be added while one is picked'),
      attributes: mapOf(NAME, closed({ label: LABEL }, ['label']), '值的附加属性 / Attributes of the values'),
      mappings: mapOf(
        NAME,
        closed(
          {
            from: name('来源字典 / The dictionary whose value decides'),
            map: mapOf(
              CODE_PATTERN,
              setOf(CODE_PATTERN, '可选的值 / Values that may be chosen'),
              '来源值→可选值 / Deciding value → values',
            ),
          },
          ['from', 'map'],
        ),
        '联动 / What may be chosen for a value of another dictionary',
      ),
      values: mapOf(CODE_PATTERN, { $ref: '#/$defs/value' }, '代码→值 / Code → value'),
    },
    defs: { value },
  });
}
