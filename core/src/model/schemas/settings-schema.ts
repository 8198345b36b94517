import type { JsonSchema } from '../../fields/field-type.ts';
import { publish } from './publish.ts';
import { closed, described, flag, LABEL, mapOf, NAME, oneOf, setOf } from './vocabulary.ts';

function whole(minimum: number, maximum: number, description: string): JsonSchema {
  return { type: 'integer', minimum, maximum, description };
}

function limit(description: string): JsonSchema {
  return { oneOf: [{ type: 'integer', minimum: 0 }, { const: 'unlimited' }], description };
}

function quota(description: string): JsonSchema {
  const limits = {
    perJob: limit('每次最多条数 / Most records at once'),
    perDay: limit('每人每天最多条数 / Most records a person and day'),
  };
  return closed(
    {
      ...limits,
      roles: mapOf(
        NAME,
        closed(limits),
        '角色→其限额,多个角色取最宽的 / Role → its limits; of several, the widest',
      ),
    },
    [],
    description,
  );
}

const DATE = '^\\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\\d|3[01])$';

function businessHours(): JsonSchema {
  const time = { type: 'string', pattern: '^(?:[01]\\d|2[0-3]):[0-5]\\d$' };
  const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];
  return closed(
    {
      weekdays: closed(
        Object.fromEntries(weekdays.map((day) => [day, { type: 'boolean' }])),
        [],
        '每周的工作日 / Weekdays on which work is done',
      ),
      hours: mapOf(
        NAME,
        closed({ from: time, to: time }, ['from', 'to']),
        '每天的工作时段 / Working hours of a day',
      ),
      holidays: mapOf(DATE, LABEL, '节假日:日期→名称 / Holidays: date → name'),
      makeUpDays: mapOf(DATE, LABEL, '调休上班日:日期→说明 / Days worked instead: date → why'),
    },
    ['weekdays', 'hours'],
    '工作时间,期限可按其计算;不写则周一至周五 9–18 时 / Working hours, which deadlines may count; absent: Monday to Friday, 9 to 18',
  );
}

/** Schema of the one settings document, `installation`. */
export function settingsSchema(): JsonSchema {
  return publish('settings', {
    title: '设置 / Settings',
    description: '本系统的基本设置 / Settings of the installation',
    name: { const: 'installation' },
    required: ['productName', 'timeZone', 'currency', 'locale'],
    properties: {
      productName: described(LABEL, '产品名,显示为“<名称>CRM” / Shown as "<name>CRM"'),
      timeZone: {
        type: 'string',
        pattern: '^[A-Za-z][A-Za-z0-9_+/-]{1,59}$',
        description: 'IANA 时区,如 Asia/Shanghai / IANA name of the business time zone',
      },
      currency: {
        type: 'string',
        pattern: '^[A-Z]{3}$',
        description: '默认币种,如 CNY / Default currency, ISO 4217',
      },
      locale: oneOf(['zh-CN', 'en'], '默认语言 / Default language'),
      quotas: closed(
        {
          print: quota('打印 / Printing'),
          export: quota('导出 / Exporting'),
          mail: quota('群发邮件 / Mass mail'),
        },
        [],
        '打印、导出、群发的限额;不写则不限 / Limits of what leaves the system; absent: none',
      ),
      passwords: closed(
        {
          minLength: whole(8, 100, '最少字符数,默认 8 / Fewest characters, default 8'),
          classes: whole(1, 4, '小写、大写、数字、其他至少几类 / How many kinds of characters, default 1'),
          refuseName: flag(
            '不能含有用户名,默认仅不能与其相同 / Nor may it contain the user name, default false',
          ),
          refuseCommon: flag('拒绝常见密码,默认是 / Refuse well-known ones, default true'),
          history: whole(0, 24, '不能与最近几个相同 / How many former ones may not be taken again'),
          maxAgeDays: whole(0, 3650, '多少天后须修改,0 为不限 / Days until it must be changed; 0: never'),
        },
        [],
        '密码规则 / What a password must be',
      ),
      networks: closed(
        {
          roles: mapOf(
            NAME,
            setOf('^[0-9A-Fa-f.:]{2,45}/\\d{1,3}$', '网段,如 10.0.0.0/8 / Networks, e.g. 10.0.0.0/8'),
            '角色→允许的网段 / Role → networks from which it may be used',
          ),
        },
        [],
        '允许使用的网络 / From where accounts may be used',
      ),
      businessHours: businessHours(),
    },
  });
}
