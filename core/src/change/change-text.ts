import { fieldType, hasFieldType } from '../fields/registry.ts';
import type { AnyDocument, DocumentKind, FieldDocument } from '../model/documents.ts';
import { documentKey, type EffectiveDocument } from '../model/model.ts';
import type { LocaleText } from '../text/locale.ts';

type Documents = ReadonlyMap<string, EffectiveDocument>;

/** Both languages at once, from one sentence each. */
export function sentence(zh: string, en: string): LocaleText {
  return { 'zh-CN': zh, en };
}

const KIND: Readonly<Record<DocumentKind, LocaleText>> = {
  entity: sentence('实体', 'entity'),
  dictionary: sentence('字典', 'dictionary'),
  form: sentence('表单', 'form'),
  view: sentence('视图', 'view'),
  menu: sentence('菜单', 'menu'),
  role: sentence('角色', 'role'),
  template: sentence('打印模板', 'template'),
  settings: sentence('系统设置', 'settings'),
};

const ATTRIBUTE: Readonly<Record<string, LocaleText>> = {
  label: sentence('名称', 'label'),
  help: sentence('说明', 'help'),
  field: sentence('类型', 'type'),
  required: sentence('必填', 'required'),
  readOnly: sentence('只读', 'read-only'),
  hidden: sentence('隐藏', 'hidden'),
  retired: sentence('停用', 'retired'),
  maxLength: sentence('最大长度', 'maximum length'),
  minimum: sentence('最小值', 'minimum'),
  maximum: sentence('最大值', 'maximum'),
  precision: sentence('位数', 'precision'),
  scale: sentence('小数位', 'decimal places'),
  default: sentence('默认值', 'default'),
  compute: sentence('计算式', 'calculation'),
  unique: sentence('唯一', 'unique'),
  index: sentence('索引', 'index'),
  search: sentence('可搜索', 'searchable'),
  sensitive: sentence('敏感', 'sensitive'),
  dictionary: sentence('字典', 'dictionary'),
  options: sentence('选项', 'options'),
  multiple: sentence('多选', 'multiple choice'),
  entity: sentence('引用实体', 'entity referred to'),
  visibleWhen: sentence('显示条件', 'shown when'),
  requiredWhen: sentence('必填条件', 'required when'),
  readOnlyWhen: sentence('只读条件', 'read-only when'),
  after: sentence('位置', 'place'),
  pattern: sentence('编号规则', 'numbering pattern'),
  display: sentence('显示字段', 'display field'),
  sort: sentence('排序', 'order'),
  rules: sentence('校验规则', 'rules'),
  duplicateCheck: sentence('查重', 'duplicate check'),
};

/** What people call a kind of document. */
export function kindText(kind: DocumentKind): LocaleText {
  return KIND[kind];
}

/** What people call an attribute; its own name where it has no other. */
export function attributeText(name: string): LocaleText {
  return ATTRIBUTE[name] ?? sentence(name, name);
}

/** The label of a document; its name where it has none. */
export function documentText(document: AnyDocument): LocaleText {
  return 'label' in document ? document.label : sentence(document.name, document.name);
}

/** Type and main attributes of a field in words: «文本,50», «单选,字典“行业”,必填». */
export function fieldText(field: FieldDocument, documents: Documents): LocaleText {
  const type = hasFieldType(field.field) ? fieldType(field.field).label : sentence(field.field, field.field);
  const parts: LocaleText[] = [type];
  const plain = (value: unknown): void => {
    if (typeof value === 'number' || typeof value === 'string')
      parts.push(sentence(String(value), String(value)));
  };
  plain(field['maxLength']);
  if (field['precision'] !== undefined) plain(`${String(field['precision'])}.${String(field['scale'] ?? 0)}`);
  for (const kind of ['dictionary', 'entity'] as const) {
    const name = field[kind];
    const target = typeof name === 'string' ? documents.get(documentKey(kind, name)) : undefined;
    if (!target) continue;
    const text = documentText(target.document);
    parts.push(sentence(`${KIND[kind]['zh-CN']}“${text['zh-CN']}”`, `${KIND[kind].en} “${text.en}”`));
  }
  for (const flag of ['multiple', 'required', 'unique', 'sensitive'])
    if (field[flag] === true) parts.push(attributeText(flag));
  return sentence(parts.map((part) => part['zh-CN']).join(','), parts.map((part) => part.en).join(', '));
}

/** A value of an attribute as it is shown in a sentence; null when it is too much for one. */
export function valueText(value: unknown): LocaleText | null {
  if (value === undefined || value === null) return sentence('无', 'none');
  if (typeof value === 'boolean') return value ? sentence('是', 'yes') : sentence('否', 'no');
  if (typeof value === 'number' || typeof value === 'string') return sentence(String(value), String(value));
  return isText(value) ? value : null;
}

function isText(value: unknown): value is LocaleText {
  return typeof value === 'object' && value !== null && 'zh-CN' in value && 'en' in value;
}
