import type { LocaleText } from '../text/locale.ts';

/** One environment variable that the program reads (docs/operations.md lists them; a test holds the two together). */
export interface Setting {
  readonly name: string;
  /** What holds when it is absent, as the operator reads it. */
  readonly fallback: string;
  readonly meaning: LocaleText;
  /** Shown as `***` wherever the configuration is shown. */
  readonly secret?: true;
  /** For tests and developers: accepted, not listed. */
  readonly internal?: true;
}

/** Every variable, in the order in which `mortise config` shows them. */
export const SETTINGS: readonly Setting[] = [
  {
    name: 'PORT',
    fallback: '3000',
    meaning: { 'zh-CN': '端口,0 为任意空闲端口', en: 'port; 0 takes any free one' },
  },
  { name: 'HOST', fallback: '127.0.0.1', meaning: { 'zh-CN': '监听地址', en: 'address to listen on' } },
  {
    name: 'DATABASE_URL',
    fallback: '',
    meaning: {
      'zh-CN': 'PostgreSQL 地址;不设则使用内嵌数据库',
      en: 'PostgreSQL; absent: the embedded database',
    },
  },
  {
    name: 'MORTISE_DATA_DIR',
    fallback: './data',
    meaning: { 'zh-CN': '数据目录', en: 'data folder: embedded database, files, backups' },
  },
  {
    name: 'MORTISE_ADMIN_PASSWORD',
    fallback: '',
    secret: true,
    meaning: {
      'zh-CN': '首次启动时管理员的密码;不设则生成',
      en: 'password of the first administrator; absent: generated',
    },
  },
  {
    name: 'MORTISE_DEMO',
    fallback: '0',
    meaning: { 'zh-CN': '首次启动载入示例数据', en: 'load the sample data on the first start' },
  },
  {
    name: 'MORTISE_UI',
    fallback: '1',
    meaning: { 'zh-CN': '提供浏览器界面', en: 'serve the browser application' },
  },
  {
    name: 'MORTISE_TRUST_PROXY',
    fallback: '0',
    meaning: { 'zh-CN': '信任反向代理的 X-Forwarded-*', en: 'believe X-Forwarded-* of a reverse proxy' },
  },
  {
    name: 'MORTISE_LOCALE',
    fallback: 'LANG',
    meaning: {
      'zh-CN': '进程输出的语言:zh-CN 或 en',
      en: 'language of what the process prints: zh-CN or en',
    },
  },
  {
    name: 'MORTISE_LOG_LEVEL',
    fallback: 'info',
    meaning: {
      'zh-CN': '日志级别:fatal error warn info debug trace silent',
      en: 'log level: fatal error warn info debug trace silent',
    },
  },
  {
    name: 'MORTISE_LOG_FORMAT',
    fallback: 'auto',
    meaning: {
      'zh-CN': '日志格式:json、text 或 auto(终端为 text)',
      en: 'json, text, or auto: text on a terminal',
    },
  },
  {
    name: 'MORTISE_SLOW_QUERY_MS',
    fallback: '500',
    meaning: {
      'zh-CN': '慢语句的阈值(毫秒),0 为不记录',
      en: 'statements that take longer are logged, in ms; 0: none',
    },
  },
  {
    name: 'MORTISE_METRICS_TOKEN',
    fallback: '',
    secret: true,
    meaning: {
      'zh-CN': '设置后 GET /metrics 需此令牌',
      en: 'opens GET /metrics on PORT for who sends it as Bearer token',
    },
  },
  {
    name: 'MORTISE_METRICS_PORT',
    fallback: '',
    meaning: {
      'zh-CN': '在单独端口提供 /metrics',
      en: 'opens /metrics without a token on a port of its own',
    },
  },
  {
    name: 'MORTISE_METRICS_HOST',
    fallback: '127.0.0.1',
    meaning: { 'zh-CN': '该端口的监听地址', en: 'address of that port' },
  },
  {
    name: 'MORTISE_STOP_SECONDS',
    fallback: '10',
    meaning: {
      'zh-CN': '停止时等待运行中请求的秒数',
      en: 'how long running requests may take when it stops',
    },
  },
  {
    name: 'MORTISE_SMTP_URL',
    fallback: '',
    secret: true,
    meaning: {
      'zh-CN': '邮件服务器,如 smtp://用户:密码@主机:587;不设则不发邮件',
      en: 'mail server, smtp://user:password@host:587; absent: no mail',
    },
  },
  {
    name: 'MORTISE_MAIL_FROM',
    fallback: 'Mortise <mortise@localhost>',
    meaning: { 'zh-CN': '发件人', en: 'sender of mails' },
  },
  {
    name: 'MORTISE_PUBLIC_URL',
    fallback: 'http://HOST:PORT',
    meaning: { 'zh-CN': '邮件中链接的地址', en: 'address of the product in the links of mails' },
  },
  {
    name: 'MORTISE_WEBHOOK_HOSTS',
    fallback: '',
    meaning: {
      'zh-CN': '允许 Webhook 发送到的内部主机(可带端口),以逗号分隔',
      en: 'internal hosts, with port or without, that webhooks may reach; separated by commas',
    },
  },
  {
    name: 'MORTISE_CHROMIUM',
    fallback: '',
    meaning: { 'zh-CN': '生成 PDF 的 Chromium 路径', en: 'Chromium that makes PDFs; absent: looked for' },
  },
  {
    name: 'MORTISE_LOG',
    fallback: '',
    internal: true,
    meaning: { 'zh-CN': 'MORTISE_LOG_LEVEL 的旧名', en: 'older name of MORTISE_LOG_LEVEL' },
  },
  {
    name: 'MORTISE_FAILPOINT',
    fallback: '',
    internal: true,
    meaning: { 'zh-CN': '故障点', en: 'failpoint of a test' },
  },
  {
    name: 'MORTISE_DEV_SERVER',
    fallback: '',
    internal: true,
    meaning: { 'zh-CN': '开发', en: 'for developers' },
  },
];
