import { joinLabels } from '../fields/label-list.ts';
import type { FieldLevel, RecordAction } from '../model/documents.ts';
import { localise, type Locale, type LocaleText } from '../text/locale.ts';
import type { Obstacle, ToldScope } from './explanation.ts';

const ACTIONS: Readonly<Record<RecordAction, LocaleText>> = {
  query: { 'zh-CN': '查询', en: 'query' },
  read: { 'zh-CN': '查看', en: 'read' },
  create: { 'zh-CN': '新建', en: 'create' },
  update: { 'zh-CN': '修改', en: 'change' },
  void: { 'zh-CN': '作废', en: 'void' },
  delete: { 'zh-CN': '删除', en: 'delete' },
  restore: { 'zh-CN': '恢复', en: 'restore' },
  transition: { 'zh-CN': '流转', en: 'move on' },
  print: { 'zh-CN': '打印', en: 'print' },
  export: { 'zh-CN': '导出', en: 'export' },
  share: { 'zh-CN': '共享', en: 'share' },
};

const SCOPES: Readonly<Record<ToldScope, LocaleText>> = {
  none: { 'zh-CN': '任何记录都不', en: 'no records' },
  own: { 'zh-CN': '本人负责的记录', en: 'own records' },
  created: { 'zh-CN': '本人录入的记录', en: 'records entered by oneself' },
  subordinates: {
    'zh-CN': '本人及下属负责的记录',
    en: 'own records and those of the people below one',
  },
  territory: { 'zh-CN': '本人负责区域内的记录', en: 'records in the regions one answers for' },
  shared: { 'zh-CN': '共享给本人或其部门的记录', en: 'records shared with the person or the department' },
  standin: {
    'zh-CN': '所代理的缺勤同事负责的记录',
    en: 'records of absent colleagues for whom one stands in',
  },
  unit: { 'zh-CN': '本部门的记录', en: 'records of the own department' },
  team: { 'zh-CN': '本人所在业务团队成员的记录', en: 'records of the members of one’s business teams' },
  below: { 'zh-CN': '本部门及下级部门的记录', en: 'records of the own department and those below it' },
  all: { 'zh-CN': '所有记录', en: 'all records' },
};

const LEVELS: Readonly<Record<FieldLevel, LocaleText>> = {
  hidden: { 'zh-CN': '隐藏', en: 'hidden' },
  masked: { 'zh-CN': '掩码显示', en: 'masked' },
  read: { 'zh-CN': '只读', en: 'read-only' },
  write: { 'zh-CN': '可修改', en: 'writable' },
};

const OBSTACLES: Readonly<Record<Obstacle['kind'], LocaleText>> = {
  account: { 'zh-CN': '该账号已停用或删除。', en: 'The account is disabled or deleted.' },
  invisible: {
    'zh-CN': '该用户无权查询或查看这条记录,因此不能对它做任何操作。',
    en: 'The user may neither query nor read this record, and so can do nothing to it.',
  },
  'recycle-bin': { 'zh-CN': '记录在回收站中。', en: 'The record is in the recycle bin.' },
  'not-in-recycle-bin': { 'zh-CN': '记录不在回收站中。', en: 'The record is not in the recycle bin.' },
  'no-void': { 'zh-CN': '这种记录不能作废。', en: 'Records of this kind cannot be void.' },
  'required-field': {
    'zh-CN': '新记录必填的字段该用户不能填写:{fields}。',
    en: 'A new record needs fields that the user may not fill in: {fields}.',
  },
  'read-only': {
    'zh-CN': '该字段由系统填写或计算,不能手工修改。',
    en: 'The field is filled in or calculated by the system and takes no value from anybody.',
  },
};

/** Names, already in the reader's language. */
export interface ReasonNames {
  /** Whose grant it is: the role and its grant, or the person's own. */
  readonly by: string;
  readonly isRefusal: boolean;
  readonly right: RecordAction;
  readonly scope: ToldScope;
  readonly when: string | null;
  /** It is the filter of a department, which refuses all that does not fit it. */
  readonly isFilter: boolean;
  readonly entity: string;
  /** The record above a line, whose scope decides. */
  readonly through: string | null;
  readonly field: { readonly label: string; readonly level: FieldLevel; readonly suffices: boolean } | null;
  /** Does the scope reach the record? Null: no record was named. */
  readonly reached: boolean | null;
  /** It would give it, but a refusal goes before it. */
  readonly overruled: boolean;
}

/** A role's grant by name, and by which groups the person has the role. */
export function roleSource(
  names: { readonly role: string; readonly grant: string; readonly groups: readonly string[] },
  locale: Locale,
): string {
  const { role, grant, groups } = names;
  if (locale === 'en') {
    const by = groups.length > 0 ? ` (by the group ${groups.map((name) => `“${name}”`).join(', ')})` : '';
    return `The role “${role}”${by}, grant “${grant}”,`;
  }
  const by = groups.length > 0 ? `(经用户组${groups.map((name) => `“${name}”`).join('、')})` : '';
  return `角色“${role}”${by}的授权“${grant}”`;
}

/** What stands in the place of a role's name where a grant is the person's own. */
export function personalLabel(locale: Locale): string {
  return locale === 'en' ? 'Personal' : '个人权限';
}

/** A person's own grant, with its reason and its last day. */
export function personalSource(
  { reason, until }: { readonly reason: string; readonly until: string | null },
  isRefusal: boolean,
  locale: Locale,
): string {
  if (locale === 'en')
    return `A personal ${isRefusal ? 'refusal' : 'right'}${until === null ? '' : ` until ${until}`} (“${reason}”)`;
  return `个人${isRefusal ? '拒绝' : '授权'}${until === null ? '' : `(至 ${until})`}(事由:${reason})`;
}

