import type { Locale, LocaleText } from '../text/locale.ts';
import { Problem, type Fault } from './problem.ts';

/** Values put into a message's `{placeholders}`; a text goes into the message of its language. */
export type Parameters = Readonly<Record<string, string | number | LocaleText>>;

interface Entry {
  readonly status: number;
  readonly 'zh-CN': string;
  readonly en: string;
}

/**
 * Every error of the core: code → HTTP status and sentence in both languages. A message says what is wrong and
 * what to do. Codes are stable; they are never reused for another meaning.
 */
const CATALOGUE = {
  // Requests
  MRT_REQUEST_MALFORMED: {
    status: 400,
    'zh-CN': '请求格式不正确:{reason}',
    en: 'The request is malformed: {reason}',
  },
  MRT_REQUEST_LIMIT: {
    status: 400,
    'zh-CN': '每页条数须在 1 到 {max} 之间。',
    en: 'The limit must be between 1 and {max}.',
  },
  MRT_REQUEST_TOO_LARGE: {
    status: 413,
    'zh-CN': '内容太大,最多 {max}。',
    en: 'The content is too large; at most {max}.',
  },
  MRT_ROUTE_UNKNOWN: { status: 404, 'zh-CN': '没有这个地址。', en: 'There is nothing at this address.' },
  MRT_METHOD_NOT_ALLOWED: {
    status: 405,
    'zh-CN': '此地址不支持该方法。',
    en: 'This address does not support that method.',
  },
  MRT_INTERNAL: {
    status: 500,
    'zh-CN': '系统内部错误,编号 {id}。请重试,或把编号告诉管理员。',
    en: 'Internal error {id}. Try again, or give this number to an administrator.',
  },
  MRT_UNAVAILABLE: {
    status: 503,
    'zh-CN': '系统暂时不可用:{reason}',
    en: 'The system is unavailable for the moment: {reason}',
  },
  // Session
  MRT_SESSION_REQUIRED: { status: 401, 'zh-CN': '请先登录。', en: 'Sign in first.' },
  MRT_SESSION_CREDENTIALS: {
    status: 401,
    'zh-CN': '用户名或密码不正确。',
    en: 'The user name or the password is wrong.',
  },
  MRT_RATE_LIMIT: {
    status: 429,
    'zh-CN': '请求过于频繁,请稍后再试。',
    en: 'Too many requests. Try again in a while.',
  },
  MRT_REMINDER_UNKNOWN: {
    status: 404,
    'zh-CN': '没有这个进行中的提醒。',
    en: 'There is no such running reminder.',
  },
  MRT_SESSION_LOCKED: {
    status: 429,
    'zh-CN': '失败次数过多,请 {minutes} 分钟后再试。',
    en: 'Too many failures; try again in {minutes} minutes.',
  },
  MRT_SESSION_CSRF: {
    status: 403,
    'zh-CN': '请求缺少有效的 X-CSRF-Token,请刷新页面。',
    en: 'The request lacks a valid X-CSRF-Token; reload the page.',
  },
  MRT_SESSION_UNKNOWN: {
    status: 404,
    'zh-CN': '没有这个会话,或它已结束。',
    en: 'There is no such session, or it has ended.',
  },
  MRT_TOKEN_INVALID: {
    status: 401,
    'zh-CN': '令牌无效、已过期或已撤销,或其用户已停用。',
    en: 'The token is not valid: unknown, expired, revoked, or of a disabled user.',
  },
  MRT_TOKEN_READ_ONLY: {
    status: 403,
    'zh-CN': '此令牌只读,不能修改任何内容。',
    en: 'This token is read-only and may change nothing.',
  },
  MRT_TOKEN_REFUSED: {
    status: 403,
    'zh-CN': '此操作须登录后进行,不能使用令牌。',
    en: 'This needs a signed-in session; a token will not do.',
  },
  MRT_TOKEN_UNKNOWN: {
    status: 404,
    'zh-CN': '没有这个令牌,或它已撤销。',
    en: 'There is no such token, or it was revoked.',
  },
  MRT_TOKEN_LIMIT: {
    status: 409,
    'zh-CN': '最多 {max} 个令牌,请先撤销不用的。',
    en: 'At most {max} tokens; revoke those not in use first.',
  },
  MRT_USER_UNKNOWN: {
    status: 404,
    'zh-CN': '没有这个用户,或您无权查看。',
    en: 'There is no such user, or you may not see it.',
  },
  MRT_PASSWORD_WEAK: {
    status: 422,
    'zh-CN': '密码不符合要求：{reasons}。',
    en: 'The password will not do: {reasons}.',
  },
  MRT_SESSION_ADDRESS: {
    status: 403,
    'zh-CN': '您的账户不能从网络地址 {address} 使用，请联系管理员。',
    en: 'Your account may not be used from the network address {address}; ask an administrator.',
  },
  MRT_PASSWORD_WRONG: { status: 422, 'zh-CN': '原密码不正确。', en: 'The present password is wrong.' },
  MRT_PASSWORD_CHANGE: { status: 403, 'zh-CN': '请先修改密码。', en: 'Change your password first.' },
  // Access
  MRT_ACCESS_DENIED: {
    status: 403,
    'zh-CN': '您没有{action}“{entity}”的权限。',
    en: 'You may not {action} “{entity}”.',
  },
  MRT_ACCESS_FIELD: {
    status: 403,
    'zh-CN': '您不能修改字段“{field}”。',
    en: 'You may not write the field “{field}”.',
  },
  MRT_ACCESS_FUNCTION: {
    status: 403,
    'zh-CN': '您没有“{function}”功能的权限。',
    en: 'You lack the function permission “{function}”.',
  },
  // Records
  MRT_ENTITY_UNKNOWN: {
    status: 404,
    'zh-CN': '没有名为“{entity}”的实体。',
    en: 'There is no entity “{entity}”.',
  },
  MRT_ENTITY_RENAMED: {
    status: 404,
    'zh-CN': '实体“{entity}”已改名为“{name}”,请使用新地址。',
    en: 'The entity “{entity}” is called “{name}” now: use that address.',
  },
  MRT_RECORD_NOT_FOUND: {
    status: 404,
    'zh-CN': '找不到这条记录,或您无权查看。',
    en: 'There is no such record, or you may not see it.',
  },
  MRT_RECORD_INVALID: {
    status: 422,
    'zh-CN': '有 {count} 处内容不正确。',
    en: '{count} value(s) are not valid.',
  },
  MRT_RECORD_CONFLICT: {
    status: 409,
    'zh-CN': '这条记录已被他人修改,请核对后再保存。',
    en: 'Somebody has changed this record; compare and save again.',
  },
  MRT_RECORD_VERSION_REQUIRED: {
    status: 428,
    'zh-CN': '修改须带 If-Match 版本号。',
    en: 'A change needs the version in If-Match.',
  },
  MRT_RECORD_DUPLICATES: {
    status: 409,
    'zh-CN': '可能与 {count} 条已有记录重复。请核对;确认不是同一个时,说明理由后再保存。',
    en: 'Probably already there: {count} record(s). Look at them; if it is another one, say why and save again.',
  },
  MRT_RECORD_UNIQUE: {
    status: 409,
    'zh-CN': '“{fields}”的值已被另一条记录使用。',
    en: 'Another record already uses this value of “{fields}”.',
  },
  MRT_RECORD_REFERENCED: {
    status: 409,
    'zh-CN': '还有 {count} 条“{entity}”引用此记录。',
    en: '{count} record(s) of “{entity}” still refer to this record.',
  },
  MRT_RECORD_STATE: {
    status: 409,
    'zh-CN': '记录当前状态不允许此操作:{reason}',
    en: 'The state of the record does not allow this: {reason}',
  },
  MRT_OUTPUT_QUOTA_JOB: {
    status: 403,
    'zh-CN':
      '{kind}一次最多 {allowed} 条,本次 {asked} 条。请缩小范围,或请主管在“打印与导出日志”中为您放行一次。',
    en: 'At most {allowed} records at once for {kind}; these are {asked}. Take fewer, or ask a manager to release it once in the log of prints and exports.',
  },
  MRT_OUTPUT_QUOTA_DAY: {
    status: 403,
    'zh-CN':
      '{kind}每天最多 {allowed} 条,今天已 {used} 条,本次 {asked} 条。请明天再做,或请主管在“打印与导出日志”中为您放行一次。',
    en: 'At most {allowed} records a day for {kind}; {used} today, these are {asked}. Go on tomorrow, or ask a manager to release it once in the log of prints and exports.',
  },
  MRT_MERGE_UNREADABLE: {
    status: 403,
    'zh-CN': '不能合并:您无权查看这些记录的“{fields}”。',
    en: 'These records cannot be merged by you: you may not read “{fields}” of all of them.',
  },
  MRT_MERGE_COLLIDES: {
    status: 409,
    'zh-CN': '不能合并:各记录的“{entity}”在“{fields}”上会重复。请先合并或删除其中之一。',
    en: 'These records cannot be merged: their “{entity}” would repeat “{fields}”. Merge or delete one of those first.',
  },
  MRT_OPERATION_UNKNOWN: {
    status: 404,
    'zh-CN': '没有这次操作,或您无权查看。',
    en: 'There is no such operation, or you may not see it.',
  },
  // Transitions
  MRT_TRANSITION_UNKNOWN: {
    status: 404,
    'zh-CN': '这条记录没有操作“{name}”。',
    en: 'This record has no transition “{name}”.',
  },
  MRT_TRANSITION_STATE: {
    status: 409,
    'zh-CN': '“{label}”现在不能办理:{reason}',
    en: '“{label}” is not possible now: {reason}',
  },
  MRT_WORKFLOW_UNKNOWN: {
    status: 404,
    'zh-CN': '这个实体没有名为“{workflow}”的流程。',
    en: 'The entity has no workflow “{workflow}”.',
  },
  MRT_TRANSITION_DENIED: {
    status: 403,
    'zh-CN': '您不能办理“{label}”:{reason}',
    en: 'You may not do “{label}”: {reason}',
  },
  MRT_TRANSITION_DEFINITION: {
    status: 409,
    'zh-CN': '这条记录按较早的流程定义运行,该定义已不适合现有字段:{reason}',
    en: 'The record follows an earlier definition that no longer fits the fields: {reason}',
  },
  // Rules
  MRT_RULE_REFUSED: {
    status: 422,
    'zh-CN': '自动化规则“{rule}”未能执行,内容未保存:{reason}',
    en: 'The automation rule “{rule}” could not be carried out and nothing was saved: {reason}',
  },
  MRT_RULE_DEPTH: {
    status: 422,
    'zh-CN': '自动化规则相互触发超过 {max} 层:{chain}',
    en: 'Automation rules set each other off more than {max} times: {chain}',
  },
  MRT_RULE_UNKNOWN: {
    status: 404,
    'zh-CN': '没有这条规则或运行记录。',
    en: 'There is no such rule or run.',
  },
  MRT_RULE_NOT_RUN: {
    status: 409,
    'zh-CN': '不能重试:{reason}',
    en: 'It cannot be tried again: {reason}',
  },
  MRT_TRIAL_TABLES: {
    status: 409,
    'zh-CN': '试运行前请先应用新的字段或实体。',
    en: 'Apply the new field or entity first; a trial uses the tables as they are.',
  },
  MRT_TRIAL_CHANGES: {
    status: 422,
    'zh-CN': '试运行只能带上此流程、字典值和选项的改动;“{name}”请先应用。',
    en: 'A trial takes changes of the workflow itself, of dictionaries and of options only; apply “{name}” first.',
  },
  MRT_TRIAL_HIDDEN: {
    status: 403,
    'zh-CN': '无法试运行:流程或规则要读取您无权查看的内容({entity}:{fields})。',
    en: 'It cannot be tried: the workflow or a rule reads what you may not see ({entity}: {fields}).',
  },
  MRT_TRIAL_RECORD: {
    status: 422,
    'zh-CN': '此流程不适用于这条记录。',
    en: 'The workflow does not hold for this record.',
  },
  MRT_PLUGIN_ACTION: {
    status: 409,
    'zh-CN': '插件“{plugin}”未启用,或没有动作“{action}”。',
    en: 'The plugin “{plugin}” is not enabled, or has no action “{action}”.',
  },
  MRT_WEBHOOK_SECRET: {
    status: 409,
    'zh-CN': '没有名为“{name}”的签名密钥。请先在“自动化规则”中生成。',
    en: 'There is no signing secret named “{name}”. Make one under “Automation rules” first.',
  },
  MRT_WEBHOOK_ADDRESS: {
    status: 422,
    'zh-CN': '不允许向“{host}”发送:内部地址。如确需,请运维在 MORTISE_WEBHOOK_HOSTS 中列出该主机。',
    en: 'Nothing is sent to “{host}”: it is an internal address. If it is meant, the operator lists the host in MORTISE_WEBHOOK_HOSTS.',
  },
  // Queries
  MRT_QUERY_FIELD_UNKNOWN: {
    status: 400,
    'zh-CN': '“{entity}”没有字段“{field}”。',
    en: '“{entity}” has no field “{field}”.',
  },
  MRT_QUERY_OPERATOR: {
    status: 400,
    'zh-CN': '字段“{field}”不支持运算符“{operator}”。',
    en: 'The field “{field}” does not support the operator “{operator}”.',
  },
  MRT_QUERY_VALUE: {
    status: 400,
    'zh-CN': '“{field}”的查询值不正确:{reason}',
    en: 'The value for “{field}” is not valid: {reason}',
  },
  MRT_QUERY_SORT: {
    status: 400,
    'zh-CN': '不能按字段“{field}”排序。',
    en: 'The list cannot be sorted by “{field}”.',
  },
  MRT_QUERY_CURSOR: {
    status: 400,
    'zh-CN': '翻页标记无效,请从第一页重新开始。',
    en: 'The cursor is not valid; start again from the first page.',
  },
  // Metadata
  MRT_DOCUMENT_INVALID: {
    status: 422,
    'zh-CN': '元数据有 {count} 处错误。',
    en: '{count} fault(s) in the documents.',
  },
  MRT_DOCUMENT_UNKNOWN: { status: 404, 'zh-CN': '没有{kind}“{name}”。', en: 'There is no {kind} “{name}”.' },
  MRT_DOCUMENT_CONFLICT: {
    status: 409,
    'zh-CN': '您打开后该元数据已被修改,请重新打开。',
    en: 'The document was changed since you opened it; open it again.',
  },
  MRT_PLAN_RISK: {
    status: 409,
    'zh-CN': '此变更有风险,须先确认:{risks}',
    en: 'This change has risks that must be accepted: {risks}',
  },
  MRT_PLAN_REFUSED: { status: 422, 'zh-CN': '不能应用此变更。', en: 'This change cannot be applied.' },
  MRT_PLAN_STALE: {
    status: 409,
    'zh-CN': '元数据在预览之后已有变化,请重新预览。',
    en: 'The model changed after the preview; preview again.',
  },
  MRT_DICTIONARY_CLOSED: {
    status: 403,
    'zh-CN': '字典“{dictionary}”不允许在录入时添加新值。',
    en: 'Values cannot be added to the dictionary “{dictionary}” while one is picked.',
  },
  MRT_DICTIONARY_VALUE: { status: 422, 'zh-CN': '不能添加此值。', en: 'This value cannot be added.' },
  MRT_PACKAGE_INVALID: {
    status: 422,
    'zh-CN': '这不是有效的配置包。',
    en: 'This is not a valid package of metadata.',
  },
  MRT_PACKAGE_FOLDER: {
    status: 422,
    'zh-CN': '文件夹“{path}”不是配置包(缺少 mortise.json)。',
    en: 'The folder “{path}” is no package of metadata: it lacks mortise.json.',
  },
  MRT_PACKAGE_PLUGINS: {
    status: 422,
    'zh-CN': '请先安装配置包所需的插件:{plugins}',
    en: 'Install the plugins that the package needs first: {plugins}',
  },
  MRT_PLAN_BUSY: {
    status: 503,
    'zh-CN': '数据表正忙,变更未执行,请稍后再试。',
    en: 'The tables are busy and nothing was changed; try again shortly.',
  },
  MRT_MODEL_STALE: {
    status: 503,
    'zh-CN': '元数据刚刚更新,请重试。',
    en: 'The model was just updated; try again.',
  },
  MRT_PLUGIN_UNKNOWN: { status: 404, 'zh-CN': '没有插件“{plugin}”。', en: 'There is no plugin “{plugin}”.' },
  MRT_PLUGIN_STATE: {
    status: 409,
    'zh-CN': '插件“{plugin}”不能这样操作:{reason}',
    en: 'This cannot be done with the plugin “{plugin}”: {reason}',
  },
  MRT_PLUGIN_INVALID: {
    status: 422,
    'zh-CN': '插件“{plugin}”不能加载:{reason}',
    en: 'The plugin “{plugin}” cannot be loaded: {reason}',
  },
  MRT_PLUGIN_REFUSED: { status: 422, 'zh-CN': '{message}', en: '{message}' },
  // Store
  MRT_STORE_LOCKED: {
    status: 503,
    'zh-CN': '数据目录“{path}”正被进程 {pid} 使用。请先停止它,或设置另一个 MORTISE_DATA_DIR。',
    en: 'The data folder “{path}” is in use by process {pid}. Stop it first, or set another MORTISE_DATA_DIR.',
  },
  MRT_STORE_BROKEN: {
    status: 503,
    'zh-CN': '数据目录“{path}”损坏或不完整:{reason}。请从备份恢复,或换一个目录。',
    en: 'The data folder “{path}” is broken or half-written: {reason}. Restore a backup or use another folder.',
  },
  MRT_STORE_NEWER: {
    status: 503,
    'zh-CN':
      '数据库“{path}”已由较新的版本 {newest} 使用,本程序为 {program}。请启动 {newest} 或更新的版本,或从备份恢复。',
    en: 'The database “{path}” has been used by the newer version {newest}; this is {program}. Start {newest} or a newer one, or restore a backup.',
  },
  MRT_STORE_UNREACHABLE: {
    status: 503,
    'zh-CN': '无法连接数据库 {url}:{reason}。请检查 DATABASE_URL 和数据库服务。',
    en: 'The database {url} cannot be reached: {reason}. Check DATABASE_URL and the server.',
  },
  MRT_STORE_OUTSIDE_TRANSACTION: {
    status: 500,
    'zh-CN': '事务中使用了其他连接。',
    en: 'A query on another handle was made inside an open transaction.',
  },
  // Print and files
  MRT_PRINT_UNKNOWN: {
    status: 404,
    'zh-CN': '没有打印模板“{template}”。',
    en: 'There is no template “{template}”.',
  },
  MRT_PRINT_PDF_UNAVAILABLE: {
    status: 503,
    'zh-CN': '未找到 Chromium,不能生成 PDF;请用浏览器打印。',
    en: 'Chromium was not found, so no PDF can be made; print from the browser.',
  },
  MRT_PRINT_TEMPLATE: {
    status: 422,
    'zh-CN': '模板第 {line} 行有误:{reason}',
    en: 'The template is wrong at line {line}: {reason}',
  },
  MRT_FILE_REFUSED: {
    status: 422,
    'zh-CN': '不能接收文件“{name}”:{reason}',
    en: 'The file “{name}” is refused: {reason}',
  },
  MRT_FILE_NOT_FOUND: {
    status: 404,
    'zh-CN': '找不到这个文件,或您无权查看。',
    en: 'There is no such file, or you may not see it.',
  },
  // Backup
  MRT_BACKUP_BROKEN: {
    status: 422,
    'zh-CN': '备份文件“{path}”损坏或不完整:{reason}。未做任何更改,请使用另一份备份。',
    en: 'The backup “{path}” is broken or not whole: {reason}. Nothing was changed; use another backup.',
  },
  MRT_BACKUP_NEWER: {
    status: 422,
    'zh-CN': '此备份由较新的版本 {made} 生成,本程序为 {program}。请用 {made} 或更新的版本恢复。',
    en: 'The backup was made by the newer version {made}; this is {program}. Restore it with {made} or a newer one.',
  },
  MRT_BACKUP_EMPTY: {
    status: 409,
    'zh-CN': '“{path}”中没有榫卯的数据,无可备份。',
    en: 'There is nothing of Mortise in “{path}” to back up.',
  },
  MRT_BACKUP_FAILED: {
    status: 503,
    'zh-CN': '无法写入备份“{path}”:{reason}',
    en: 'The backup “{path}” could not be written: {reason}',
  },
  MRT_BACKUP_RUNNING: {
    status: 409,
    'zh-CN': '正在备份,请等它完成。',
    en: 'A backup is being made; wait for it to end.',
  },
  MRT_BACKUP_UNKNOWN: { status: 404, 'zh-CN': '没有这个备份。', en: 'There is no such backup.' },
  MRT_RESTORE_NOT_EMPTY: {
    status: 409,
    'zh-CN': '“{path}”中已有数据。请恢复到空的数据库或目录,或加 --replace(会先保留现有数据)。',
    en: 'There is data in “{path}”. Restore into an empty database or folder, or add --replace (what is there is kept aside first).',
  },
  MRT_RESTORE_IN_USE: {
    status: 409,
    'zh-CN': '数据库“{path}”正被 {count} 个连接使用。请先停止所有节点。',
    en: 'The database “{path}” is in use by {count} connection(s). Stop all nodes first.',
  },
  // Start
  MRT_START_PORT: {
    status: 503,
    'zh-CN': '端口 {port} 已被占用。请停止占用它的程序,或设置 PORT。',
    en: 'Port {port} is in use. Stop the program that uses it, or set PORT.',
  },
  MRT_START_CONFIG_MANY: {
    status: 503,
    'zh-CN': '有 {count} 个环境变量不正确:',
    en: '{count} environment variables are not valid:',
  },
  MRT_START_CONFIG: {
    status: 503,
    'zh-CN': '环境变量 {name} 的值“{value}”不正确:{reason}',
    en: 'The environment variable {name} has the value “{value}”, which is not valid: {reason}',
  },
} as const satisfies Record<string, Entry>;

/** The code of a catalogue entry. */
export type ProblemCode = keyof typeof CATALOGUE;

function fill(template: string, parameters: Parameters, locale: Locale): string {
  return template.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = parameters[name] ?? whole;
    return typeof value === 'object' ? value[locale] : String(value);
  });
}

/**
 * Makes the problem `code` with its placeholders filled. Throw it.
 * @example throw problem('MRT_ENTITY_UNKNOWN', { entity: 'custmer' })
 */
export function problem(
  code: ProblemCode,
  parameters: Parameters = {},
  faults: readonly Fault[] = [],
  extension: Readonly<Record<string, unknown>> = {},
): Problem {
  const entry: Entry = CATALOGUE[code];
  const text: LocaleText = {
    'zh-CN': fill(entry['zh-CN'], parameters, 'zh-CN'),
    en: fill(entry.en, parameters, 'en'),
  };
  return new Problem(code, entry.status, text, faults, extension);
}

/** The invalid-record problem for a list of faults, counted. */
export function invalidRecord(faults: readonly Fault[]): Problem {
  return problem('MRT_RECORD_INVALID', { count: faults.length }, faults);
}
