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
  workflow: sentence('工作流', 'workflow'),
  rule: sentence('自动化规则', 'automation rule'),
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
  rollup: sentence('汇总', 'roll-up'),
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
  tabs: sentence('页签', 'tab'),
  sections: sentence('分组', 'section'),
  fields: sentence('字段', 'field'),
  columns: sentence('列', 'column'),
  filters: sentence('快捷筛选', 'quick filter'),
  filter: sentence('固定筛选', 'filter'),
  items: sentence('菜单项', 'item'),
  grants: sentence('授权', 'grant'),
  actions: sentence('操作', 'action'),
  functions: sentence('功能权限', 'function'),
  header: sentence('表头', 'header'),
  related: sentence('关联表', 'related table'),
  attributes: sentence('属性', 'attribute'),
  mappings: sentence('对应关系', 'mapping'),
  tree: sentence('树形', 'tree'),
  span: sentence('宽度(列)', 'span'),
  rows: sentence('行数', 'rows'),
  shown: sentence('显示', 'shown'),
  collapsed: sentence('折叠', 'collapsed'),
  width: sentence('宽度', 'width'),
  pinned: sentence('固定', 'pinned'),
  align: sentence('对齐', 'alignment'),
  use: sentence('用途', 'use'),
  order: sentence('顺序', 'order'),
  icon: sentence('图标', 'icon'),
  view: sentence('视图', 'view'),
  page: sentence('页面', 'page'),
  function: sentence('所需权限', 'function needed'),
  paper: sentence('纸张', 'paper'),
  body: sentence('版面内容', 'body'),
  sources: sentence('其他数据', 'source'),
  kind: sentence('种类', 'kind'),
  productName: sentence('产品名称', 'product name'),
  timeZone: sentence('业务时区', 'business time zone'),
  currency: sentence('币种', 'currency'),
  locale: sentence('语言', 'language'),
  query: sentence('查询', 'query'),
  read: sentence('查看', 'read'),
  create: sentence('新增', 'create'),
  update: sentence('修改', 'update'),
  void: sentence('作废', 'void'),
  delete: sentence('删除', 'delete'),
  restore: sentence('恢复', 'restore'),
  print: sentence('打印', 'print'),
  export: sentence('导出', 'export'),
  transition: sentence('审批与流转', 'transition'),
  regions: sentence('流程', 'region'),
  states: sentence('状态', 'state'),
  transitions: sentence('操作', 'transition'),
  initial: sentence('初始状态', 'initial state'),
  initialFrom: sentence('已有记录的状态', 'state of older records'),
  final: sentence('结束状态', 'final state'),
  color: sentence('颜色', 'colour'),
  from: sentence('起始状态', 'from'),
  to: sentence('目标状态', 'to'),
  on: sentence('发生方式', 'how it happens'),
  watch: sentence('关注字段', 'fields watched'),
  who: sentence('操作人', 'who'),
  roles: sentence('角色', 'roles'),
  unit: sentence('部门', 'department'),
  authorUnit: sentence('录入人部门', 'department of the author'),
  stepBy: sentence('上一步操作人', 'who did the last step'),
  expr: sentence('条件', 'condition'),
  fourEyes: sentence('四眼原则', 'several eyes'),
  author: sentence('录入人', 'author'),
  guards: sentence('条件', 'guard'),
  opinion: sentence('意见', 'opinion'),
  tone: sentence('按钮样式', 'look'),
  values: sentence('值', 'values'),
  when: sentence('适用条件', 'condition'),
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

/** What people call a field type. */
export function typeText(name: unknown): LocaleText | null {
  return typeof name === 'string' && hasFieldType(name) ? fieldType(name).label : valueText(name);
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