/** What stands in the place of a role's name where a department's filter refuses. */
export function filterLabel(locale: Locale): string {
  return locale === 'en' ? 'Department filter' : '部门限定';
}

/** A department's filter, with its condition. */
export function filterSource(
  { unit, condition }: { readonly unit: string; readonly condition: string },
  locale: Locale,
): string {
  return locale === 'en'
    ? `The department “${unit}” sees only records where ${condition}, which`
    : `部门“${unit}”只见满足 ${condition} 的记录,因此`;
}

const OTHERS: LocaleText = { 'zh-CN': '其余记录', en: 'all others' };

/** Why one grant does or does not give what was asked, or refuses it. */
export function reasonSentence(names: ReasonNames, locale: Locale): string {
  const { by, entity, through, field, reached, isRefusal, when, overruled } = names;
  const action = localise(ACTIONS[names.right], locale);
  const scope = localise(names.isFilter ? OTHERS : SCOPES[names.scope], locale);
  if (locale === 'en') {
    const above = through === null ? '' : ` (by the “${through}” it belongs to)`;
    const only = when === null ? '' : `, where ${when}`;
    const record = reached === null ? '' : reached ? '; it is one of them' : '; it is not one of them';
    const verb = isRefusal ? 'refuses' : 'allows';
    const reach =
      names.scope === 'none'
        ? `does not allow to ${action} “${entity}”`
        : `${verb} to ${action} “${entity}”: ${scope}${above}${only}${record}`;
    const enough = field && !isRefusal && !field.suffices ? ', which is not enough' : '';
    const most = isRefusal ? 'at most ' : '';
    const shows = field
      ? `. The field “${field.label}” is ${most}${LEVELS[field.level].en} by it${enough}`
      : '';
    return `${by} ${reach}${shows}${overruled ? '. A refusal goes before it' : ''}.`;
  }
  const above = through === null ? '' : `(随所属的“${through}”)`;
  const only = when === null ? '' : `,且须满足 ${when}`;
  const record = reached === null ? '' : reached ? ',此记录在其中' : ',此记录不在其中';
  const verb = isRefusal ? '拒绝' : '允许';
  const reach =
    names.scope === 'none'
      ? `不允许${action}“${entity}”`
      : `${verb}${action}“${entity}”:${scope}${above}${only}${record}`;
  const enough = field && !isRefusal && !field.suffices ? ',尚不足够' : '';
  const most = isRefusal ? '至多' : '';
  const shows = field ? `;字段“${field.label}”${most}为${LEVELS[field.level]['zh-CN']}${enough}` : '';
  return `${by}${reach}${shows}${overruled ? ';但有拒绝优先于它' : ''}。`;
}

/** A role that says nothing about what was asked, or is gone. */
export function emptyRoleSentence(role: string, entity: string, known: boolean, locale: Locale): string {
  if (!known)
    return locale === 'en'
      ? `The role “${role}” does not exist any more and grants nothing.`
      : `角色“${role}”已不存在,不授予任何权限。`;
  return locale === 'en'
    ? `The role “${role}” grants nothing on “${entity}”.`
    : `角色“${role}”没有对“${entity}”的授权。`;
}

/** What stands in the way beside the grants. @param fields labels of the fields that are withheld */
export function obstacleSentence(kind: Obstacle['kind'], fields: readonly string[], locale: Locale): string {
  return localise(OBSTACLES[kind], locale).replace('{fields}', joinLabels(fields, locale));
}

/** The answer in one sentence: who, may or may not, what, because of what. */
export function answerSentence(
  names: {
    readonly user: string;
    readonly action: RecordAction;
    readonly entity: string;
    readonly field: string | null;
    readonly record: boolean;
    readonly allowed: boolean;
    readonly because: string;
  },
  locale: Locale,
): string {
  const action = localise(ACTIONS[names.action], locale);
  if (locale === 'en') {
    const record = names.record ? 'this ' : '';
    const object = names.field
      ? `the field “${names.field}” of ${record}“${names.entity}”`
      : `${record}“${names.entity}”`;
    return `${names.user} ${names.allowed ? 'may' : 'may not'} ${action} ${object}. ${names.because}`;
  }
  const field = names.field ? `的字段“${names.field}”` : '';
  const record = names.record ? '这条' : '';
  return `${names.user}${names.allowed ? '可以' : '不能'}${action}${record}“${names.entity}”${field}。${names.because}`;
}

/** Nobody granted it. */
export function nothingGranted(locale: Locale): string {
  return locale === 'en' ? 'The user has no role that grants it.' : '该用户没有授予此权限的角色。';
}

/** Whether a role gives a function permission (SEC-06), by which of its entries. */
export function functionSentence(
  names: {
    readonly role: string;
    readonly name: string;
    readonly entry: string | null;
    readonly isRefusal: boolean;
  },
  locale: Locale,
): string {
  const { role, name, entry } = names;
  const by = entry !== null && entry !== name ? (locale === 'en' ? ` by “${entry}”` : `(经“${entry}”)`) : '';
  if (locale === 'en')
    return `The role “${role}” ${entry === null ? 'does not give' : names.isRefusal ? 'refuses' : 'gives'} the function permission “${name}”${by}.`;
  return `角色“${role}”${entry === null ? '没有授予' : names.isRefusal ? '拒绝' : '授予'}功能权限“${name}”${by}。`;
}

/** The answer about a function permission. */
export function functionAnswer(
  user: string,
  name: string,
  allowed: boolean,
  because: string,
  locale: Locale,
): string {
  if (locale === 'en')
    return `${user} ${allowed ? 'has' : 'does not have'} the function permission “${name}”. ${because}`;
  return `${user}${allowed ? '有' : '没有'}功能权限“${name}”。${because}`;
}
