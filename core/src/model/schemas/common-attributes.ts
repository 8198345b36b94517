import type { JsonSchema } from '../../fields/field-type.ts';
import { cel, closed, described, flag, LABEL, name, oneOf } from './vocabulary.ts';

/** Attributes that every field type understands (ENG-03, `FieldDocument`). */
export const COMMON_ATTRIBUTES: JsonSchema = {
  label: described(LABEL, '标签 / Label'),
  help: described(LABEL, '填写说明 / Help text'),
  required: flag('必填 / Must be given'),
  requiredWhen: cel('满足条件时必填 / Must be given when this holds'),
  visibleWhen: cel('满足条件时显示 / Shown when this holds'),
  readOnly: flag('只读 / Not written by users'),
  readOnlyWhen: cel('满足条件时只读 / Not written when this holds'),
  default: { description: '默认值,或 {"expr": 表达式} / A value, or {"expr": CEL}' },
  compute: cel(
    '由本记录和所引用记录计算的值 / Calculated from this record and those it refers to; makes the field read-only',
  ),
  rollup: closed(
    {
      entity: name('子记录的实体 / Entity of the records'),
      by: name('子记录中指向本记录的引用字段 / Their reference field that points here'),
      function: oneOf(['count', 'sum', 'min', 'max', 'avg'], '汇总方式 / What is made of them'),
      field: name('被汇总的字段,count 不填 / Their field; none for count'),
      where: cel('只汇总满足条件的子记录 / Which of them count'),
      readAs: oneOf(
        ['reader', 'system'],
        'reader(默认):仅对能看到全部子记录的人显示;system:对所有能看此字段的人显示 / reader (default): shown to those who may read all of them; system: to all who may read the field',
      ),
    },
    ['entity', 'by', 'function'],
    '对子记录汇总的值 / A value over the records that refer to this one; makes the field read-only',
  ),
  unique: flag('不得重复 / No two records have the same value'),
  index: flag('建立索引 / Indexed'),
  search: flag('列表搜索框可查 / Found by the search box of lists'),
  duplicateCheck: oneOf(
    ['company-name', 'person-name', 'address', 'phone', 'code'],
    '查重方式 / How likely duplicates are looked for',
  ),
  sensitive: flag('敏感信息 / Personal data, hidden unless granted'),
  part: {
    type: 'string',
    pattern: '^[a-z][a-z0-9]{0,19}$',
    description: '所在扩展表 / Second table that holds the column',
  },
  after: name('排在此字段之后 / The field it follows'),
  hidden: flag('表单和列表中不提供 / Not offered on forms and lists'),
  retired: flag('停用,数据保留 / Withdrawn, data kept'),
  renamedFrom: name('原名 / The name it had before'),
};
